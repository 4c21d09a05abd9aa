package presence.instance;

import java.time.InstantSource;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/// What an instance is given: its limits, the clock, the way to ask its sessions, who measures it.
public record InstanceSurroundings(
    InstanceLimits limits,
    InstantSource clock,
    ChatInstance.Roll roll,
    InstanceMeter meter,
    ActorRef<ClusterSharding.ShardCommand> shard) {}
