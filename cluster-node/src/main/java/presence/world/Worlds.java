package presence.world;

import java.time.InstantSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import presence.cluster.Door;
import presence.cluster.Formation;
import presence.cluster.Sharding;

/// The worlds of the cluster, by piece.
public final class Worlds {
  public static final EntityTypeKey<World.Command> KEY =
      EntityTypeKey.create(World.Command.class, "world");

  private Worlds() {}

  /// The way to the worlds, open once [#start] has run on this node.
  public static Door<World.Command> door(ActorSystem<?> system) {
    ClusterSharding sharding = ClusterSharding.get(system);
    return (piece, command) -> sharding.entityRefFor(KEY, piece).tell(command);
  }

  /// Lets this node hold worlds.
  public static void start(
      ActorSystem<?> system,
      WorldLimits limits,
      InstantSource clock,
      Formation formation,
      World.Ties ties,
      WorldMeter meter) {
    Sharding.start(
        system,
        Entity.of(
                KEY,
                entity ->
                    World.create(
                        entity.getEntityId(),
                        PersistenceId.ofUniqueId("world-" + entity.getEntityId()),
                        new World.Surroundings(
                            limits, clock, formation, ties, meter, entity.getShard())))
            .withStopMessage(World.Stop.STOP));
  }
}
