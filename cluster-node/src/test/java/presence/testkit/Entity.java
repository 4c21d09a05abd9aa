package presence.testkit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.testkit.query.javadsl.PersistenceTestKitReadJournal;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.internal.EventSourcedBehaviorImpl;
import org.apache.pekko.stream.javadsl.Sink;
import org.awaitility.Awaitility;
import presence.cluster.Remote;

/// One event-sourced entity under test. Each command is sent through the real serializer before it
/// is told, and every call returns when the entity has come to rest, so that what it did can be
/// read off without waiting.
///
/// @param <C> its commands
/// @param <E> its events
/// @param <S> its state
public final class Entity<C extends Remote, E, S> implements AutoCloseable {
  /// An entity may tell itself something several times in a row; each round waits for one such
  /// step.
  private static final int ROUNDS_UNTIL_REST = 5;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// A little more than the first pause of [presence.cluster.Persistence#RESTART].
  public static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(250);

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final TestSystem system;
  private final PersistenceId id;
  private Behavior<C> behavior;
  private final TestProbe<EventSourcedBehaviorImpl.GetStateReply<S>> states;
  private ActorRef<C> actor;

  /// Starts an entity whose journal is empty.
  public Entity(TestSystem system, String kind, Function<PersistenceId, Behavior<C>> behavior) {
    this.system = system;
    this.id = PersistenceId.of(kind, "test-" + COUNT.incrementAndGet());
    this.behavior = behavior.apply(id);
    this.states = system.probe();
    this.actor = system.kit().spawn(this.behavior);
    rest();
  }

  /// Tells it commands that another node may have sent.
  @SafeVarargs
  public final void tell(C... commands) {
    for (C command : commands) {
      system.kit().serializationTestKit().verifySerialization(command, true);
      actor.tell(command);
    }
    rest();
  }

  /// Lets time pass; it does what each of its timers asks before time goes on.
  public void passes(Duration time) {
    rest();
    system.passes(time, this::state);
    rest();
  }

  /// The state after everything it has been told.
  public S state() {
    askForState();
    return states.receiveMessage(PATIENCE).currentState();
  }

  private void askForState() {
    ActorRef<Object> internal = actor.unsafeUpcast();
    internal.tell(new EventSourcedBehaviorImpl.GetState<>(states.getRef()));
  }

  /// Returns when it has nothing more to do at this moment.
  public void rest() {
    for (int round = 0; round < ROUNDS_UNTIL_REST; round++) {
      state();
    }
  }

  /// Waits until its state is as described: for what comes to it by itself, as the end of an actor
  /// that it watches.
  public void await(String description, Predicate<S> expected) {
    Awaitility.await(description).atMost(PATIENCE).until(this::state, expected);
  }

  /// Every event in its journal, read from bytes.
  @SuppressWarnings("unchecked")
  public List<E> events() {
    return (List<E>) system.journal().persistedInStorage(id.id());
  }

  /// Every event in its journal that bears this tag.
  public List<Object> tagged(String tag) {
    return PersistenceQuery.get(system.kit().system())
        .getReadJournalFor(
            PersistenceTestKitReadJournal.class, PersistenceTestKitReadJournal.Identifier())
        .currentEventsByTag(tag, Offset.noOffset())
        .filter(each -> each.persistenceId().equals(id.id()))
        .map(EventEnvelope::event)
        .runWith(Sink.seq(), system.kit().system())
        .toCompletableFuture()
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  /// The event it persisted last.
  public E lastEvent() {
    return events().getLast();
  }

  /// It dies at once, and starts again from its journal.
  public void restart() {
    kill();
    start();
  }

  /// It dies at once, and starts again from its journal in other surroundings.
  public void restartAs(Function<PersistenceId, Behavior<C>> other) {
    kill();
    behavior = other.apply(id);
    start();
  }

  /// It dies at once.
  public void kill() {
    system.kit().stop(actor);
  }

  /// It starts from its journal.
  public void start() {
    actor = system.kit().spawn(behavior);
    rest();
  }

  /// Tells it a command whose write the journal refuses, and returns when it has started again.
  /// Time passes meanwhile: the pause that it makes before.
  public void tellInVain(C command) {
    system.journal().failNextPersisted(id.id());
    actor.tell(command);
    startAgain();
  }

  /// The same, but the event is in the journal although the entity is told that it is not.
  public void tellUnknowing(C command, E written) {
    system.journal().failNextPersisted(id.id());
    actor.tell(command);
    system.journal().persistForRecovery(id.id(), List.of(written));
    startAgain();
  }

  /// What it is told may be written only when it comes to what it tells itself, and fail then.
  private void startAgain() {
    for (int round = 0; round < ROUNDS_UNTIL_REST; round++) {
      askForState();
      answersAfterItsPause();
    }
  }

  private void answersAfterItsPause() {
    Awaitility.await("it starts again")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .until(() -> {
          try {
            states.receiveMessage(Duration.ofMillis(50));
            return true;
          } catch (AssertionError stillPausing) {
            system.passes(PAUSE_AFTER_FAILURE);
            return false;
          }
        });
  }

  public ActorRef<C> ref() {
    return actor;
  }

  /// Whether its journal holds a snapshot.
  public boolean hasSnapshot() {
    return !system.snapshots().persistedInStorage(id.id()).isEmpty();
  }

  @Override
  public void close() {
    kill();
    system.journal().clearByPersistenceId(id.id());
    system.snapshots().clearByPersistenceId(id.id());
  }
}
