package presence.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
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
  private final Map<EndReason, Counter> ended = new EnumMap<>(EndReason.class);
  private final Map<Limited, Counter> limited = new EnumMap<>(Limited.class);
  private final Map<Unsaid, Counter> unsaid = new EnumMap<>(Unsaid.class);

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
    for (EndReason reason : EndReason.values()) {
      Counter counter =
          Counter.builder("presence.sessions.ended")
              .description("Sessions that ended, by why")
              .tag("reason", word(reason))
              .register(registry);
      ended.put(reason, counter);
    }
    for (Limited what : Limited.values()) {
      Counter counter =
          Counter.builder("presence.rate.limited")
              .description("What sessions wanted to do too often")
              .tag("what", word(what))
              .register(registry);
      limited.put(what, counter);
    }
    for (Unsaid why : Unsaid.values()) {
      Counter counter =
          Counter.builder("presence.unsaid")
              .description(
                  "Messages that were not passed on, by why; unjudged: the word filter failed")
              .tag("why", word(why))
              .register(registry);
      unsaid.put(why, counter);
    }
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void stepped(String session, SessionEvent step, Lease now) {
    leases.put(session, now);
    switch (step) {
      case SessionEvent.Opened _ -> opened.increment();
      case SessionEvent.Attached _ -> silent.increment();
      case SessionEvent.Reclaimed _ -> reclaimed.increment();
      case SessionEvent.Ending ending -> count(ended, ending.reason());
      default -> {}
    }
  }

  private static <E extends Enum<E>> void count(Map<E, Counter> counters, E what) {
    Counter counter = counters.get(what);
    if (counter != null) {
      counter.increment();
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
    count(limited, what);
  }

  @Override
  public void unsaid(Unsaid why) {
    count(unsaid, why);
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
    return (long) ended.values().stream().mapToDouble(Counter::count).sum();
  }

  public long online() {
    return in(Lease.Online.class);
  }

  public long inGrace() {
    return in(Lease.Leased.class);
  }
}
