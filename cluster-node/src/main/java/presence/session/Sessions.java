package presence.session;

import java.time.InstantSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import presence.cluster.Door;
import presence.cluster.Formation;
import presence.cluster.Sharding;
import presence.instance.ChatInstance;
import presence.instance.Pieces;
import presence.world.World;

/// The sessions of the cluster, by id.
public final class Sessions {
  public static final EntityTypeKey<SessionCommand> KEY =
      EntityTypeKey.create(SessionCommand.class, "session");

  private Sessions() {}

  /// The way to the sessions, open once [#start] has run on this node.
  public static Door<SessionCommand> door(ActorSystem<?> system) {
    ClusterSharding sharding = ClusterSharding.get(system);
    return (id, command) -> sharding.entityRefFor(KEY, id).tell(command);
  }

  /// Lets this node hold sessions.
  public static void start(
      ActorSystem<?> system,
      SessionLimits limits,
      InstantSource clock,
      Formation formation,
      Pieces pieces,
      Door<ChatInstance.Command> instances,
      Door<World.Command> worlds,
      Doors doors,
      WordFilter filter,
      SessionSurroundings.Meters meters) {
    Sharding.start(
        system,
        Entity.of(
                KEY,
                entity ->
                    UserSession.create(
                        entity.getEntityId(),
                        PersistenceId.ofUniqueId("session-" + entity.getEntityId()),
                        new SessionSurroundings(
                            limits,
                            clock,
                            formation,
                            pieces,
                            instances,
                            worlds,
                            doors,
                            filter,
                            meters,
                            entity.getShard())))
            .withStopMessage(SessionCommand.Stop.STOP));
  }
}
