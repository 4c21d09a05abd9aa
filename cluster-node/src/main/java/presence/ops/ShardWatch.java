package presence.ops;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.ShardRegion.ShardState;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
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
  private record Seen(String kind, @Nullable CurrentShardRegionState region) implements Command {}

  private final Map<String, EntityTypeKey<?>> kinds;
  private final ActorRef<ClusterShardingQuery> regions;
  private final ShardMetrics metrics;

  /// Watches the shards of these kinds of entities, whose regions have been started.
  public static Behavior<Command> create(
      Map<String, EntityTypeKey<?>> kinds,
      ActorRef<ClusterShardingQuery> regions,
      ShardMetrics metrics) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          timers.startTimerWithFixedDelay(Tick.LOOK, Duration.ZERO, EVERY);
          return new ShardWatch(kinds, regions, metrics, context);
        }));
  }

  private ShardWatch(
      Map<String, EntityTypeKey<?>> kinds,
      ActorRef<ClusterShardingQuery> regions,
      ShardMetrics metrics,
      ActorContext<Command> context) {
    super(context);
    this.kinds = kinds;
    this.regions = regions;
    this.metrics = metrics;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Tick _ -> kinds.forEach(this::look);
      case Seen(String kind, CurrentShardRegionState region) -> {
        if (region != null) {
          metrics.holds(kind, shards(region));
        }
      }
    }
    return this;
  }

  private void look(String kind, EntityTypeKey<?> key) {
    getContext()
        .ask(
            CurrentShardRegionState.class,
            regions,
            REGION_ANSWERS,
            (ActorRef<CurrentShardRegionState> replyTo) -> new GetShardRegionState(key, replyTo),
            (region, failure) -> new Seen(kind, region));
  }

  private static Set<String> shards(CurrentShardRegionState region) {
    return region.getShards().stream().map(ShardState::shardId).collect(Collectors.toSet());
  }
}
