package presence.simulation;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Props;
import org.jspecify.annotations.Nullable;

/// One run of the system, from one seed: hosts, a network between them, entities, a journal, and a
/// clock that moves only in [#run] and [#settle]. One world is open at a time, and everything
/// happens on the thread that opened it.
///
/// A new world is kind: every message arrives after a millisecond, every write succeeds after one,
/// tasks run in the order in which they become ready.
public final class World implements AutoCloseable {

  // No rest after so many deliveries in one call is a loop: a hundred entities that restart take
  // about ten thousand.
  private static final long DELIVERIES_MAX = 2_000_000;

  private final Machine machine = Machine.get();
  private final Trace trace = new Trace(machine.time);
  private final LogTap log = new LogTap(trace, this::failed);
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final Chance chance;
  private final Journal journal;
  private final ActorRef root;
  private final Guardian guardian;
  private final Network network;
  private final Locations locations;
  private final Entities entities;
  private Duration detection = Duration.ofSeconds(10);
  private Duration restart = Duration.ofSeconds(1);

  private World(long seed) {
    machine.reset(trace);
    log.open();
    chance = new Chance(seed);
    journal = new Journal(this, machine.serialization);
    var made = new ArrayList<Guardian>();
    root =
        machine.system.actorOf(
            Props.create(
                Guardian.class,
                () -> {
                  var one = new Guardian(this::terminated, this::failed);
                  made.add(one);
                  return one;
                }),
            Guardian.NAME);
    machine.drain();
    guardian = made.getFirst();
    network = new Network(this);
    locations = new Locations(this);
    entities = new Entities(this);
  }

  /// A new world, in which everything that is left to chance follows from the seed.
  public static World open(long seed) {
    return new World(seed);
  }

  /// A host of entities and other actors, by its name. If it crashed, this is a new one.
  public Host host(String name) {
    return host(name, true);
  }

  /// A host that never has entities: where clients are.
  public Host outside(String name) {
    return host(name, false);
  }

  private Host host(String name, boolean serving) {
    var host = hosts.get(name);
    if (host == null || host.crashed()) {
      host = new Host(this, name, serving);
      hosts.put(name, host);
      entities.opened();
    }
    return host;
  }

  public Network network() {
    return network;
  }

  public Entities entities() {
    return entities;
  }

  public Journal journal() {
    return journal;
  }

  /// The clock, for behaviours.
  public InstantSource clock() {
    return machine.time;
  }

  /// Chance, for behaviours and steps.
  public Chance chance() {
    return chance;
  }

  public Trace trace() {
    return trace;
  }

  /// Messages delivered to actors so far.
  public long deliveries() {
    return machine.kernel.deliveries();
  }

  /// What no test asked for: actors that failed and errors in the log, other than those of failed
  /// writes.
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /// From now on tasks of different actors run in any order.
  public void shuffle() {
    machine.kernel.order(chance);
  }

  /// After how long a crash of a host is noticed.
  public Duration detection() {
    return detection;
  }

  public void detection(Duration delay) {
    detection = delay;
  }

  /// After how long a remembered entity comes back that was killed or failed.
  public Duration restart() {
    return restart;
  }

  public void restart(Duration delay) {
    restart = delay;
  }

  /// Lets time pass, with everything that is due in it.
  public void run(Duration span) {
    var until = machine.time.nanos() + span.toNanos();
    var limit = deliveries() + DELIVERIES_MAX;
    do {
      drain(limit);
    } while (machine.time.advance(until));
    machine.time.moveTo(until);
  }

  /// Lets time pass until nothing is on its way: no message, no write, no entity about to come
  /// back. Timers of actors are not waited for.
  public void settle() {
    var limit = deliveries() + DELIVERIES_MAX;
    drain(limit);
    while (machine.time.owes() && machine.time.advance(Long.MAX_VALUE)) {
      drain(limit);
    }
  }

  /// From now on network and journal are kind again.
  public void calm() {
    network.calm();
    journal.calm();
  }

  /// Stops everything. What the world wrote is gone.
  @Override
  public void close() {
    machine.kernel.begin(null);
    machine.time.reset();
    machine.system.stop(root);
    machine.drain();
    log.close();
    if (!root.isTerminated()) {
      throw new IllegalStateException("the world does not end");
    }
  }

  /// Does something after a time, which counts as on its way until then.
  void after(Duration delay, Runnable task) {
    machine.time.owe(machine.time.nanos() + delay.toNanos(), task);
  }

  VirtualTime time() {
    return machine.time;
  }

  Guardian guardian() {
    return guardian;
  }

  Locations locations() {
    return locations;
  }

  /// A host for an entity that has none; null if there is no host.
  @Nullable Host anyHost() {
    var serving = hosts.values().stream().filter(Host::serving).toList();
    return serving.isEmpty() ? null : serving.get(chance.nextInt(serving.size()));
  }

  private void drain(long limit) {
    while (machine.kernel.step()) {
      if (deliveries() > limit) {
        throw new IllegalStateException("no rest after " + DELIVERIES_MAX + " deliveries");
      }
    }
  }

  private void terminated(ActorRef actor) {
    entities.ended(actor);
    var home = locations.home(actor);
    if (home != null) {
      home.ended(actor);
    }
    locations.ended(actor);
  }

  private void failed(ActorRef actor, Throwable failure) {
    failed(Trace.name(actor) + " failed", failure);
  }

  private void failed(String what, @Nullable Throwable failure) {
    trace.note("ERROR %s: %s", what, failure == null ? "" : failure);
    if (failure == null || !Fault.isBehind(failure)) {
      failures.add(failure == null ? what : what + ": " + failure);
    }
  }
}
