package presence.load.storm;

import java.net.URI;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import presence.load.process.Operator;
import presence.load.process.PostgresServer;
import presence.load.process.ThreeNodes;

/// What a [Disaster] can do: to which cluster, under which crowd.
final class Scene {
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final ThreeNodes nodes;
  private final PostgresServer postgres;
  private final Operator operator;
  private final Gathering gathering;
  private final Guest victim;

  Scene(
      ThreeNodes nodes,
      PostgresServer postgres,
      Operator operator,
      Gathering gathering,
      Guest victim) {
    this.nodes = nodes;
    this.postgres = postgres;
    this.operator = operator;
    this.gathering = gathering;
    this.victim = victim;
  }

  ThreeNodes nodes() {
    return nodes;
  }

  PostgresServer postgres() {
    return postgres;
  }

  /// The client whose socket, session or instance is meant.
  Guest victim() {
    return victim;
  }

  int node(Guest guest) {
    return guest.node();
  }

  int holder(String kind, String id) {
    return nodes.index(operator.holder(anyUrl(), kind, id));
  }

  int coordinator() {
    return nodes.index(operator.coordinator(anyUrl()));
  }

  private URI anyUrl() {
    return nodes.url(0);
  }

  /// Writes down what was just done.
  void mark(String what, int node) {
    gathering.mark(what, node < 0 ? null : nodes.name(node));
  }

  /// Waits until everyone heard what was said after this call.
  void awaitFlow() {
    gathering.awaitFlow();
  }

  void pause(Duration time) {
    await(time, () -> false);
  }

  /// Whether it holds before the time is over.
  static boolean await(Duration time, BooleanSupplier holds) {
    long end = System.nanoTime() + time.toNanos();
    try {
      while (!holds.getAsBoolean()) {
        if (System.nanoTime() > end) {
          return false;
        }
        Thread.sleep(LOOK_EVERY);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
