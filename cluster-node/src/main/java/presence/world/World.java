package presence.world;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
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
import presence.cluster.Formation;
import presence.cluster.Persistence;
import presence.cluster.Refusals;
import presence.cluster.Remote;
import presence.protocol.Position;
import presence.protocol.ServerMessage.Parting;

/// One world: who is in it as which avatar, and where each is.
///
/// Who is in it is persisted before it is told. Where the avatars are is only in memory: their
/// moves are collected for one tick and told once per node; the newest of each avatar counts. After
/// a restart the nodes of the clients bring the newest again.
public final class World extends EventSourcedBehavior<World.Command, Flushed, WorldState> {

  public sealed interface Command extends Remote {}

  /// A session's word of itself; repeated until a [Receipt] comes, or until it is told that its
  /// stay is over.
  public record Report(Visit visit, ActorRef<Receipt> replyTo) implements Command {}

  /// A relay wants the stream from where it stands, and tells where the avatars of its own clients
  /// are; repeated as its sign of life. Answered by [UpToDate] or by a [Cut].
  public record Subscribe(ActorRef<Feed> relay, Position at, List<Stride> places)
      implements Command {}

  /// Avatars of a relay's clients have moved.
  public record Walk(ActorRef<Feed> relay, List<Stride> strides) implements Command {}

  /// A session tells the others something: now or never.
  ///
  /// @param data a JSON value
  public record Emit(String session, String name, @Nullable String data) implements Command {}

  /// A roll call found no such session.
  public record Unknown(String session, long n) implements Command {}

  /// Stops the entity at once, without writing.
  public enum Stop implements Command {
    STOP
  }

  private enum Tick implements Command {
    FLUSH,
    MOVES,
    GHOSTS,
    REMIND,
    CALL_ROLL,
    CHECK_IDLE
  }

  private record RelayGone(ActorRef<Feed> relay) implements Command {}

  /// The answer to a [Report]: durable, and part of every cut at or after `at`; or refused.
  public sealed interface Receipt extends Remote {
    String piece();

    long n();
  }

  public record Recorded(String piece, long n, Position at) implements Receipt {}

  public record Full(String piece, long n) implements Receipt {}

  /// What a relay is told.
  public sealed interface Feed extends Remote {}

  /// What is different at `at` from `from`: these avatars are new, or others than before.
  public record Published(Position at, long from, List<Figure> figures, List<Departure> left)
      implements Feed {}

  /// One part of everybody in the world, the first is number 0; nothing else comes between two
  /// parts.
  ///
  /// @param moved the number of the newest [Moved] that is in it
  /// @param incarnation the entity as it runs now; when it ends, the relay subscribes again
  public record Cut(
      Position at,
      long moved,
      int part,
      int parts,
      List<Figure> figures,
      ActorRef<Command> incarnation)
      implements Feed {}

  /// The relay has every change; and every move, if it has all up to the [Moved] of this number.
  public record UpToDate(Position at, long moved, ActorRef<Command> incarnation) implements Feed {}

  /// Where avatars are now: each at most once, and never where it was before.
  ///
  /// @param number one more than that of the one before; the first of an incarnation is 1
  public record Moved(long number, List<Movement> movements) implements Feed {}

  /// Somebody told the others something.
  ///
  /// @param id of the sender's avatar
  public record Emitted(String id, String session, String name, @Nullable String data)
      implements Feed {}

  /// The relay is not known: the entity started anew.
  public record Stranger() implements Feed {}

  /// The way to the sessions of avatars.
  public interface Ties {
    /// Asks a session whether it exists; it answers with a [Report] or with [Unknown].
    void call(String session, String piece, long n);

    /// Tells a session that the stays it entered up to its step `n` are over; repeated until it
    /// says so itself.
    ///
    /// @param id of the avatar it had
    void dismiss(String session, String piece, long n, String id, Parting why);
  }

  /// What a world is given.
  public record Surroundings(
      WorldLimits limits,
      InstantSource clock,
      Formation formation,
      Ties ties,
      WorldMeter meter,
      ActorRef<ClusterSharding.ShardCommand> shard) {}

  private final String piece;
  private final WorldLimits limits;
  private final Surroundings around;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Pending pending = new Pending();
  private final Refusals refusals = new Refusals();
  private final Set<ActorRef<Feed>> relays = new LinkedHashSet<>();
  private final Places places = new Places();
  private WorldState published;
  private boolean flushing;
  private long moved;

