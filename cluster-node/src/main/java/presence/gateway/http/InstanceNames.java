package presence.gateway.http;

import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import presence.instance.Instances;

/// The names of the instances that are in memory: those somebody is in, follows, or has just left.
@FunctionalInterface
public interface InstanceNames {
  /// Asks; fails with a `TimeoutException` when there is no answer within this time.
  CompletionStage<SortedSet<String>> ask(Duration within);

  /// Those that live on this node. In a cluster of one these are all.
  static InstanceNames ofThisNode(ActorSystem<?> system) {
    ActorRef<ClusterShardingQuery> shards = ClusterSharding.get(system).shardState();
    return within ->
        AskPattern.<ClusterShardingQuery, CurrentShardRegionState>ask(
                shards,
                replyTo -> new GetShardRegionState(Instances.KEY, replyTo),
                within,
                system.scheduler())
            .thenApply(InstanceNames::names);
  }

  private static SortedSet<String> names(CurrentShardRegionState region) {
    SortedSet<String> names = new TreeSet<>();
    region.getShards().forEach(shard -> names.addAll(shard.getEntityIds()));
    return names;
  }
}
