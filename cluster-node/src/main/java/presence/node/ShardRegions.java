package presence.node;

import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.ClusterShardingHealthCheck;
import presence.ops.Health.Check;
import scala.jdk.javaapi.FutureConverters;

/// The shard regions of this node.
final class ShardRegions {

  private ShardRegions() {}

  /// Passes once the regions of all entity types in `pekko.cluster.sharding.healthcheck.names` have
  /// registered with their coordinators, and from then on: a coordinator that moves must not take
  /// every node out of service.
  static Check registered(ActorSystem<?> system) {
    var check = new ClusterShardingHealthCheck(system.classicSystem());
    return new Check(
        "shard regions",
        () -> FutureConverters.asJava(check.apply()).thenApply(Boolean.class::cast));
  }
}