  /// The behaviour of the world of this piece.
  public static Behavior<Command> create(String piece, PersistenceId id, Surroundings around) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new World(piece, id, around, context, timers)));
  }

  private World(
      String piece,
      PersistenceId id,
      Surroundings around,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(id, Persistence.RESTART);
    this.piece = piece;
    this.limits = around.limits();
    this.around = around;
    this.context = context;
    this.timers = timers;
    this.published = WorldState.empty(piece);
  }

  @Override
  public WorldState emptyState() {
    return WorldState.empty(piece);
  }

  @Override
  public CommandHandler<Command, Flushed, WorldState> commandHandler() {
    return newCommandHandlerBuilder().forAnyState().onAnyCommand(this::onCommand);
  }

  private Effect<Flushed, WorldState> onCommand(WorldState state, Command command) {
    switch (command) {
      case Report report -> onReport(state, report);
      case Subscribe subscribe -> onSubscribe(state, subscribe);
      case Walk walk -> onWalk(state, walk);
      case Emit emit -> onEmit(state, emit);
      case Unknown gone -> onUnknown(state, gone);
      case RelayGone gone -> relays.remove(gone.relay());
      case Tick tick -> {
        return onTick(state, tick);
      }
      case Stop stop -> {
        return Effect().stop();
      }
    }
    return Effect().none();
  }

  private Effect<Flushed, WorldState> onTick(WorldState state, Tick tick) {
    switch (tick) {
      case FLUSH, GHOSTS -> {
        return flush(state);
      }
      case MOVES -> onMovesTick(state);
      case REMIND -> remind(state);
      case CALL_ROLL -> callRoll(state);
      case CHECK_IDLE -> checkIdle(state);
    }
    return Effect().none();
  }

  private void onReport(WorldState state, Report report) {
    Visit visit = report.visit();
    Avatars avatars = state.avatars();
    if (avatars.isOver(visit)) {
      dismiss(state, visit.session());
    } else if (visit.n() <= avatars.stepOf(visit.session())) {
      report.replyTo().tell(new Recorded(piece, visit.n(), state.at()));
    } else if (visit.stay() != null && isFull(avatars, visit)) {
      refusals.add(visit.session(), visit.n());
      report.replyTo().tell(new Full(piece, visit.n()));
    } else {
      pending.add(report);
      flushSoon();
    }
  }

  /// Capacity is counted from the avatars and the words that wait: nothing has to be given back.
  private boolean isFull(Avatars avatars, Visit visit) {
    String session = visit.session();
    if (limits.capacity() == 0 || avatars.of(session).isPresent() || pending.isArriving(session)) {
      return false;
    }
    return refusals.has(session, visit.n())
        || avatars.size() + pending.arriving(avatars) >= limits.capacity();
  }

  /// Behind everything that waits already: what came together is written together.
  private void flushSoon() {
    if (!flushing) {
      flushing = true;
      context.getSelf().tell(Tick.FLUSH);
    }
  }

  private Effect<Flushed, WorldState> flush(WorldState state) {
    flushing = false;
    List<String> gone =
        state.overdue(now(), this::deadline).stream()
            .filter(each -> !pending.hasWordOf(each))
            .toList();
    if (pending.isEmpty() && gone.isEmpty()) {
      return Effect().none();
    }
    List<Report> batch = pending.takeWords(limits.flushSize());
    Flushed event =
        new Flushed(
            now(),
            state.at().seq() + 1,
            batch.stream().map(each -> word(state, each.visit())).toList(),
            gone,
            pending.takeUnknown());
    if (!pending.isEmpty()) {
      flushSoon();
    }
    return Effect()
        .persist(event)
        .thenRun((WorldState now) -> {
          publish(now);
          for (Report each : batch) {
            each.replyTo().tell(new Recorded(piece, each.visit().n(), now.at()));
          }
          if (!now.avatars().untold().isEmpty()) {
            remind(now);
          }
        });
  }

  private Flushed.Word word(WorldState state, Visit visit) {
    Stay stay = visit.stay();
    String id = limits.ids().of(piece, visit.session(), stay == null ? null : stay.person());
    Place place = state.avatars().of(visit.session()).map(figure -> places.of(figure)).orElse(null);
    return new Flushed.Word(visit, id, place);
  }

  /// When a ghost's time is over. Time in which nobody could come back, because there was no
  /// cluster, does not count.
  private long deadline(Figure ghost) {
    long since = Math.max(ghost.ghostSince(), around.formation().formedAt().toEpochMilli());
    return since + limits.ghost().toMillis();
  }

  /// Tells the relays what they have not been told. After a failed write, which may have been
  /// written nevertheless, that is what the replay brought.
  private void publish(WorldState now) {
    WorldState before = published;
    published = now;
    places.keepOnly(now.avatars());
    around.meter().stands(piece, now.avatars().size(), now.avatars().ghosts());
    if (now.at().seq() != before.at().seq() && !relays.isEmpty()) {
      Published news =
          new Published(
              now.at(),
              before.at().seq(),
              now.avatars().newSince(before.avatars()),
              now.avatars().leftSince(before.avatars()));
      relays.forEach(relay -> relay.tell(news));
    }
    now.nextDeadline(this::deadline)
        .ifPresentOrElse(
            at ->
                timers.startSingleTimer(
                    Tick.GHOSTS, Tick.GHOSTS, Duration.ofMillis(Math.max(0, at - now()))),
            () -> timers.cancel(Tick.GHOSTS));
  }

  private void onSubscribe(WorldState state, Subscribe subscribe) {
    ActorRef<Feed> relay = subscribe.relay();
    if (relays.add(relay)) {
      context.watchWith(relay, new RelayGone(relay));
    }
    take(state, subscribe.places());
    if (subscribe.at().equals(published.at())) {
      relay.tell(new UpToDate(published.at(), moved, context.getSelf()));
    } else {
      tellAll(relay);
    }
    publishMovesWhenDue(state);
  }

  private void tellAll(ActorRef<Feed> relay) {
    List<Figure> all = published.avatars().figures().stream().map(places::placed).toList();
    int size = limits.flushSize();
    int parts = Math.max(1, Math.ceilDiv(all.size(), size));
    for (int part = 0; part < parts; part++) {
      List<Figure> some =
          List.copyOf(all.subList(part * size, Math.min(all.size(), (part + 1) * size)));
      relay.tell(new Cut(published.at(), moved, part, parts, some, context.getSelf()));
    }
  }

  private void onWalk(WorldState state, Walk walk) {
    if (relays.contains(walk.relay())) {
      take(state, walk.strides());
      publishMovesWhenDue(state);
    } else {
      walk.relay().tell(new Stranger());
    }
  }

  private void take(WorldState state, List<Stride> strides) {
    for (Stride stride : strides) {
      state.avatars().of(stride.session()).ifPresent(figure -> places.move(figure, stride));
    }
  }

  /// The first moves after a pause are told at once; those that follow, with the tick.
  private void publishMovesWhenDue(WorldState state) {
    if (places.hasNews() && !timers.isTimerActive(Tick.MOVES)) {
      publishMoves(state);
      timers.startTimerAtFixedRate(Tick.MOVES, Tick.MOVES, limits.tick());
    }
  }

  private void onMovesTick(WorldState state) {
    if (places.hasNews()) {
      publishMoves(state);
    } else {
      timers.cancel(Tick.MOVES);
    }
  }

  private void publishMoves(WorldState state) {
    List<Movement> movements = places.takeNews(state.avatars());
    for (int from = 0; from < movements.size(); from += Places.MESSAGE_SIZE) {
      int to = Math.min(movements.size(), from + Places.MESSAGE_SIZE);
      moved++;
      Moved news = new Moved(moved, List.copyOf(movements.subList(from, to)));
      relays.forEach(relay -> relay.tell(news));
      around.meter().tells(relays.size(), to - from);
    }
  }

  private void onEmit(WorldState state, Emit emit) {
    state
        .avatars()
        .of(emit.session())
        .ifPresent(figure -> {
          Emitted emitted = new Emitted(figure.id(), figure.session(), emit.name(), emit.data());
          relays.forEach(relay -> relay.tell(emitted));
        });
  }

  /// The session ended and its last word never came, or was lost with it: its avatar goes as a
  /// normal change, unless the session has spoken since it was asked.
  private void onUnknown(WorldState state, Unknown gone) {
    if (state.avatars().stepOf(gone.session()) == gone.n() && !pending.hasWordOf(gone.session())) {
      pending.addUnknown(gone.session());
      flushSoon();
    }
  }

  private void remind(WorldState state) {
    Map<String, Avatars.Departed> untold = state.avatars().untold();
    untold.keySet().forEach(session -> dismiss(state, session));
    if (!untold.isEmpty()) {
      timers.startSingleTimer(Tick.REMIND, Tick.REMIND, limits.remindEvery());
    }
  }

  private void dismiss(WorldState state, String session) {
    Avatars.Departed last = state.avatars().departed().get(session);
    if (last != null) {
      around.ties().dismiss(session, piece, last.n(), last.id(), last.why());
    }
  }

  private void callRoll(WorldState state) {
    timers.startSingleTimer(Tick.CALL_ROLL, Tick.CALL_ROLL, limits.rollCallEvery());
    for (Figure figure : state.avatars().figures()) {
      around.ties().call(figure.session(), piece, figure.n());
    }
  }

  private void checkIdle(WorldState state) {
    boolean awaitsNobody = state.avatars().isEmpty() && state.avatars().untold().isEmpty();
    if (awaitsNobody && pending.isEmpty() && relays.isEmpty()) {
      around.shard().tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
  }

  private long now() {
    return around.clock().millis();
  }

  @Override
  public EventHandler<WorldState, Flushed> eventHandler() {
    return newEventHandlerBuilder()
        .forAnyState()
        .onAnyEvent((state, event) -> state.apply(event, limits));
  }

  @Override
  public SignalHandler<WorldState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .onSignal(PostStop.instance(), state -> around.meter().left(piece))
        .build();
  }

  private void onRecovered(WorldState state) {
    publish(state);
    remind(state);
    flushing = false;
    if (!pending.isEmpty()) {
      flushSoon();
    }
    timers.startTimerWithFixedDelay(Tick.CHECK_IDLE, Tick.CHECK_IDLE, limits.idle());
    timers.startSingleTimer(Tick.CALL_ROLL, Tick.CALL_ROLL, limits.rollCallAfterRecovery());
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return Persistence.RETENTION;
  }

  @Override
  public SnapshotAdapter<WorldState> snapshotAdapter() {
    return Persistence.snapshots(
        WorldState.Snapshot.class, WorldState::snapshot, WorldState.Snapshot::state);
  }
}
