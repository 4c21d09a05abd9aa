package presence.load.across;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import presence.load.Percentiles;
import presence.load.Report;
import presence.load.Rest;
import presence.load.Swarm;
import presence.load.Wording;
import presence.load.process.ThreeNodes;

/// Where the parts are played: three nodes, and the thread of all clients.
///
/// @param wording for that thread only
public record Stage(ThreeNodes nodes, Swarm swarm, Wording wording, Report report) {
  private static final long LOOK_EVERY_MS = 50;

  URI url(int node) {
    return nodes.url(node);
  }

  /// Development tokens of the persons `@PREFIX-0`, `@PREFIX-1`, …
  List<String> tokens(String prefix, int count) {
    try (Rest rest = new Rest(url(ThreeNodes.COUNT - 1))) {
      return rest.tokens(prefix, count);
    }
  }

  /// How many of these instances list another number of people than this.
  long wrongLists(List<String> instances, int people) {
    try (Rest rest = new Rest(url(ThreeNodes.COUNT - 1))) {
      return instances.stream().filter(each -> rest.roster(each).online().size() != people).count();
    }
  }

  /// Does something on the thread of the clients, and waits until it is done.
  void onSwarm(Runnable task) {
    CompletableFuture.runAsync(task, swarm::run).join();
  }

  /// Whether it holds in this time; asked on the thread of the clients.
  boolean await(Duration patience, BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      if (CompletableFuture.supplyAsync(holds::getAsBoolean, swarm::run).join()) {
        return true;
      }
      if (System.nanoTime() > end) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
    }
  }

  /// For people: how times are spread.
  static String spread(Percentiles nanos) {
    return "p50 %.1f ms, p99 %.1f, max %.1f"
        .formatted(nanos.at(50) / 1e6, nanos.at(99) / 1e6, nanos.max() / 1e6);
  }

  /// For people: the processor time that the nodes used.
  static String cores(Duration cpu, long nanos) {
    return "%.2f cores".formatted((double) cpu.toNanos() / nanos);
  }
}
