package presence.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import presence.cluster.ClusterSecrets;
import presence.cluster.Formation;

class FactsTest {

  private static final int NODES = 8;

  @Test
  @Timeout(30)
  void nodesThatStartAtTheSameMomentShareTheSecretsOfTheFirst() throws Exception {
    try (var journal = Journals.inMemory();
        var threads = Executors.newFixedThreadPool(NODES)) {
      var together = new CyclicBarrier(NODES);
      Callable<ClusterSecrets> node =
          () -> {
            together.await();
            return journal.facts().secrets();
          };

      var secrets = threads.invokeAll(Stream.generate(() -> node).limit(NODES).toList());

      for (var each : secrets) {
        assertThat(each.get()).isEqualTo(secrets.getFirst().get());
      }
    }
  }

  @Test
  void secretsAreTwoDifferentKeysAndSurviveARestart(@TempDir Path directory) {
    ClusterSecrets before;
    try (var journal = Journals.in(directory)) {
      before = journal.facts().secrets();
    }

    try (var journal = Journals.in(directory)) {
      assertThat(journal.facts().secrets()).isEqualTo(before);
    }
    assertThat(before.sessionIds()).isNotEqualTo(before.developmentTokens());
    assertThat(before.sessionIds().getEncoded()).hasSize(ClusterSecrets.KEY_BYTES);
  }

  @Test
  void anotherJournalHasOtherSecrets() {
    try (var one = Journals.inMemory();
        var other = Journals.inMemory()) {
      assertThat(one.facts().secrets()).isNotEqualTo(other.facts().secrets());
    }
  }

  @Test
  void theFormationIsThatOfTheLastNodeThatFormedACluster() {
    var first = new Formation(Instant.parse("2026-01-01T00:00:00.123456789Z"));
    var second = new Formation(Instant.parse("2026-01-02T00:00:00Z"));
    try (var journal = Journals.inMemory()) {
      assertThat(journal.facts().formation()).isEmpty();

      journal.facts().formed(first, 1);
      assertThat(journal.facts().formation()).contains(first);

      journal.facts().formed(second, 2);
      assertThat(journal.facts().formation()).contains(second);
    }
  }

  @Test
  void aFormationIsKnownFromTheNodesOfTheRunningClusterAndNotFromAnEarlierOne() {
    var first = new Formation(Instant.parse("2026-01-01T00:00:00Z"));
    var second = new Formation(Instant.parse("2026-01-02T00:00:00Z"));
    try (var journal = Journals.inMemory()) {
      var facts = journal.facts();
      facts.formed(first, -1);
      facts.joined(first, 2);
      assertThat(facts.formationOf(Set.of(-1L))).contains(first);
      assertThat(facts.formationOf(Set.of(7L, 2L))).contains(first);
      assertThat(facts.formationOf(Set.of(3L))).isEmpty();

      facts.formed(second, 3);

      assertThat(facts.formationOf(Set.of(-1L, 2L))).isEmpty();
      assertThat(facts.formationOf(Set.of(2L, 3L))).contains(second);
    }
  }

  @Test
  void aSignOfLifeIsTheLastOfItsNodeUntilItEndsOrAnotherClusterIsFormed() {
    try (var journal = Journals.inMemory()) {
      var facts = journal.facts();
      assertThat(facts.signsOfLife()).isEmpty();

      facts.lives(-1, "10");
      facts.lives(2, "20");
      facts.lives(-1, "11");
      assertThat(facts.signsOfLife()).isEqualTo(Map.of(-1L, "11", 2L, "20"));

      facts.ends(2);
      assertThat(facts.signsOfLife()).isEqualTo(Map.of(-1L, "11"));

      facts.lives(3, "30");
      facts.formed(new Formation(Instant.EPOCH), 3);
      assertThat(facts.signsOfLife()).isEqualTo(Map.of(3L, "30"));
    }
  }
}
