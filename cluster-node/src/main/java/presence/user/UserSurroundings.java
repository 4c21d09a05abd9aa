package presence.user;

import java.time.InstantSource;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/// What a person is given: their limits, the clock, the ways to others, who measures their mail.
public record UserSurroundings(
    UserLimits limits,
    InstantSource clock,
    Ways ways,
    MailMeter meter,
    ActorRef<ClusterSharding.ShardCommand> shard) {}
