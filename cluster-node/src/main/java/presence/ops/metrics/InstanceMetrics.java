package presence.ops.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import presence.instance.Change;
import presence.instance.InstanceMeter;
import presence.protocol.Counts;
import presence.protocol.Position;
import presence.protocol.ServerMessage;

/// The instances of a node.
public final class InstanceMetrics implements InstanceMeter {

  /// Why everybody in an instance sees something.
  private enum Cause {
    JOINED,
    LEFT,
    HERE,
    AWAY,
    RENAMED,
    COUNTS,
    MESSAGE
  }

  /// How an instance stands.
  public record Standing(Position at, Counts counts) {}

  private final Map<String, Standing> standings = new ConcurrentHashMap<>();
  private final Counters<Cause> visible;
  private final DistributionSummary words;
  private final Timer delay;
  private final DistributionSummary lag;

  InstanceMetrics(MeterRegistry registry) {
    Gauge.builder("presence.instances", standings, Map::size)
        .description("Instances in the memory of this node")
        .register(registry);
    Gauge.builder("presence.instance.sessions", this, InstanceMetrics::seats)
        .description("Memberships of sessions in the instances of this node")
        .register(registry);
    visible =
        Counters.of(
            List.of(Cause.values()),
            "presence.visible.changes",
            "What everybody in an instance is told, by what it is",
            "cause",
            registry);
    words =
        DistributionSummary.builder("presence.flush.words")
            .description("Words of sessions and messages in one flush")
            .serviceLevelObjectives(1, 3, 10, 30, 100, 300, 1000)
            .register(registry);
    delay =
        Timer.builder("presence.flush.delay")
            .description("From the first word of a flush until all of it is durable")
            .serviceLevelObjectives(
                Durations.millis(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000))
            .register(registry);
    lag =
        DistributionSummary.builder("presence.relay.lag.changes")
            .description("How many changes a relay was behind when it gave a sign of life")
            .serviceLevelObjectives(1, 10, 100, 1000, 10000)
            .register(registry);
  }

  private double seats() {
    return standings.values().stream().mapToInt(each -> each.counts().sessions()).sum();
  }

  @Override
  public void flushed(String instance, Flush flush) {
    words.record(flush.words());
    delay.record(flush.delay());
    for (Change change : flush.changes()) {
      switch (change) {
        case Change.People people -> count(people.delta());
        case Change.Message _ -> visible.increment(Cause.MESSAGE, 1);
      }
    }
  }

  private void count(ServerMessage.Delta delta) {
    int sets =
        delta.joined().size()
            + delta.left().size()
            + delta.here().size()
            + delta.away().size()
            + delta.renamed().size();
    visible.increment(Cause.JOINED, delta.joined().size());
    visible.increment(Cause.LEFT, delta.left().size());
    visible.increment(Cause.HERE, delta.here().size());
    visible.increment(Cause.AWAY, delta.away().size());
    visible.increment(Cause.RENAMED, delta.renamed().size());
    visible.increment(Cause.COUNTS, sets == 0 ? 1 : 0);
  }

  @Override
  public void stands(String instance, Position at, Counts counts) {
    standings.put(instance, new Standing(at, counts));
  }

  @Override
  public void left(String instance) {
    standings.remove(instance);
  }

  @Override
  public void lags(long changes) {
    lag.record((double) changes);
  }

  /// What everybody in an instance was told, messages apart.
  public long totalChanges() {
    return visible.total() - totalMessages();
  }

  public long totalMessages() {
    return visible.count(Cause.MESSAGE);
  }

  /// How each instance of this node stands.
  public Map<String, Standing> standings() {
    return Map.copyOf(standings);
  }
}
