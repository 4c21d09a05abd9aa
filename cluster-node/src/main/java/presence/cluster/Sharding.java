package presence.cluster;

import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;

/// How entities are spread over nodes; the same for every kind of entity.
public final class Sharding {

  /// The value of `pekko.cluster.sharding.number-of-shards`. Every node must agree on it and no
  /// rolling update can change it. Twenty or so shards a node balance well, so this serves up to a
  /// dozen nodes; more would only cost each kind of remembered entity more recoveries at a full
  /// start.
  public static final int SHARDS = 256;

  private Sharding() {}

  /// For entities that have something to do without being asked (a deadline, mail to deliver): they
  /// are started again wherever their shard starts, and leave only by passivating themselves.
  public static ClusterShardingSettings remembered(ActorSystem<?> system) {
    return ClusterShardingSettings.create(system).withRememberEntities(true);
  }

  /// For entities that need to exist only while somebody talks to them.
  public static ClusterShardingSettings onDemand(ActorSystem<?> system) {
    return ClusterShardingSettings.create(system).withRememberEntities(false);
  }
}
