package presence.cluster;

import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;

/// How entities are spread over nodes; the same for every kind of entity.
public final class Sharding {

  /// The value of `pekko.cluster.sharding.number-of-shards`. Every node must agree on it and no
  /// rolling update can change it. Ten or so shards a node balance well, so this serves up to a
  /// dozen nodes; each costs a read of the journal wherever it starts, which more would only add to
  /// every failover.
  public static final int SHARDS = 128;

  private Sharding() {}

  /// Lets this node hold entities of a kind that has something to do without being asked (a
  /// deadline, mail to deliver): they are started again wherever their shard starts, and leave only
  /// by passivating themselves.
  public static <M> void start(ActorSystem<?> system, Entity<M, ShardingEnvelope<M>> kind) {
    ClusterSharding.get(system)
        .init(
            kind.withSettings(ClusterShardingSettings.create(system).withRememberEntities(true))
                .withAllocationStrategy(Placement.of(system)));
  }
}
