package presence.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import presence.cluster.Instruments;

/// The writes of a node to the journal.
final class WriteMetrics implements Instruments.WriteMeter {
  private final Timer latency;
  private final Counter failures;

  WriteMetrics(MeterRegistry registry) {
    latency =
        Timer.builder("presence.persist")
            .description("From the moment an entity asks for a write until it is durable")
            .serviceLevelObjectives(
                Durations.millis(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000))
            .register(registry);
    failures =
        Counter.builder("presence.persist.failures")
            .description("Writes that failed, or of which nobody knows")
            .register(registry);
  }

  @Override
  public void wrote(long nanos, boolean succeeded) {
    latency.record(nanos, TimeUnit.NANOSECONDS);
    if (!succeeded) {
      failures.increment();
    }
  }
}
