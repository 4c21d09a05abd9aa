package presence.simulation;

import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding.ShardCommand;
import org.jspecify.annotations.Nullable;

/// A kind of sharded entity.
///
/// @param name the first part of an entity's name in traces and steps
/// @param remembered whether an entity comes back by itself unless it passivated
/// @param stop the message that asks an entity to stop, when it passivates or moves; null stops it
///   at once
/// @param behavior makes one
public record EntityType<C>(
    String name, boolean remembered, @Nullable C stop, Function<Place, Behavior<C>> behavior) {

  /// Entities that come back by themselves.
  public static <C> EntityType<C> remembered(
      String name, C stop, Function<Place, Behavior<C>> behavior) {
    return new EntityType<>(name, true, stop, behavior);
  }

  /// Entities that run only while somebody talks to them.
  public static <C> EntityType<C> onDemand(
      String name, C stop, Function<Place, Behavior<C>> behavior) {
    return new EntityType<>(name, false, stop, behavior);
  }

  /// What an entity is given when it starts.
  ///
  /// @param id which one
  /// @param host where
  /// @param shard takes `Passivate`
  public record Place(String id, Host host, ActorRef<ShardCommand> shard) {}
}
