package presence.instance;

import java.time.InstantSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import presence.cluster.Door;
import presence.cluster.Sharding;

/// The chat instances of the cluster, by name.
public final class Instances {
  public static final EntityTypeKey<ChatInstance.Command> KEY =
      EntityTypeKey.create(ChatInstance.Command.class, "instance");

  private Instances() {}

  /// The way to the instances, open once [#start] has run on this node.
  public static Door<ChatInstance.Command> door(ActorSystem<?> system) {
    ClusterSharding sharding = ClusterSharding.get(system);
    return (name, command) -> sharding.entityRefFor(KEY, name).tell(command);
  }

  /// Lets this node hold instances, and tell which it does.
  public static void start(
      ActorSystem<?> system, InstanceLimits limits, InstantSource clock, ChatInstance.Roll roll) {
    ClusterSharding sharding = ClusterSharding.get(system);
    Sharding.start(
        system,
        Entity.of(
                KEY,
                entity ->
                    ChatInstance.create(
                        entity.getEntityId(),
                        PersistenceId.ofUniqueId("instance-" + entity.getEntityId()),
                        limits,
                        clock,
                        roll,
                        entity.getShard()))
            .withStopMessage(ChatInstance.Stop.STOP));
    var _ =
        system.systemActorOf(Directory.create(sharding.shardState()), "instances", Props.empty());
  }
}
