package presence.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import presence.session.EndReason;
import presence.session.Lease;
import presence.session.SessionEvent;
import presence.session.SessionMeter;

/// The sessions of a node.
///
/// How many there are is the size of what is known of each, and not a number that goes up and down:
/// one step that was counted twice, or not at all, would be wrong for ever.
public final class SessionMetrics implements SessionMeter {
  private final Map<String, Lease> leases = new ConcurrentHashMap<>();
  private final Counter opened;
  private final Counter silent;
  private final Counter reclaimed;
  private final Counters<EndReason> ended;
  private final Counters<Limited> limited;
  private final Counters<Unsaid> unsaid;

  SessionMetrics(MeterRegistry registry) {
    Gauge.builder("presence.sessions", this, each -> each.in(Lease.Online.class))
        .description("Sessions on this node: online, or in their grace")
        .tag("state", "online")
        .register(registry);
    Gauge.builder("presence.sessions", this, each -> each.in(Lease.Leased.class))
        .description("Sessions on this node: online, or in their grace")
        .tag("state", "grace")
        .register(registry);
    opened =
        Counter.builder("presence.sessions.opened")
            .description("Sessions that began")
            .register(registry);
    silent =
        Counter.builder("presence.reattaches")
            .description("Clients that came back: to their session, which nobody saw; or too late")
            .tag("kind", "silent")
            .register(registry);
    reclaimed =
        Counter.builder("presence.reclaims")
            .description("Sessions in grace whose connection stood after all")
            .register(registry);
    ended =
        Counters.of(
            List.of(EndReason.values()),
            "presence.sessions.ended",
            "Sessions that ended, by why",
            "reason",
            registry);
    limited =
        Counters.of(
            List.of(Limited.values()),
            "presence.rate.limited",
            "What sessions wanted to do too often",
            "what",
            registry);
    unsaid =
        Counters.of(
            List.of(Unsaid.values()),
            "presence.unsaid",
            "Messages that were not passed on, by why; unjudged: the word filter failed",
            "why",
            registry);
  }

  @Override
  public void stepped(String session, SessionEvent step, Lease now) {
    leases.put(session, now);
    switch (step) {
      case SessionEvent.Opened _ -> opened.increment();
      case SessionEvent.Attached _ -> silent.increment();
      case SessionEvent.Reclaimed _ -> reclaimed.increment();
      case SessionEvent.Ending ending -> ended.increment(ending.reason());
      default -> {}
    }
  }

  @Override
  public void recovered(String session, Lease lease) {
    leases.put(session, lease);
  }

  @Override
  public void left(String session) {
    leases.remove(session);
  }

  @Override
  public void limited(Limited what) {
    limited.increment(what);
  }

  @Override
  public void unsaid(Unsaid why) {
    unsaid.increment(why);
  }

  /// How many sessions of this node are in this phase.
  private long in(Class<? extends Lease.Phase> phase) {
    return leases.values().stream().filter(lease -> phase.isInstance(lease.phase())).count();
  }

  public long totalOpened() {
    return (long) opened.count();
  }

  public long totalReattached() {
    return (long) silent.count();
  }

  public long totalEnded() {
    return ended.total();
  }

  public long online() {
    return in(Lease.Online.class);
  }

  public long inGrace() {
    return in(Lease.Leased.class);
  }
}
