package presence.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.cluster.Formation;
import presence.store.Journal;
import presence.testkit.Postgres;

/// At most one cluster lives on a journal, whatever its nodes were told of each other.
@Timeout(120)
class LivingClusterTest {
  private static final long DEAD = 7;
  private static final NodeConfig MEMORY = NodeConfig.load(Map.of("PRESENCE_JOURNAL", "memory"));

  private final String journal = Postgres.emptyDatabase();
  private final NodeConfig config =
      NodeConfig.load(
          Map.of(
              "PRESENCE_JOURNAL", journal,
              "PRESENCE_HTTP_PORT", "0",
              "PRESENCE_CLUSTER_PORT", "0"));

  @Test
  void aNodeIsSeenToLiveByASignThatChangesWithinTheLooks() {
    assertThat(addresses(LivingCluster.LOOKS)).containsExactly("pekko://presence@127.0.0.1:1");
    assertThat(addresses(LivingCluster.LOOKS + 1)).isEmpty();
  }

  /// Of a node whose sign is another from this look on.
  private static Set<String> addresses(int changesAt) {
    try (var memory = Journal.open(MEMORY.journal(), MEMORY.store(), new SecureRandom())) {
      var looks = new AtomicInteger();
      var facts = memory.facts();
      facts.lives(1, LivingCluster.sign("pekko://presence@127.0.0.1:1", 1));
      var living =
          new LivingCluster(
              () -> {
                if (looks.getAndIncrement() == changesAt) {
                  facts.lives(1, LivingCluster.sign("pekko://presence@127.0.0.1:1", 2));
                }
                return facts.signsOfLife();
              },
              Duration.ZERO);
      return living.addresses();
    }
  }

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
      journal.facts().lives(DEAD, LivingCluster.sign("pekko://presence@127.0.0.1:1", 1));
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

  @Test
  void aFirstSeedJoinsWhoeverLivesEvenIfItIsToldOfNoOther() throws IOException {
    try (var first = Node.open(config)) {
      start(first).join();
      var before = formation();

      try (var second = Node.open(onlySeed())) {
        start(second).join();
        assertThat(Outage.members(second)).isEqualTo(2);
        assertThat(formation()).isEqualTo(before);
      }
    }
  }

  /// A node that is its own and only seed.
  private NodeConfig onlySeed() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = String.valueOf(free.getLocalPort());
      return NodeConfig.load(
          Map.of(
              "PRESENCE_JOURNAL",
              journal,
              "PRESENCE_HTTP_PORT",
              "0",
              "PRESENCE_CLUSTER_PORT",
              port,
              "PRESENCE_SEEDS",
              "127.0.0.1:" + port));
    }
  }

  private static CompletableFuture<URI> start(Node node) {
    return node.start().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS);
  }

  private Formation formation() {
    try (var journal = journal()) {
      return journal.facts().formation().orElseThrow();
    }
  }

  private Map<Long, String> signs() {
    try (var journal = journal()) {
      return journal.facts().signsOfLife();
    }
  }

  private Journal journal() {
    return Journal.open(config.journal(), config.store(), new SecureRandom());
  }
}
