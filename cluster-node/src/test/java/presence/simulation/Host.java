package presence.simulation;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/// One machine of a world. Actors of one host reach each other directly, as in one process;
/// everything else goes through the [Network].
public final class Host {

  private final World world;
  private final String name;
  private final boolean serving;
  private final Set<org.apache.pekko.actor.ActorRef> actors = new LinkedHashSet<>();
  private boolean crashed;

  Host(World world, String name, boolean serving) {
    this.world = world;
    this.name = name;
    this.serving = serving;
  }

  public String name() {
    return name;
  }

  /// Starts an actor. Its name is unique in the world.
  public <T> ActorRef<T> spawn(String actor, Behavior<T> behavior) {
    var ref = world.guardian().start(actor, behavior);
    actors.add(ref);
    world.locations().settle(ref, this);
    return Adapter.toTyped(ref);
  }

  /// A ref that belongs to the test: it collects what it is told.
  public <T> Inbox<T> inbox(String actor) {
    var inbox = new Inbox<T>();
    var ref =
        world
            .guardian()
            .function(
                actor,
                message -> {
                  world.trace().note("%s: %s", actor, message);
                  inbox.add(message);
                });
    world.locations().settle(ref, this);
    actors.add(ref);
    inbox.at(Adapter.toTyped(ref));
    return inbox;
  }

  /// The way from this host to every entity of a type, by its id. What is sent to an entity that
  /// does not run starts it.
  public <C> BiConsumer<String, C> door(EntityType<C> type) {
    return (id, command) -> world.network().send(this, world.entities().slot(type, id), command);
  }

  /// An actor as it is seen from this host: what it is told goes through the network, and it ends,
  /// for who watches it from here, when news of the end arrives.
  public <T> ActorRef<T> view(ActorRef<T> actor) {
    return world.locations().view(this, actor);
  }

  /// Stops an actor of this host at once: what waits in its mailbox is lost.
  public void kill(ActorRef<?> actor) {
    world.trace().note("%s killed", Adapter.toClassic(actor));
    end(Adapter.toClassic(actor));
  }

  /// Stops everything here at once. Nothing leaves this host any more, not even what its actors say
  /// while they stop. Others learn of it after [World#detection]; until then what they send here is
  /// lost.
  public void crash() {
    if (crashed) {
      return;
    }
    world.trace().note("%s crashes", name);
    crashed = true;
    actors.stream().toList().forEach(this::end);
    world.entities().crashed(this);
  }

  /// Whether it was stopped by [#crash()].
  public boolean crashed() {
    return crashed;
  }

  /// Whether entities may live here.
  boolean serving() {
    return serving && !crashed;
  }

  /// Counts an actor that was started elsewhere as one of this host.
  void add(org.apache.pekko.actor.ActorRef actor) {
    actors.add(actor);
    world.locations().settle(actor, this);
  }

  /// Forgets an actor that ended.
  void ended(org.apache.pekko.actor.ActorRef actor) {
    actors.remove(actor);
  }

  private void end(org.apache.pekko.actor.ActorRef actor) {
    if (actor instanceof org.apache.pekko.actor.FunctionRef) {
      world.guardian().end(actor);
      world.locations().ended(actor);
    } else {
      world.guardian().stop(actor);
    }
    actors.remove(actor);
  }

  @Override
  public String toString() {
    return name;
  }
}
