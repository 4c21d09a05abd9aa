package presence.ops;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import presence.instance.InstanceMeter;
import presence.ops.metrics.Metrics;
import presence.session.SessionMeter;

/// Everything that a node observes of itself: what Prometheus reads, and what is worth showing by
/// name.
public record Observations(
    Build build,
    Instant startedAt,
    InstantSource clock,
    BooleanSupplier draining,
    Metrics metrics,
    RecentEnds recentEnds,
    SlowFlushes slowFlushes) {
  private static final int ENDS = 50;
  private static final int SLOW = 10;
  private static final Duration LATELY = Duration.ofMinutes(10);

  /// Those of a node that starts now.
  public static Observations of(
      Build build, InstantSource clock, BooleanSupplier draining, Metrics metrics) {
    return new Observations(
        build,
        clock.instant(),
        clock,
        draining,
        metrics,
        new RecentEnds(ENDS),
        new SlowFlushes(SLOW, LATELY, clock));
  }

  /// What the sessions of the node report to.
  public SessionMeter sessionMeter() {
    return metrics.sessions().and(recentEnds).and(new SessionLog());
  }

  /// What the instances of the node report to.
  public InstanceMeter instanceMeter() {
    return metrics.instances().and(slowFlushes);
  }

  NodeReport.Sessions sessions() {
    return new NodeReport.Sessions(
        metrics.sessions().online(), metrics.sessions().inGrace(), metrics.gateway().sockets());
  }

  NodeReport.Sample sample() {
    return new NodeReport.Sample(
        clock.millis(),
        metrics.sessions().totalOpened(),
        metrics.sessions().totalReattached(),
        metrics.sessions().totalEnded(),
        metrics.instances().totalChanges(),
        metrics.instances().totalMessages(),
        metrics.mail().totalAccepted());
  }
}
