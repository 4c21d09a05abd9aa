package presence.load.storm;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import presence.load.process.Operator;
import presence.load.process.PostgresServer;
import presence.load.process.ThreeNodes;
import presence.load.record.Line;
import presence.load.record.Recorder;

/// What a [Disaster] can do: to which cluster, under which crowd.
final class Scene {
  private static final Duration FLOW_MAX = Duration.ofSeconds(90);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final ThreeNodes nodes;
  private final PostgresServer postgres;
  private final Operator operator;
  private final Crowd crowd;
  private final Recorder marks;
  private final Guest victim;

  Scene(
      ThreeNodes nodes,
      PostgresServer postgres,
      Operator operator,
      Crowd crowd,
      Recorder marks,
      Guest victim) {
    this.nodes = nodes;
    this.postgres = postgres;
    this.operator = operator;
    this.crowd = crowd;
    this.marks = marks;
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
    @Nullable String name = node < 0 ? null : nodes.name(node);
    marks.write(at -> new Line.Mark(at, what, name));
  }

  /// Waits until everyone heard what was said after this call.
  void awaitFlow() {
    long now = InstantSource.system().millis();
    if (!await(FLOW_MAX, () -> crowd.heardSince(now))) {
      mark("no flow", -1);
    }
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
