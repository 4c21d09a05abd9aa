package presence.instance;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;
import presence.cluster.Persistence;
import presence.cluster.Refusals;
import presence.cluster.Remote;
import presence.protocol.Counts;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage;

/// One chat instance: who is in it, what they said, and the one gapless stream that tells of both.
///
/// It collects what sessions say of themselves for one flush, persists the flush as one event, and
/// only then acknowledges the sessions and tells the relays. A crash in between is told again by
/// replay; relays ignore what they know. Nothing here knows sockets: a session that lost its socket
/// keeps its seat until the session itself says that it ended.
public final class ChatInstance
    extends EventSourcedBehavior<ChatInstance.Command, Flushed, InstanceState> {

  public sealed interface Command extends Remote {}

  /// A session's word of itself; repeated until a [Receipt] comes.
  public record Report(Seat seat, ActorRef<Receipt> replyTo) implements Command {}

  /// A member says something; answered by one [Answer] once it is durable.
  public record Say(Flushed.Speech speech, ActorRef<Answer> replyTo) implements Command {}

  /// A relay wants the stream from where it stands; repeated as its sign of life.
  ///
  /// @param connections how many sockets of its node follow
  public record Subscribe(ActorRef<Feed> relay, Position at, int connections) implements Command {}

  /// A relay wants older changes than it holds.
  public record CatchUp(Position since, ActorRef<Feed> relay) implements Command {}

  /// Asks for the numbers.
  public record Describe(ActorRef<Description> replyTo) implements Command {}

  /// A roll call found no such session.
  public record Unknown(String session, long n) implements Command {}

  /// Stops the entity at once, without writing.
  public enum Stop implements Command {
    STOP
  }

  private enum Tick implements Command {
    FLUSH,
    CALL_ROLL,
    CHECK_IDLE
  }

  private record RelayGone(ActorRef<Feed> relay) implements Command {}

  /// The answer to a [Report]: durable, and part of every cut at or after `at`; or refused.
  public sealed interface Receipt extends Remote {
    String instance();

    long n();
  }

  public record Recorded(String instance, long n, Position at) implements Receipt {}

  public record Full(String instance, long n) implements Receipt {}

  /// The answer to a [Say].
  public sealed interface Answer extends Remote {}

  /// Said, now or (repeated) before.
  public record Spoken(ServerMessage.Said message, boolean repeated) implements Answer {}

  public record NotJoined(String instance, String clientMessageId) implements Answer {}

  /// What a relay is told.
  public sealed interface Feed extends Remote {}

  /// The changes after `from`; none = the relay is up to date.
  ///
  /// @param print the fingerprint of the sets, with the counts, after them; 0 = an older node does
  ///   not say
  public record Published(long epoch, long from, List<Change> changes, long print) implements Feed {

    /// The seq after them.
    public long until() {
      return changes.isEmpty() ? from : changes.getLast().seq();
    }
  }

  /// An exact cut, for a relay that cannot be brought on by changes.
  public record Cut(
      Position at,
      List<Member> online,
      List<String> here,
      Counts counts,
      List<Change.Message> history)
      implements Feed {}

  /// What followed `since`; absent when that is too long ago.
  ///
  /// @param at where the instance is; absent = an older node does not say
  public record Earlier(Position since, Optional<List<Change>> changes, @Nullable Position at)
      implements Feed {}

  /// The relay is subscribed, until this incarnation of the instance ends.
  public record Subscribed(ActorRef<Command> incarnation) implements Feed {}

  /// This incarnation stops, because its shard moves: the instance goes on elsewhere.
  public record Moves(ActorRef<Command> incarnation) implements Feed {}

  /// Nothing ever happened in this instance.
  public record Nobody() implements Feed {}

  /// The numbers of an instance. `at.epoch` 0 = there is none of this name.
  ///
  /// @param connections live sockets, unlike the leases in `counts`
  public record Description(String instance, Position at, Counts counts, int connections)
      implements Remote {}

  /// Asks a session whether it exists; it answers with a [Report] or with [Unknown].
  public interface Roll {
    void call(String session, String instance, long n);
  }

  private final String name;
  private final InstanceSurroundings around;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Pending pending = new Pending();
  private final Refusals refusals = new Refusals();
  private final Audience audience;
  private Pace pace;

  /// The behaviour of the instance of this name.
  public static Behavior<Command> create(
      String name, PersistenceId id, InstanceSurroundings around) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> new ChatInstance(name, id, around, context, timers)));
  }

  private ChatInstance(
      String name,
      PersistenceId id,
      InstanceSurroundings around,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(id, Persistence.RESTART);
    this.name = name;
    this.around = around;
    this.context = context;
    this.timers = timers;
    this.audience = new Audience(around);
    this.pace = Pace.start(around.limits().pace());
  }

  @Override
  public InstanceState emptyState() {
    return InstanceState.empty(name);
  }

  @Override
  public CommandHandler<Command, Flushed, InstanceState> commandHandler() {
    return newCommandHandlerBuilder().forAnyState().onAnyCommand(this::onCommand);
  }

  private Effect<Flushed, InstanceState> onCommand(InstanceState state, Command command) {
    return switch (command) {
      case Report report -> onReport(state, report);
      case Say say -> onSay(state, say);
      case Subscribe subscribe -> onSubscribe(state, subscribe);
      case CatchUp catchUp -> onCatchUp(state, catchUp);
      case Describe describe -> onDescribe(state, describe);
      case Unknown unknown -> onUnknown(state, unknown);
      case RelayGone gone -> onRelayGone(gone);
      case Tick tick ->
          switch (tick) {
            case FLUSH -> onFlush(state);
            case CALL_ROLL -> onCallRoll(state);
            case CHECK_IDLE -> onCheckIdle(state);
          };
      case Stop stop -> onStop();
    };
  }

  private Effect<Flushed, InstanceState> onReport(InstanceState state, Report report) {
    Seat seat = report.seat();
    if (seat.n() <= state.roster().stepOf(seat.session())) {
      report.replyTo().tell(new Recorded(name, seat.n(), state.at()));
      return Effect().none();
    }
    if (seat.standing() != null && isFull(state, seat, seat.standing())) {
      refusals.add(seat.session(), seat.n());
      report.replyTo().tell(new Full(name, seat.n()));
      return Effect().none();
    }
    pending.add(report);
    return flushWhenDue(state);
  }

  /// Capacity is counted from the seats and the words that wait: nothing has to be given back.
  private boolean isFull(InstanceState state, Seat seat, Standing standing) {
    Roster roster = state.roster();
    if (roster.has(seat.session()) || pending.isArriving(seat.session())) {
      return false;
    }
    if (refusals.has(seat.session(), seat.n())) {
      return true;
    }
    int capacity = around.limits().capacity();
    int nobodies = around.limits().anonymous();
    return (capacity > 0 && roster.counts().sessions() + pending.arriving(roster) >= capacity)
        || (nobodies > 0
            && standing.person() == null
            && roster.counts().anonymous() + pending.arrivingAnonymous(roster) >= nobodies);
  }

  private Effect<Flushed, InstanceState> onSay(InstanceState state, Say say) {
    Flushed.Speech speech = say.speech();
    Optional<Change.Message> before = state.talk().said(speech.session(), speech.clientMessageId());
    if (before.isPresent()) {
      say.replyTo().tell(new Spoken(before.get().message(), true));
      return Effect().none();
    }
    if (!isMember(state, speech.session())) {
      say.replyTo().tell(new NotJoined(name, speech.clientMessageId()));
      return Effect().none();
    }
    pending.add(say);
    return flushWhenDue(state);
  }

  /// Whether the session is in it, as its last word says.
  private boolean isMember(InstanceState state, String session) {
    return pending.hasWordOf(session) ? pending.isArriving(session) : state.roster().has(session);
  }

  private Effect<Flushed, InstanceState> flushWhenDue(InstanceState state) {
    pending.waitsSince(now());
    if (pending.size() >= around.limits().flushSize()) {
      return onFlush(state);
    }
    if (!timers.isTimerActive(Tick.FLUSH)) {
      var delay = pace.untilDue(now());
      if (!delay.isPositive()) {
        return onFlush(state);
      }
      timers.startSingleTimer(Tick.FLUSH, Tick.FLUSH, delay);
    }
    return Effect().none();
  }

  private Effect<Flushed, InstanceState> onFlush(InstanceState state) {
    timers.cancel(Tick.FLUSH);
    if (pending.isEmpty()) {
      return Effect().none();
    }
    Pending.Batch batch = pending.take();
    Flushed event = state.flush(batch.seats(), batch.speeches(), now());
    return Effect()
        .persist(event)
        .thenRun((InstanceState now) -> {
          pace = pace.flushed(batch.since(), event.at(), now.roster().counts().sessions());
          audience.publish(now);
          acknowledge(now, batch);
          measure(state, now, batch);
        });
  }

  private void measure(InstanceState before, InstanceState now, Pending.Batch batch) {
    List<Change> seen = now.changes().since(before.at().seq(), now.at().seq()).orElseGet(List::of);
    int words = batch.words().size() + batch.said().size();
    Duration delay = Duration.ofMillis(now() - batch.since());
    around.meter().flushed(name, new InstanceMeter.Flush(words, delay, seen));
    around.meter().stands(name, now.at(), now.roster().counts());
  }

  private void acknowledge(InstanceState now, Pending.Batch batch) {
    for (Report word : batch.words()) {
      word.replyTo().tell(new Recorded(name, word.seat().n(), now.at()));
    }
    for (Say say : batch.said()) {
      Flushed.Speech speech = say.speech();
      now.talk()
          .said(speech.session(), speech.clientMessageId())
          .ifPresent(each -> say.replyTo().tell(new Spoken(each.message(), false)));
    }
  }

  private Effect<Flushed, InstanceState> onStop() {
    audience.tell(new Moves(context.getSelf()));
    return Effect().stop();
  }

  private Effect<Flushed, InstanceState> onSubscribe(InstanceState state, Subscribe subscribe) {
    ActorRef<Feed> relay = subscribe.relay();
    if (!state.exists() && !pending.hasWords()) {
      relay.tell(new Nobody());
      forgetNobody(state);
      return Effect().none();
    }
    if (audience.add(relay, subscribe.connections())) {
      context.watchWith(relay, new RelayGone(relay));
      relay.tell(new Subscribed(context.getSelf()));
    }
    audience.bringOn(relay, subscribe.at(), state);
    return Effect().none();
  }

  private Effect<Flushed, InstanceState> onCatchUp(InstanceState state, CatchUp catchUp) {
    audience.catchUp(catchUp, state);
    return Effect().none();
  }

  private Effect<Flushed, InstanceState> onDescribe(InstanceState state, Describe describe) {
    describe
        .replyTo()
        .tell(new Description(name, state.at(), state.roster().counts(), audience.connections()));
    forgetNobody(state);
    return Effect().none();
  }

  /// Who asked for a name that nobody ever joined leaves nothing behind.
  private void forgetNobody(InstanceState state) {
    if (!state.exists() && !pending.hasWords()) {
      around.shard().tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
  }

  /// The session ended and its last word never came, or was lost with it: the seat goes as a normal
  /// change, unless the session has spoken since it was asked.
  private Effect<Flushed, InstanceState> onUnknown(InstanceState state, Unknown unknown) {
    Roster roster = state.roster();
    if (!roster.has(unknown.session()) || roster.stepOf(unknown.session()) != unknown.n()) {
      return Effect().none();
    }
    Seat gone = new Seat(unknown.session(), unknown.n() + 1, null);
    if (!pending.hasWordOf(unknown.session())) {
      pending.add(new Report(gone, context.getSystem().ignoreRef()));
    }
    return flushWhenDue(state);
  }

  private Effect<Flushed, InstanceState> onRelayGone(RelayGone gone) {
    audience.remove(gone.relay());
    return Effect().none();
  }

  private Effect<Flushed, InstanceState> onCallRoll(InstanceState state) {
    timers.startSingleTimer(Tick.CALL_ROLL, Tick.CALL_ROLL, around.limits().rollCallEvery());
    Collection<Seat> seats = state.roster().seats();
    seats.forEach(seat -> around.roll().call(seat.session(), name, seat.n()));
    return Effect().none();
  }

  private Effect<Flushed, InstanceState> onCheckIdle(InstanceState state) {
    if (state.roster().isEmpty() && audience.isEmpty() && !pending.hasWords()) {
      around.shard().tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
    return Effect().none();
  }

  @Override
  public EventHandler<InstanceState, Flushed> eventHandler() {
    return newEventHandlerBuilder()
        .forAnyState()
        .onAnyEvent((state, event) -> state.apply(event, around.limits()));
  }

  @Override
  public SignalHandler<InstanceState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .onSignal(PreRestart.instance(), state -> around.meter().left(name))
        .onSignal(PostStop.instance(), state -> around.meter().left(name))
        .build();
  }

  private void onRecovered(InstanceState state) {
    audience.publish(state);
    around.meter().stands(name, state.at(), state.roster().counts());
    timers.startTimerWithFixedDelay(Tick.CHECK_IDLE, Tick.CHECK_IDLE, around.limits().idle());
    timers.startSingleTimer(
        Tick.CALL_ROLL, Tick.CALL_ROLL, around.limits().rollCallAfterRecovery());
  }

  private long now() {
    return around.clock().millis();
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return Persistence.RETENTION;
  }

  @Override
  public SnapshotAdapter<InstanceState> snapshotAdapter() {
    return Persistence.snapshots(
        InstanceState.Snapshot.class, InstanceState::snapshot, InstanceState.Snapshot::state);
  }
}
