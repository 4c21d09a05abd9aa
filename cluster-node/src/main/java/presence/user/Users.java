package presence.user;

import java.time.InstantSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import presence.cluster.Door;
import presence.cluster.Sharding;

/// The persons of the cluster, by id, and the register of those operators decided about. A person
/// is in memory while somebody talks to them or follows them, or while they have mail: then they
/// come back by themselves wherever their shard does.
public final class Users {
  public static final EntityTypeKey<User.Command> KEY =
      EntityTypeKey.create(User.Command.class, "user");

  public static final EntityTypeKey<Register.Command> REGISTERS =
      EntityTypeKey.create(Register.Command.class, "register");

  private Users() {}

  /// The way to the persons, open once [#start] has run on this node.
  public static Door<User.Command> door(ActorSystem<?> system) {
    ClusterSharding sharding = ClusterSharding.get(system);
    return (person, command) -> sharding.entityRefFor(KEY, person).tell(command);
  }

  /// The way to the register, open once [#start] has run on this node.
  public static Door<Register.Command> registers(ActorSystem<?> system) {
    ClusterSharding sharding = ClusterSharding.get(system);
    return (id, command) -> sharding.entityRefFor(REGISTERS, id).tell(command);
  }

  /// Lets this node hold persons, and the register.
  public static void start(
      ActorSystem<?> system, UserLimits limits, InstantSource clock, Ways ways, MailMeter meter) {
    Sharding.start(
        system,
        Entity.of(
                KEY,
                entity ->
                    User.create(
                        entity.getEntityId(),
                        PersistenceId.ofUniqueId("user-" + entity.getEntityId()),
                        new UserSurroundings(limits, clock, ways, meter, entity.getShard())))
            .withStopMessage(User.Stop.STOP));
    Sharding.start(
        system,
        Entity.of(
                REGISTERS,
                entity ->
                    Register.create(
                        PersistenceId.ofUniqueId("register-" + entity.getEntityId()),
                        clock,
                        limits.departedAge()))
            .withStopMessage(Register.Stop.STOP));
  }
}
