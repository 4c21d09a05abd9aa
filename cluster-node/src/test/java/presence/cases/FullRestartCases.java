package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// All nodes of a cluster are gone at once, and start again on the same journal.
@OnThreeNodes
@Timeout(150)
class FullRestartCases {
  private static final long GRACE_MS = 25_000;
  private static final long RECLAIM_WAIT_MS = 1_000;

  @Test
  @DisplayName("20, R1: all die; the others wait for the first seed; every lease counts from then")
  void leasesAreHonouredFromTheFormationOfTheNewCluster() {
    try (TestCluster cluster =
        TestCluster.ofThree(
            "PRESENCE_GRACE=" + GRACE_MS + "ms",
            "PRESENCE_SESSION_RECLAIM_WAIT=" + RECLAIM_WAIT_MS + "ms")) {
      cluster.start();
      String lobby = TestNode.unique("chat-lobby");
      TestClient ann = cluster.person("ann", cluster.node(0)).joins(lobby);
      TestClient bob = cluster.person("bob", cluster.node(1)).joins(lobby);
      TestClient dora = cluster.person("dora", cluster.node(2)).joins(lobby);
      bob.seesOnline(ann).seesOnline(dora).listens();

      cluster.nodes().forEach(cluster::dies);
      ann.isLost();
      bob.isLost();
      CompletableFuture<Void> others =
          CompletableFuture.allOf(
              Story.later(0, cluster.node(1)::start), Story.later(0, cluster.node(2)::start));
      waitsForTheFirst(cluster);
      long formedAfter = System.currentTimeMillis();
      cluster.node(0).start();
      others.join();

      assertThat(bob.comesBack().resumed()).isTrue();
      assertThat(ann.comesBack().resumed()).isTrue();
      long left =
          bob.hearsLeaveOf(dora, Transcript.PATIENCE.plusMillis(RECLAIM_WAIT_MS + GRACE_MS));
      assertThat(left - formedAfter).isGreaterThanOrEqualTo(GRACE_MS);
      assertThat(bob.heardAbout(dora)).containsExactly("left");
      assertThat(bob.heardAbout(ann)).isEmpty();
    }
  }

  private static void waitsForTheFirst(TestCluster cluster) {
    TestNode second = cluster.node(1);
    await()
        .atMost(Transcript.PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> {
          Http.Answer ready = second.get("/health/ready");
          assertThat(ready.status()).isEqualTo(503);
          assertThat(ready.body()).contains("a cluster to join, which 127.0.0.1:");
        });
  }
}
