package presence.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;

/// What cluster sharding does for entities: starts one where the first message for it arrives, at
/// most one of a name at a time; passivates; hands over to another host; brings remembered ones
/// back.
///
/// | state | a message | ends by | |
/// |---|---|---|---|
/// | absent | starts it | | |
/// | running | goes to it | kill, crash | absent; after [World#restart], running again if remembered |
/// | stopping | waits | its end | absent, or running if it moves or something waits |
/// | lost with its host | is lost | [World#detection] | absent; running again if remembered |
public final class Entities {

  private final World world;
  private final Map<Key, Slot<?>> slots = new LinkedHashMap<>();
  private final Map<ActorRef, Slot<?>> running = new HashMap<>();
  private final List<Slot<?>> homeless = new ArrayList<>();
  private final org.apache.pekko.actor.typed.ActorRef<ClusterSharding.ShardCommand> shard;

  Entities(World world) {
    this.world = world;
    shard = Adapter.toTyped(world.guardian().function("shard", this::onCommand));
  }

  /// Stops an entity at once, with what waits in its mailbox. A remembered one comes back, any
  /// comes back when it is sent something.
  public void kill(String type, String id) {
    var slot = slots.get(new Key(type, id));
    if (slot != null && slot.actor != null) {
      world.trace().note("%s killed", slot);
      slot.kill();
    }
  }

  /// Hands an entity over to another host: asks it to stop, holds its messages meanwhile, starts it
  /// there.
  public void move(String type, String id, Host to) {
    var slot = slots.get(new Key(type, id));
    if (slot != null) {
      world.trace().note("%s moves to %s", slot, to);
      slot.move(to);
    }
  }

  /// The running incarnation of an entity.
  public Optional<org.apache.pekko.actor.typed.ActorRef<?>> incarnation(String type, String id) {
    var slot = slots.get(new Key(type, id));
    return Optional.ofNullable(slot).map(some -> some.actor).map(Adapter::toTyped);
  }

  /// The ids of all entities of a type that run, in the order in which they were first used.
  public List<String> running(String type) {
    return slots.values().stream()
        .filter(slot -> slot.actor != null && slot.type.name().equals(type))
        .map(slot -> slot.id)
        .toList();
  }

  // One name always has the type it was first used with.
  @SuppressWarnings("unchecked")
  <C> Destination slot(EntityType<C> type, String id) {
    return slots.computeIfAbsent(new Key(type.name(), id), key -> new Slot<>(type, id));
  }

  void crashed(Host host) {
    slots.values().stream().filter(slot -> slot.host == host).forEach(Slot::lost);
  }

  /// There is a host again for those that found none.
  void opened() {
    var waiting = List.copyOf(homeless);
    homeless.clear();
    waiting.forEach(Slot::startAgain);
  }

  /// An actor ended.
  void ended(ActorRef actor) {
    var slot = running.remove(actor);
    if (slot != null) {
      slot.ended();
    }
  }

  private void onCommand(Object command) {
    if (command instanceof ClusterSharding.Passivate<?> passivate) {
      var slot = running.get(Adapter.toClassic(passivate.entity()));
      if (slot != null) {
        slot.stop();
      }
    }
  }

  private record Key(String type, String id) {}

  private enum Phase {
    ABSENT,
    RUNNING,
    STOPPING,
    LOST
  }

  private final class Slot<C> implements Destination {
    private final EntityType<C> type;
    private final String id;
    private final List<Object> held = new ArrayList<>();
    private Phase phase = Phase.ABSENT;
    private @Nullable ActorRef actor;
    private @Nullable Host host;
    private boolean moving;
    private int incarnations;

    Slot(EntityType<C> type, String id) {
      this.type = type;
      this.id = id;
    }

    @Override
    public @Nullable Host host() {
      return host;
    }

    @Override
    public void accept(Object message) {
      switch (phase) {
        case LOST -> world.trace().note("lost with %s: %s", this, message);
        case STOPPING -> held.add(message);
        case RUNNING -> tell(message);
        case ABSENT -> {
          if (start()) {
            tell(message);
          }
        }
      }
    }

    void kill() {
      var killed = actor;
      if (killed != null) {
        running.remove(killed);
        world.guardian().stop(killed);
        held.clear();
        absent();
        comeBack(world.restart());
      }
    }

    void lost() {
      if (actor != null) {
        running.remove(actor);
      }
      held.clear();
      absent();
      phase = Phase.LOST;
      host = null;
      world.after(world.detection(), this::found);
    }

    void move(Host to) {
      if (phase == Phase.RUNNING && host != to) {
        host = to;
        moving = true;
        stop();
      }
    }

    void stop() {
      if (actor == null || phase == Phase.STOPPING) {
        return;
      }
      phase = Phase.STOPPING;
      if (type.stop() == null) {
        world.guardian().stop(actor);
      } else {
        actor.tell(type.stop(), ActorRef.noSender());
      }
    }

    void ended() {
      var wasStopping = phase == Phase.STOPPING;
      var again = moving || !held.isEmpty();
      absent();
      if (!wasStopping) {
        comeBack(world.restart());
      } else if (again && start()) {
        held.forEach(this::tell);
        held.clear();
      }
    }

    private void found() {
      if (phase == Phase.LOST) {
        phase = Phase.ABSENT;
        comeBack(Duration.ZERO);
      }
    }

    private void comeBack(Duration delay) {
      if (type.remembered()) {
        world.after(delay, this::startAgain);
      }
    }

    private void startAgain() {
      if (phase == Phase.ABSENT && !start()) {
        homeless.add(this);
      }
    }

    private void absent() {
      phase = Phase.ABSENT;
      actor = null;
      moving = false;
    }

    private boolean start() {
      var place = host != null && host.serving() ? host : world.anyHost();
      if (place == null) {
        return false;
      }
      host = place;
      var name = type.name() + ":" + id + ":" + ++incarnations;
      var behavior = type.behavior().apply(new EntityType.Place(id, place, shard));
      var started = world.guardian().start(name, behavior);
      place.add(started);
      actor = started;
      running.put(started, this);
      phase = Phase.RUNNING;
      return true;
    }

    private void tell(Object message) {
      if (actor != null && host != null) {
        actor.tell(world.locations().local(message, host), ActorRef.noSender());
      }
    }

    @Override
    public String toString() {
      return type.name() + "/" + id;
    }
  }
}
