package presence.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.cluster.Formation;
import presence.store.Journal;
import presence.testkit.Postgres;

/// At most one cluster lives on a journal, whatever its nodes were told of each other.
@Timeout(120)
class LivingClusterTest {
  private static final long DEAD = 7;

  private final NodeConfig config =
      NodeConfig.load(
          Map.of(
              "PRESENCE_JOURNAL", Postgres.emptyDatabase(),
              "PRESENCE_HTTP_PORT", "0",
              "PRESENCE_CLUSTER_PORT", "0"));

  @Test
  void aNodeThatKnowsNobodyWaitsForTheEndOfThoseThatLiveOnItsJournal() {
    try (var second = Node.open(config)) {
      CompletableFuture<URI> started;
      Formation before;
      try (var first = Node.open(config)) {
        start(first).join();
        before = formation();
        started = start(second);
        await().until(() -> waitsForOthers(second));
      }

      started.join();
      assertThat(formation().formedAt()).isAfter(before.formedAt());
    }
    assertThat(signs()).isEmpty();
  }

  @Test
  void aNodeThatIsStoppedWhileItWaitsForOthersEnds() {
    try (var first = Node.open(config)) {
      start(first).join();
      var before = formation();

      try (var second = Node.open(config)) {
        var _ = start(second);
        await().until(() -> waitsForOthers(second));
      }

      assertThat(formation()).isEqualTo(before);
      assertThat(signs()).hasSize(1);
    }
  }

  @Test
  void whatDiedIsNotWaitedFor() {
    try (var journal = journal()) {
      journal.facts().formed(new Formation(Instant.EPOCH), DEAD);
      journal.facts().lives(DEAD, 1);
    }

    try (var node = Node.open(config)) {
      start(node).join();

      await().untilAsserted(() -> assertThat(signs()).hasSize(1).doesNotContainKey(DEAD));
      var sign = signs();
      await().untilAsserted(() -> assertThat(signs()).isNotEqualTo(sign));
    }
  }

  private static boolean waitsForOthers(Node node) {
    return node.waitsFor().toString().contains("the nodes that live on this journal");
  }

  private static CompletableFuture<URI> start(Node node) {
    return node.start().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS);
  }

  private Formation formation() {
    try (var journal = journal()) {
      return journal.facts().formation().orElseThrow();
    }
  }

  private Map<Long, Long> signs() {
    try (var journal = journal()) {
      return journal.facts().signsOfLife();
    }
  }

  private Journal journal() {
    return Journal.open(config.journal(), config.store(), new SecureRandom());
  }
}
