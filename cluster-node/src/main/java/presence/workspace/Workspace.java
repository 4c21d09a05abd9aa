package presence.workspace;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
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
import presence.cluster.Door;
import presence.cluster.Last;
import presence.cluster.Persistence;
import presence.protocol.Position;
import presence.workspace.WorkspaceCommand.Answer;
import presence.workspace.WorkspaceCommand.Attach;
import presence.workspace.WorkspaceCommand.Audit;
import presence.workspace.WorkspaceCommand.Counted;
import presence.workspace.WorkspaceCommand.Cut;
import presence.workspace.WorkspaceCommand.Hold;
import presence.workspace.WorkspaceCommand.Question;
import presence.workspace.WorkspaceCommand.Refusal;
import presence.workspace.WorkspaceCommand.Refused;
import presence.workspace.WorkspaceCommand.Release;
import presence.workspace.WorkspaceCommand.Shown;
import presence.workspace.WorkspaceCommand.Stop;
import presence.workspace.WorkspaceCommand.StreamGone;
import presence.workspace.WorkspaceCommand.Tick;

/// One workspace: who has a claim to it, what each looks at, its sessions, and the one stream of
/// changes that tells of them.
///
/// A claim is durable, the streams that keep it up are known to the incarnation alone: they attach
/// with their refs and are watched. After a restart an attached client keeps its place until its
/// streams have had time to attach again. What happens is persisted, then told to the streams, then
/// answered.
///
/// It exists while somebody has a claim; then it has deadlines, so it is remembered. Beyond that
/// its sessions are in the journal.
public final class Workspace
    extends EventSourcedBehavior<WorkspaceCommand, WorkspaceEvent, WorkspaceState> {

  private final String id;
  private final WorkspaceLimits limits;
  private final InstantSource clock;
  private final Door<Client.Command> clients;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final ActorContext<WorkspaceCommand> context;
  private final TimerScheduler<WorkspaceCommand> timers;
  private final Streams streams;
  private final Desk desk;
  private Position published = Position.NOWHERE;
  private boolean passivating;

  /// The behaviour of the workspace of this id.
  public static Behavior<WorkspaceCommand> create(
      String id,
      PersistenceId persistenceId,
      WorkspaceLimits limits,
      InstantSource clock,
      Door<Client.Command> clients,
      ActorRef<ClusterSharding.ShardCommand> shard) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers ->
            new Workspace(id, persistenceId, limits, clock, clients, shard, context, timers)));
  }

  private Workspace(
      String id,
      PersistenceId persistenceId,
      WorkspaceLimits limits,
      InstantSource clock,
      Door<Client.Command> clients,
      ActorRef<ClusterSharding.ShardCommand> shard,
      ActorContext<WorkspaceCommand> context,
      TimerScheduler<WorkspaceCommand> timers) {
    super(persistenceId, Persistence.RESTART);
    this.id = id;
    this.limits = limits;
    this.clock = clock;
    this.clients = clients;
    this.shard = shard;
    this.context = context;
    this.timers = timers;
    this.streams = new Streams(id, context);
    this.desk = new Desk(id, limits);
  }

  @Override
  public WorkspaceState emptyState() {
    return WorkspaceState.EMPTY;
  }

  @Override
  public CommandHandler<WorkspaceCommand, WorkspaceEvent, WorkspaceState> commandHandler() {
    return newCommandHandlerBuilder().forAnyState().onAnyCommand(this::onCommand);
  }

  private Effect<WorkspaceEvent, WorkspaceState> onCommand(
      WorkspaceState state, WorkspaceCommand command) {
    if (passivating && !(command instanceof Stop)) {
      return Effect().none(); // who asks again asks the next incarnation
    }
    return switch (command) {
      case Hold hold -> onHold(state, hold);
      case Question question -> onQuestion(state, question);
      case Attach attach -> onAttach(state, attach);
      case Release release -> onRelease(state, release);
      case Audit audit -> onAudit(state, audit);
      case StreamGone gone -> onStreamGone(state, gone.stream());
      case Tick tick ->
          switch (tick) {
            case DEADLINE -> onDeadline(state);
            case UNCLAIMED -> onUnclaimed(state);
            case ABSENT -> onAbsent(state);
          };
      case Stop stop -> Effect().stop();
    };
  }

  private Effect<WorkspaceEvent, WorkspaceState> onHold(WorkspaceState state, Hold hold) {
    String client = hold.client();
    Refusal refusal = refusal(state, client, hold.n());
    if (refusal != null) {
      return answer(hold.replyTo(), refusal);
    }
    List<WorkspaceEvent> events = new ArrayList<>();
    boolean created = !state.exists();
    if (created) {
      boolean fresh = state.isForgotten(now(), limits);
      events.add(new WorkspaceEvent.Opened(hold.path(), hold.name(), fresh, now()));
    }
    if (!state.claims().isAttached(client) || !state.claims().isCurrent(client, hold.n())) {
      long deadline = now() + limits.createGrace().toMillis();
      events.add(new WorkspaceEvent.Held(client, hold.n(), deadline));
    }
    return persist(events, now -> hold.replyTo().tell(new Shown(now.view(id), created)));
  }

  private @Nullable Refusal refusal(WorkspaceState state, String client, long n) {
    if (state.isStale(client, n)) {
      return Refusal.STALE;
    }
    return !state.claims().has(client) && state.claims().size() >= limits.clients()
        ? Refusal.TOO_MANY_CLIENTS
        : null;
  }

  private Effect<WorkspaceEvent, WorkspaceState> onQuestion(
      WorkspaceState state, Question question) {
    Desk.Decision decision = desk.decide(state, question, now());
    return decision.events().isEmpty()
        ? answer(question.replyTo(), decision.answer().in(state))
        : persist(decision.events(), now -> question.replyTo().tell(decision.answer().in(now)));
  }

  private Effect<WorkspaceEvent, WorkspaceState> answer(ActorRef<Answer> asker, Answer answer) {
    asker.tell(answer);
    return Effect().none();
  }

  private Effect<WorkspaceEvent, WorkspaceState> onAttach(WorkspaceState state, Attach attach) {
    String client = attach.client();
    Refusal refusal = state.exists() ? refusal(state, client, attach.n()) : Refusal.NO_WORKSPACE;
    if (refusal == null
        && !streams.has(attach.stream())
        && streams.of(client) >= limits.streams()) {
      refusal = Refusal.TOO_MANY_STREAMS;
    }
    if (refusal != null) {
      streams.tell(attach, new Refused(refusal));
      return Effect().none();
    }
    if (state.claims().isCurrent(client, attach.n()) && state.claims().isAttached(client)) {
      counted(state, attach);
      return Effect().none();
    }
    return persist(
        List.of(new WorkspaceEvent.Attached(client, attach.n())), now -> counted(now, attach));
  }

  /// The stream counts from now on, and gets what it lacks.
  private void counted(WorkspaceState now, Attach attach) {
    streams.adopt(attach);
    streams.tell(attach, new Counted(context.getSelf()));
    Position since = attach.since();
    if (since == null) {
      streams.tell(attach, new Cut(now.view(id)));
    } else if (!since.equals(now.at())) {
      Feeds.since(id, now, since).forEach(feed -> streams.tell(attach, feed));
    }
  }

  private Effect<WorkspaceEvent, WorkspaceState> onRelease(WorkspaceState state, Release release) {
    return drop(state, release.client(), release.n(), release.replyTo());
  }

  /// A claim that is not there now must not come later: its number may be on its way.
  private Effect<WorkspaceEvent, WorkspaceState> onAudit(WorkspaceState state, Audit audit) {
    return state.claims().isCurrent(audit.client(), audit.n())
        ? Effect().none()
        : drop(state, audit.client(), audit.n(), audit.replyTo());
  }

  private Effect<WorkspaceEvent, WorkspaceState> drop(
      WorkspaceState state, String client, long n, ActorRef<Client.Command> teller) {
    if (state.fences().bars(client, n)) {
      teller.tell(new Client.Released(id, n));
      return Effect().none();
    }
    return persist(
        dropped(state, List.of(new Claims.Ended(client, n))),
        _ -> teller.tell(new Client.Released(id, n)));
  }

  private List<WorkspaceEvent> dropped(WorkspaceState state, List<Claims.Ended> claims) {
    WorkspaceEvent dropped = new WorkspaceEvent.Dropped(claims, now());
    WorkspaceState then = state.apply(dropped, limits);
    return then.exists() || !then.sessions().isEmpty()
        ? List.of(dropped)
        : List.of(dropped, new WorkspaceEvent.Vacated(now()));
  }

  private Effect<WorkspaceEvent, WorkspaceState> onStreamGone(
      WorkspaceState state, ActorRef<WorkspaceCommand.Feed> stream) {
    String client = streams.gone(stream);
    return client == null || streams.of(client) > 0 || !state.claims().isAttached(client)
        ? Effect().none()
        : detach(List.of(client));
  }

  private Effect<WorkspaceEvent, WorkspaceState> detach(List<String> lost) {
    long deadline = now() + limits.detachGrace().toMillis();
    return persist(List.of(new WorkspaceEvent.Detached(lost, deadline)), _ -> {});
  }

  /// Streams that are alive have attached again by now; whoever has none was lost meanwhile.
  private Effect<WorkspaceEvent, WorkspaceState> onUnclaimed(WorkspaceState state) {
    List<String> lost =
        state.claims().attached().stream().filter(client -> streams.of(client) == 0).toList();
    return lost.isEmpty() ? Effect().none() : detach(lost);
  }

  private Effect<WorkspaceEvent, WorkspaceState> onDeadline(WorkspaceState state) {
    List<Claims.Ended> due = state.claims().due(now());
    if (due.isEmpty()) {
      fitTimers(state);
      return Effect().none();
    }
    return persist(
        dropped(state, due),
        _ -> due.forEach(each -> clients.tell(each.client(), new Client.Released(id, each.n()))));
  }

  /// Persists steps; then what they mean for streams and deadlines is done, and `then`.
  private Effect<WorkspaceEvent, WorkspaceState> persist(
      List<WorkspaceEvent> events, Consumer<WorkspaceState> then) {
    return Effect()
        .persist(events)
        .thenRun((WorkspaceState now) -> {
          settle(now);
          then.accept(now);
        });
  }

  private void settle(WorkspaceState now) {
    publish(now);
    streams.keep(now.claims());
    fitTimers(now);
  }

  private void publish(WorkspaceState now) {
    Position from = published;
    published = now.at();
    if (!from.equals(published) && !streams.isEmpty()) {
      Feeds.since(id, now, from).forEach(streams::tell);
    }
  }

  private void fitTimers(WorkspaceState now) {
    if (now.exists()) {
      timers.cancel(Tick.ABSENT);
    } else if (!timers.isTimerActive(Tick.ABSENT)) {
      timers.startSingleTimer(Tick.ABSENT, Tick.ABSENT, limits.repeatLast());
    }
    now.claims()
        .nextDeadline()
        .ifPresentOrElse(
            deadline ->
                timers.startSingleTimer(
                    Tick.DEADLINE, Tick.DEADLINE, Duration.ofMillis(Math.max(0, deadline - now()))),
            () -> timers.cancel(Tick.DEADLINE));
  }

  private Effect<WorkspaceEvent, WorkspaceState> onAbsent(WorkspaceState state) {
    if (!state.exists()) {
      passivating = true;
      shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
    return Effect().none();
  }

  private long now() {
    return clock.millis();
  }

  @Override
  public EventHandler<WorkspaceState, WorkspaceEvent> eventHandler() {
    return newEventHandlerBuilder()
        .forAnyState()
        .onAnyEvent((state, event) -> state.apply(event, limits));
  }

  @Override
  public SignalHandler<WorkspaceState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .build();
  }

  /// Streams that are known here have outlived a failed write, whose outcome is known only now.
  private void onRecovered(WorkspaceState state) {
    settle(state);
    timers.startSingleTimer(Tick.UNCLAIMED, Tick.UNCLAIMED, limits.reclaimWait());
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return Persistence.RETENTION;
  }

  @Override
  public SnapshotAdapter<WorkspaceState> snapshotAdapter() {
    return Persistence.snapshots(
        WorkspaceState.Snapshot.class, WorkspaceState::snapshot, WorkspaceState.Snapshot::state);
  }

  @Override
  public Set<String> tagsFor(WorkspaceEvent event) {
    return Last.tags(event);
  }
}
