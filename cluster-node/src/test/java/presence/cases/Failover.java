package presence.cases;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Measures, in one process, how long instances stand still when a node of three is lost: prints a
/// line per run. Everybody who speaks has a socket on a node that lives, so that nothing but the
/// cluster is waited for.
///
/// Arguments: how many runs, and `killed`, `oldest` (killed; the coordinators were there) or
/// `cut-off`. Pekko's settings are taken from system properties.
final class Failover {
  private static final int ROOMS = 60;
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private Failover() {}

  public static void main(String[] args) {
    for (int run = 0; run < Integer.parseInt(args[0]); run++) {
      try (TestCluster cluster = TestCluster.ofThree().start()) {
        System.out.println(args[1] + ": " + run(cluster, args[1]));
      }
    }
    System.exit(0);
  }

  private static String run(TestCluster cluster, String how) {
    List<TestClient> speakers = new ArrayList<>();
    List<TestClient> hearers = new ArrayList<>();
    TestNode lost = how.equals("oldest") ? cluster.node(0) : cluster.node(2);
    List<TestNode> others = cluster.othersThan(lost);
    for (int i = 0; i < ROOMS; i++) {
      String room = TestNode.unique("room");
      hearers.add(cluster.person("hearer", others.get(i % 2)).joins(room));
      speakers.add(cluster.person("speaker", others.get((i + 1) % 2)).joins(room));
      speakers.getLast().says("before");
    }
    long start = System.nanoTime();
    if (how.equals("cut-off")) {
      cluster.cutsOff(lost);
    } else {
      cluster.dies(lost);
    }
    List<CompletableFuture<Long>> silences = new ArrayList<>();
    for (int i = 0; i < ROOMS; i++) {
      silences.add(silence(speakers.get(i), hearers.get(i), start));
    }
    List<Long> millis = silences.stream().map(CompletableFuture::join).sorted().toList();
    List<Long> affected = millis.stream().filter(each -> each > 2_000).toList();
    return affected.isEmpty()
        ? "nobody noticed"
        : "%d of %d stood still, p50 %.1f s, max %.1f s"
            .formatted(
                affected.size(),
                millis.size(),
                affected.get(affected.size() / 2) / 1e3,
                affected.getLast() / 1e3);
  }

  /// How long after the start what somebody says reaches the other.
  private static CompletableFuture<Long> silence(
      TestClient speaker, TestClient hearer, long start) {
    return CompletableFuture.supplyAsync(
        () -> {
          var said = speaker.client().say(speaker.home(), "after");
          hearer.heard("after", LONGEST);
          said.join();
          return Duration.ofNanos(System.nanoTime() - start).toMillis();
        },
        task -> Thread.ofVirtual().start(task));
  }
}
