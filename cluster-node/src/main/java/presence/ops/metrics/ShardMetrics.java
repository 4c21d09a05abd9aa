package presence.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The shards of a node, as a [presence.ops.ShardWatch] sees them.
public final class ShardMetrics {
  private final MeterRegistry registry;
  private final Map<String, Set<String>> held = new ConcurrentHashMap<>();
  private final Counter came;
  private final Counter went;

  ShardMetrics(MeterRegistry registry) {
    this.registry = registry;
    came = moves(registry, "in");
    went = moves(registry, "out");
  }

  private static Counter moves(MeterRegistry registry, String direction) {
    return Counter.builder("presence.shard.moves")
        .description("Shards that came to this node, or left it")
        .tag("direction", direction)
        .register(registry);
  }

  /// Says which shards of this kind of entity the node has.
  public void holds(String kind, Set<String> shards) {
    Set<String> before = held.put(kind, shards);
    if (before == null) {
      Gauge.builder("presence.shards", held, each -> each.getOrDefault(kind, Set.of()).size())
          .description("Shards of this node, by the kind of their entities")
          .tag("kind", kind)
          .register(registry);
    }
    Set<String> known = before == null ? Set.of() : before;
    came.increment(without(shards, known));
    went.increment(without(known, shards));
  }

  private static double without(Set<String> some, Set<String> others) {
    return (double) some.stream().filter(each -> !others.contains(each)).count();
  }

  /// How many shards of each kind the node has.
  public Map<String, Set<String>> held() {
    return Map.copyOf(held);
  }
}
