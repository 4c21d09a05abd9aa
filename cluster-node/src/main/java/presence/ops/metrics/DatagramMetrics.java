package presence.ops.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import presence.gateway.Traffic;
import presence.gateway.Traffic.Drop;

/// The datagrams of a node; none where it takes none.
public final class DatagramMetrics {
  private volatile Supplier<Traffic> traffic = () -> Traffic.NONE;

  DatagramMetrics(MeterRegistry registry) {
    received(registry, "accepted", Traffic::accepted);
    for (Drop why : Drop.values()) {
      received(
          registry,
          why.name().toLowerCase(Locale.ROOT),
          now -> now.dropped().getOrDefault(why, 0L));
    }
    sent(registry, "taken", Traffic::sent);
    sent(registry, "lost", Traffic::unsent);
    FunctionCounter.builder(
            "presence.datagrams.sent.bytes", this, each -> each.count(Traffic::sentBytes))
        .description("Datagrams for clients that the network took, in bytes")
        .register(registry);
  }

  private void received(MeterRegistry registry, String outcome, ToDoubleFunction<Traffic> count) {
    FunctionCounter.builder("presence.datagrams.received", this, each -> each.count(count))
        .description("Datagrams that came: accepted, or why they were dropped")
        .tag("outcome", outcome)
        .register(registry);
  }

  private void sent(MeterRegistry registry, String outcome, ToDoubleFunction<Traffic> count) {
    FunctionCounter.builder("presence.datagrams.sent", this, each -> each.count(count))
        .description("Datagrams for clients: taken by the network, or lost here already")
        .tag("outcome", outcome)
        .register(registry);
  }

  private double count(ToDoubleFunction<Traffic> what) {
    return what.applyAsDouble(traffic.get());
  }

  /// Says who counts them.
  public void counts(Supplier<Traffic> counted) {
    traffic = counted;
  }
}
