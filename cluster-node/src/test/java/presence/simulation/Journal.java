package presence.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.serialization.Serialization;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/// The journal and the snapshots of a world. Everything takes virtual time, and fails by chance as
/// its [Conditions] say or on purpose. What can be serialized is kept as bytes, so what is replayed
/// was really read.
///
/// Operations on one entity come one after the other, as the database plugin of a node does it;
/// with [#lateWrites] a recovery may overtake a write of the incarnation before, as from another
/// node. A second event with a number that is taken makes its write fail, as a duplicate key.
public final class Journal {

  /// How operations go.
  ///
  /// @param delayMin the shortest time until an operation is done, and again until its answer is
  ///   there
  /// @param delayMax the longest
  /// @param failBefore probability of [Fault#FAIL_BEFORE] for a write
  /// @param failAfter probability of [Fault#FAIL_AFTER] for a write
  /// @param failRead probability that a recovery fails
  public record Conditions(
      Duration delayMin, Duration delayMax, double failBefore, double failAfter, double failRead) {

    /// Everything succeeds after a millisecond.
    public static final Conditions CALM =
        new Conditions(Duration.ofNanos(500_000), Duration.ofNanos(500_000), 0, 0, 0);

    public Conditions withDelay(Duration min, Duration max) {
      return new Conditions(min, max, failBefore, failAfter, failRead);
    }

    public Conditions withFailures(double before, double after, double read) {
      return new Conditions(delayMin, delayMax, before, after, read);
    }
  }

  private static @Nullable Journal current;

  private final World world;
  private final Serialization serialization;
  private final Map<String, EventLog> logs = new HashMap<>();
  private final Map<String, ArrayDeque<Fault>> faults = new HashMap<>();
  private final Map<String, Runnable> whenDurable = new HashMap<>();
  private Conditions conditions = Conditions.CALM;
  private boolean lateWrites;
  private boolean asBytes = true;
  private long stalledUntil;

  Journal(World world, Serialization serialization) {
    this.world = world;
    this.serialization = serialization;
    current = this;
  }

  /// The journal of the world that is open: Pekko makes plugins by their class name, and this is
  /// where they find it.
  static Journal current() {
    if (current == null) {
      throw new IllegalStateException("no world is open");
    }
    return current;
  }

  /// From now on so.
  public void conditions(Conditions now) {
    conditions = now;
  }

  /// Nothing is done or answered for a time.
  public void stall(Duration span) {
    world.trace().note("journal stalls for %s", span);
    stalledUntil = Math.max(stalledUntil, world.time().nanos() + span.toNanos());
  }

  /// What happens to the next write of an entity; after several calls, to the next ones in that
  /// order.
  public void next(String persistenceId, Fault fault) {
    faults.computeIfAbsent(persistenceId, first -> new ArrayDeque<>()).add(fault);
  }

  /// Does something between the moment the next write of an entity is durable and its answer.
  public void whenDurable(String persistenceId, Runnable then) {
    whenDurable.put(persistenceId, then);
  }

  /// Whether a recovery may overtake a write.
  public void lateWrites(boolean allowed) {
    lateWrites = allowed;
  }

  /// Whether what can be serialized is kept as bytes.
  public void asBytes(boolean keep) {
    asBytes = keep;
  }

  /// No faults, no stall.
  public void calm() {
    conditions = Conditions.CALM;
    faults.clear();
    whenDurable.clear();
    lateWrites = false;
    stalledUntil = 0;
  }

  /// The events of an entity, oldest first, without those that were deleted.
  public List<Object> events(String persistenceId) {
    return log(persistenceId).events(1, Long.MAX_VALUE, Long.MAX_VALUE).stream()
        .map(PersistentRepr::payload)
        .toList();
  }

  /// The newest snapshot of an entity.
  public Optional<Object> snapshot(String persistenceId) {
    return log(persistenceId).snapshot(Long.MAX_VALUE).map(SelectedSnapshot::snapshot);
  }

  /// Removes everything of an entity, its sequence number too.
  public void forget(String persistenceId) {
    logs.remove(persistenceId);
  }

  EventLog log(String persistenceId) {
    return logs.computeIfAbsent(persistenceId, first -> new EventLog(persistenceId));
  }

  /// What is kept of an event or a snapshot.
  Kept kept(Object payload) {
    return asBytes ? Kept.of(payload, serialization) : () -> payload;
  }

  /// Writes events, with the fault that is due or drawn.
  <T> Future<T> write(String persistenceId, List<PersistentRepr> events, T result) {
    var fault = fault(persistenceId);
    world.trace().note("journal %s: %s%s", persistenceId, events, fault == null ? "" : " " + fault);
    return operation(
        persistenceId,
        fault,
        () -> {
          log(persistenceId).append(events, this::kept, world.clock().millis());
          var then = whenDurable.remove(persistenceId);
          if (then != null) {
            then.run();
          }
          return result;
        });
  }

  /// Reads, which may fail too.
  <T> Future<T> read(String persistenceId, Callable<T> effect) {
    var fault = world.chance().happens(conditions.failRead) ? Fault.FAIL_BEFORE : null;
    return operation(persistenceId, fault, effect);
  }

  /// Changes something else than events.
  Future<Void> change(String persistenceId, Runnable effect) {
    return operation(persistenceId, drawn(), Executors.callable(effect, null));
  }

  private @Nullable Fault fault(String persistenceId) {
    var due = faults.get(persistenceId);
    if (due != null && !due.isEmpty()) {
      return due.poll();
    }
    return drawn();
  }

  private @Nullable Fault drawn() {
    if (world.chance().happens(conditions.failBefore)) {
      return Fault.FAIL_BEFORE;
    }
    return world.chance().happens(conditions.failAfter) ? Fault.FAIL_AFTER : null;
  }

  private <T> Future<T> operation(String persistenceId, @Nullable Fault fault, Callable<T> effect) {
    Promise<T> promise = Futures.promise();
    var log = log(persistenceId);
    var done = world.time().nanos() + delay();
    if (!lateWrites) {
      done = Math.max(done, log.busyUntil);
      log.busyUntil = done;
    }
    at(done, () -> perform(promise, fault, effect));
    return promise.future();
  }

  private <T> void perform(Promise<T> promise, @Nullable Fault fault, Callable<T> effect) {
    Runnable answer = () -> promise.failure(new Fault.Failed("the journal failed"));
    if (fault == null || fault.durable) {
      try {
        var result = effect.call();
        if (fault == null) {
          answer = () -> promise.success(result);
        }
      } catch (Exception e) {
        answer = () -> promise.failure(e);
      }
    }
    if (fault == null || fault.answered) {
      at(world.time().nanos() + delay(), answer);
    }
  }

  /// Does something at a moment, or as soon as the journal works again.
  private void at(long moment, Runnable task) {
    world
        .time()
        .owe(
            moment,
            () -> {
              if (world.time().nanos() < stalledUntil) {
                at(stalledUntil, task);
              } else {
                task.run();
              }
            });
  }

  private long delay() {
    var min = conditions.delayMin.toNanos();
    var spread = conditions.delayMax.toNanos() - min;
    return min + (spread > 0 ? world.chance().nextLong(spread + 1) : 0);
  }
}
