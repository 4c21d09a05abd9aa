package presence.ops;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.sharding.ClusterSharding;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.ShardRegion.ShardRegionStats;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.pattern.Patterns;
import org.jspecify.annotations.Nullable;
import presence.ops.metrics.ShardMetrics;

/// Looks every few seconds which shards the node has: sharding tells nobody when one moves.
public final class ShardWatch extends AbstractBehavior<ShardWatch.Command> {
  private static final Duration EVERY = Duration.ofSeconds(5);

  /// A region answers from memory, or after its shards did: longer than they are given.
  private static final Duration REGION_ANSWERS = Duration.ofSeconds(4);

  public sealed interface Command {}

  private enum Tick implements Command {
    LOOK
  }

  /// What the region of a kind answered; nothing = it did not.
  private record Seen(String kind, @Nullable ShardRegionStats region) implements Command {}

  private final Map<String, EntityTypeKey<?>> kinds;
  private final ClusterSharding sharding;
  private final ShardMetrics metrics;

  /// Watches the shards of these kinds of entities, whose regions have been started.
  public static Behavior<Command> create(
      Map<String, EntityTypeKey<?>> kinds, ShardMetrics metrics) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          timers.startTimerWithFixedDelay(Tick.LOOK, Duration.ZERO, EVERY);
          return new ShardWatch(kinds, metrics, context);
        }));
  }

  private ShardWatch(
      Map<String, EntityTypeKey<?>> kinds, ShardMetrics metrics, ActorContext<Command> context) {
    super(context);
    this.kinds = kinds;
    this.sharding = ClusterSharding.get(Adapter.toClassic(context.getSystem()));
    this.metrics = metrics;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Tick _ -> kinds.forEach(this::look);
      case Seen(String kind, ShardRegionStats region) -> {
        if (region != null) {
          metrics.holds(kind, shards(region));
        }
      }
    }
    return this;
  }

  /// Asks for numbers. Sharding's typed queries give the name of every entity, or ask all nodes.
  private void look(String kind, EntityTypeKey<?> key) {
    CompletionStage<Object> answer =
        Patterns.ask(
            sharding.shardRegion(key.name()), ShardRegion.getRegionStatsInstance(), REGION_ANSWERS);
    getContext().pipeToSelf(answer, (region, failure) -> new Seen(kind, (ShardRegionStats) region));
  }

  private static Set<String> shards(ShardRegionStats region) {
    return Stream.concat(region.getStats().keySet().stream(), region.getFailed().stream())
        .collect(Collectors.toSet());
  }
}
