package presence.instance;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// Knows the instances in the memory of its node: those somebody is in, follows, or has just left.
/// There is one on every node; all together they know the instances of the cluster.
public final class Directory extends AbstractBehavior<Directory.Command> {
  /// Under which the directories of all nodes are found.
  public static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "instances");

  public sealed interface Command {}

  /// Asks for names in their order; answered at most once.
  ///
  /// @param after only those behind this one; absent = from the first on
  public record Find(@Nullable String after, int atMost, ActorRef<Found> replyTo)
      implements Command, Remote {}

  /// The first names of this node behind the one asked for, in order.
  public record Found(List<String> names) implements Remote {}

  private record Here(Find asked, CurrentShardRegionState region) implements Command {}

  /// The region did not answer; then nobody does.
  private record Silent() implements Command {}

  /// A region answers from memory, or after its shards did: longer than they are given.
  private static final Duration REGION_ANSWERS = Duration.ofSeconds(4);

  private final ActorRef<ClusterShardingQuery> regions;

  /// The directory of this node, whose region of instances has been started.
  public static Behavior<Command> create(ActorRef<ClusterShardingQuery> regions) {
    return Behaviors.setup(context -> {
      context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
      return new Directory(regions, context);
    });
  }

  private Directory(ActorRef<ClusterShardingQuery> regions, ActorContext<Command> context) {
    super(context);
    this.regions = regions;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Find find -> onFind(find);
      case Here here -> here.asked().replyTo().tell(found(here.asked(), here.region()));
      case Silent silent -> {}
    }
    return this;
  }

  private void onFind(Find find) {
    getContext()
        .ask(
            CurrentShardRegionState.class,
            regions,
            REGION_ANSWERS,
            (ActorRef<CurrentShardRegionState> replyTo) ->
                new GetShardRegionState(Instances.KEY, replyTo),
            (region, failure) -> region == null ? new Silent() : new Here(find, region));
  }

  private static Found found(Find asked, CurrentShardRegionState region) {
    Stream<String> names =
        region.getShards().stream().flatMap(shard -> shard.getEntityIds().stream());
    String after = asked.after();
    return new Found(
        names
            .filter(name -> after == null || name.compareTo(after) > 0)
            .sorted()
            .limit(asked.atMost())
            .toList());
  }
}
