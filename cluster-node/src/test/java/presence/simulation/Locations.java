package presence.simulation;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.jspecify.annotations.Nullable;

/// Where every actor lives, and how it is seen from other hosts.
///
/// On its own host an actor's ref is the real one. Elsewhere it is a *view*: one ref for each pair
/// of host and actor, equal to itself wherever it came from, that forwards through the network and
/// ends when news of the actor's end arrives. Refs in messages that cross hosts are exchanged for
/// those that hold at the destination.
final class Locations {

  private final World world;
  private final Map<String, Host> homes = new HashMap<>();
  private final Map<ActorRef, Host> guests = new HashMap<>();
  private final Map<ActorRef, ActorRef> targets = new HashMap<>();
  private final Map<ActorRef, Map<Host, ActorRef>> views = new HashMap<>();

  Locations(World world) {
    this.world = world;
  }

  /// An actor lives on a host, and so do its children and adapters.
  void settle(ActorRef actor, Host host) {
    homes.put(actor.path().name(), host);
  }

  /// A typed ref as it is seen from a host.
  <T> org.apache.pekko.actor.typed.ActorRef<T> view(
      Host host, org.apache.pekko.actor.typed.ActorRef<T> typed) {
    var ref = Adapter.toClassic(typed);
    var seen = view(host, targets.getOrDefault(ref, ref));
    return seen.equals(ref) ? typed : Adapter.toTyped(seen);
  }

  /// The message with every view in it replaced by the real ref.
  Object neutral(Object message, Host from) {
    return References.replace(
        message,
        typed -> {
          var ref = Adapter.toClassic(typed);
          var target = targets.get(ref);
          if (target != null) {
            return Adapter.toTyped(target);
          }
          if (ref.path().parent().name().equals("temp")) {
            guests.put(ref, from);
          }
          return typed;
        });
  }

  /// The message with every ref in it as it is seen from a host.
  Object local(Object message, Host at) {
    return References.replace(message, typed -> view(at, typed));
  }

  /// Where an actor lives; null if it belongs to no host.
  @Nullable Host home(ActorRef actor) {
    var guardian = world.guardian().getSelf().path();
    for (var path = actor.path(); !(path instanceof RootActorPath); path = path.parent()) {
      if (path.parent().equals(guardian)) {
        return homes.get(path.name());
      }
    }
    return guests.get(actor);
  }

  /// An actor ended: so do its views, each when the news arrives.
  void ended(ActorRef actor) {
    guests.remove(actor);
    var ending = views.remove(actor);
    if (ending == null) {
      return;
    }
    var home = home(actor);
    var crashed = home != null && home.crashed();
    ending.forEach((host, view) -> {
      var delay = crashed ? world.detection() : world.network().delay();
      world.after(
          delay,
          () -> {
            targets.remove(view);
            world.guardian().end(view);
          });
    });
  }

  private ActorRef view(Host host, ActorRef actor) {
    var home = home(actor);
    if (home == null || home == host) {
      return actor;
    }
    return views
        .computeIfAbsent(actor, first -> new LinkedHashMap<>())
        .computeIfAbsent(host, first -> open(host, actor));
  }

  private ActorRef open(Host host, ActorRef actor) {
    var door = new Door(actor);
    var view =
        world
            .guardian()
            .function(actor.path().name(), message -> world.network().send(host, door, message));
    targets.put(view, actor);
    world.guardian().watch(actor);
    return view;
  }

  /// The way to one actor.
  private final class Door implements Destination {
    private final ActorRef actor;

    Door(ActorRef actor) {
      this.actor = actor;
    }

    @Override
    public @Nullable Host host() {
      return home(actor);
    }

    @Override
    public void accept(Object message) {
      var home = home(actor);
      actor.tell(home == null ? message : local(message, home), ActorRef.noSender());
    }

    @Override
    public String toString() {
      return Trace.name(actor);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Door door && door.actor.equals(actor);
    }

    @Override
    public int hashCode() {
      return actor.hashCode();
    }
  }
}
