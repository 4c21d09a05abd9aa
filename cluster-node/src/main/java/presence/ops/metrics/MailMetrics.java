package presence.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import presence.user.Item;
import presence.user.MailEvent;
import presence.user.MailMeter;
import presence.user.Mailbox;

/// The mailboxes of a node.
public final class MailMetrics implements MailMeter {
  private final InstantSource clock;
  private final Map<String, Long> oldest = new ConcurrentHashMap<>();
  private final Counter accepted;
  private final Counter delivered;
  private final Counter expired;

  MailMetrics(MeterRegistry registry, InstantSource clock) {
    this.clock = clock;
    accepted =
        Counter.builder("presence.dm.accepted")
            .description("Direct messages that were taken in, and are durable")
            .register(registry);
    delivered = settled(registry, Item.Result.DELIVERED);
    expired = settled(registry, Item.Result.EXPIRED);
    Gauge.builder("presence.dm.waiting.mailboxes", oldest, Map::size)
        .description("Mailboxes of this node in which something waits")
        .register(registry);
    Gauge.builder("presence.dm.oldest", this, MailMetrics::oldestSeconds)
        .description("Age of the oldest that waits in a mailbox of this node; 0 = nothing does")
        .baseUnit("seconds")
        .register(registry);
  }

  private static Counter settled(MeterRegistry registry, Item.Result outcome) {
    return Counter.builder("presence.dm.settled")
        .description("Direct messages whose outcome is known: the recipient has it, or never came")
        .tag("outcome", Counters.word(outcome))
        .register(registry);
  }

  private double oldestSeconds() {
    long now = clock.millis();
    long first = oldest.values().stream().mapToLong(Long::longValue).min().orElse(now);
    return Math.max(0, now - first) / 1000.0;
  }

  public long totalAccepted() {
    return (long) accepted.count();
  }

  @Override
  public void happened(String owner, MailEvent event, Mailbox before, Mailbox now) {
    int outcomes = Math.max(0, now.owed().size() - before.owed().size());
    switch (event) {
      case MailEvent.Accepted _ -> accepted.increment();
      case MailEvent.Acknowledged _ -> delivered.increment(outcomes);
      case MailEvent.Expired _ -> expired.increment(outcomes);
      case MailEvent.Informed _, MailEvent.Reported _ -> {}
    }
    recovered(owner, now);
  }

  @Override
  public void recovered(String owner, Mailbox box) {
    box.oldestAt().ifPresentOrElse(at -> oldest.put(owner, at), () -> oldest.remove(owner));
  }

  @Override
  public void left(String owner) {
    oldest.remove(owner);
  }
}
