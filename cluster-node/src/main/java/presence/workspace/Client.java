package presence.workspace;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import presence.cluster.Door;
import presence.cluster.Last;
import presence.cluster.Persistence;
import presence.cluster.Remote;
import presence.cluster.ToItself;

/// One client of workspaces: numbers its claims, and takes them all back when it retires.
///
/// A claim's number is given out here before the workspace hears of it, and is dead for good once
/// the workspace has dropped it, whyever it did. So whatever is late in the network can only be
/// refused, and who asks again gets a new number, or learns that the client has retired.
public final class Client extends EventSourcedBehavior<Client.Command, ClientEvent, ClientState> {

  public sealed interface Command extends Remote {}

  /// May the client claim this workspace? Answered by an [Admission].
  ///
  /// @param over a number that the workspace says is over; 0 = none
  public record Admit(String workspace, long over, ActorRef<Admission> replyTo)
      implements Command {}

  /// Gives up the client's claim to a workspace; answered when that is so.
  public record Leave(String workspace, ActorRef<Left> replyTo) implements Command {}

  /// Gives up every claim, for good; answered when that is so.
  public record Retire(ActorRef<Left> replyTo) implements Command {}

  /// The workspace has no claim of the client up to number `n`, and will take none.
  public record Released(String workspace, long n) implements Command {}

  /// Stops the entity at once, without writing.
  public enum Stop implements Command {
    STOP
  }

  private enum Tick implements Command, ToItself {
    REPEAT,
    CHECK_IDLE
  }

  /// The answer to an [Admit].
  public sealed interface Admission extends Remote {}

  /// The client may claim it under this number.
  public record Admitted(long n) implements Admission {}

  public enum Turned implements Admission {
    /// The client has retired.
    RETIRED,
    TOO_MANY
  }

  /// The answer to a [Leave] or a [Retire].
  ///
  /// @param had whether there was something to give up
  public record Left(boolean had) implements Remote {}

  private final WorkspaceLimits limits;
  private final InstantSource clock;
  private final Door<WorkspaceCommand> workspaces;
  private final String client;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Map<String, Set<ActorRef<Left>>> leavers = new LinkedHashMap<>();
  private final Set<ActorRef<Left>> retirers = new LinkedHashSet<>();
  private Duration repeatAfter;
  private long lastUse;
  private boolean passivating;

  /// The behaviour of the client of this id.
  public static Behavior<Command> create(
      String client,
      PersistenceId id,
      WorkspaceLimits limits,
      InstantSource clock,
      Door<WorkspaceCommand> workspaces,
      ActorRef<ClusterSharding.ShardCommand> shard) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(
            timers -> new Client(client, id, limits, clock, workspaces, shard, context, timers)));
  }

  private Client(
      String client,
      PersistenceId id,
      WorkspaceLimits limits,
      InstantSource clock,
      Door<WorkspaceCommand> workspaces,
      ActorRef<ClusterSharding.ShardCommand> shard,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(id, Persistence.RESTART);
    this.client = client;
    this.limits = limits;
    this.clock = clock;
    this.workspaces = workspaces;
    this.shard = shard;
    this.context = context;
    this.timers = timers;
    this.repeatAfter = limits.repeatFirst();
    this.lastUse = clock.millis();
  }

  @Override
  public ClientState emptyState() {
    return ClientState.EMPTY;
  }

  @Override
  public CommandHandler<Command, ClientEvent, ClientState> commandHandler() {
    return newCommandHandlerBuilder().forAnyState().onAnyCommand(this::onCommand);
  }

  private Effect<ClientEvent, ClientState> onCommand(ClientState state, Command command) {
    if (passivating && !(command instanceof Stop)) {
      return Effect().none(); // who asks again asks the next incarnation
    }
    return switch (command) {
      case Admit admit -> onAdmit(state, admit);
      case Leave leave -> onLeave(state, leave);
      case Retire retire -> onRetire(state, retire);
      case Released released -> onReleased(state, released);
      case Tick tick ->
          switch (tick) {
            case REPEAT -> onRepeat(state);
            case CHECK_IDLE -> onCheckIdle(state);
          };
      case Stop stop -> Effect().stop();
    };
  }

  private Effect<ClientEvent, ClientState> onAdmit(ClientState state, Admit admit) {
    lastUse = clock.millis();
    if (state.retired()) {
      admit.replyTo().tell(Turned.RETIRED);
      return Effect().none();
    }
    Long present = state.claim(admit.workspace());
    if (present != null && present > admit.over()) {
      admit.replyTo().tell(new Admitted(present));
      return Effect().none();
    }
    if (present == null && state.claims().size() >= limits.claims()) {
      admit.replyTo().tell(Turned.TOO_MANY);
      return Effect().none();
    }
    long n = nextNumber();
    return Effect()
        .persist(new ClientEvent.Admitted(admit.workspace(), n))
        .thenRun(() -> admit.replyTo().tell(new Admitted(n)));
  }

  private Effect<ClientEvent, ClientState> onLeave(ClientState state, Leave leave) {
    lastUse = clock.millis();
    String workspace = leave.workspace();
    if (state.claim(workspace) != null) {
      return Effect()
          .persist(new ClientEvent.Leaving(workspace, nextNumber()))
          .thenRun((ClientState now) -> {
            await(leave);
            begin(now);
          });
    }
    if (state.leaving().containsKey(workspace)) {
      await(leave);
    } else {
      leave.replyTo().tell(new Left(false));
    }
    return Effect().none();
  }

  private void await(Leave leave) {
    leavers.computeIfAbsent(leave.workspace(), _ -> new LinkedHashSet<>()).add(leave.replyTo());
  }

  private Effect<ClientEvent, ClientState> onRetire(ClientState state, Retire retire) {
    lastUse = clock.millis();
    if (state.retired()) {
      retirers.add(retire.replyTo());
      answer(state);
      return Effect().none();
    }
    return Effect()
        .persist(new ClientEvent.Retired(nextNumber()))
        .thenRun((ClientState now) -> {
          retirers.add(retire.replyTo());
          begin(now);
          answer(now);
        });
  }

  private Effect<ClientEvent, ClientState> onReleased(ClientState state, Released released) {
    if (!state.awaits(released.workspace(), released.n())) {
      return Effect().none();
    }
    ClientEvent settled = new ClientEvent.Settled(released.workspace(), released.n());
    List<ClientEvent> events = new ArrayList<>(List.of(settled));
    if (state.apply(settled).isVacant()) {
      events.add(new ClientEvent.Vacant());
    }
    return Effect().persist(events).thenRun(this::answer);
  }

  /// Answers those whose wish is fulfilled.
  private void answer(ClientState now) {
    leavers
        .entrySet()
        .removeIf(each -> {
          boolean over = !now.leaving().containsKey(each.getKey());
          if (over) {
            each.getValue().forEach(asker -> asker.tell(new Left(true)));
          }
          return over;
        });
    if (now.retired() && now.isSettled()) {
      retirers.forEach(asker -> asker.tell(new Left(true)));
      retirers.clear();
    }
    if (now.isSettled()) {
      timers.cancel(Tick.REPEAT);
    }
  }

  /// Something is to be said that has not been said before.
  private void begin(ClientState now) {
    repeatAfter = limits.repeatFirst();
    say(now);
  }

  private void say(ClientState now) {
    now.leaving()
        .forEach((workspace, n) ->
            workspaces.tell(workspace, new WorkspaceCommand.Release(client, n, context.getSelf())));
    if (!now.isSettled()) {
      timers.startSingleTimer(Tick.REPEAT, Tick.REPEAT, repeatAfter);
    }
  }

  private Effect<ClientEvent, ClientState> onRepeat(ClientState state) {
    Duration doubled = repeatAfter.multipliedBy(2);
    repeatAfter = doubled.compareTo(limits.repeatLast()) > 0 ? limits.repeatLast() : doubled;
    say(state);
    return Effect().none();
  }

  /// What was to be said may not have been heard, and ends of claims may have been missed.
  private void onRecovered(ClientState state) {
    begin(state);
    answer(state);
    state
        .claims()
        .forEach((workspace, n) ->
            workspaces.tell(workspace, new WorkspaceCommand.Audit(client, n, context.getSelf())));
    timers.startTimerWithFixedDelay(Tick.CHECK_IDLE, Tick.CHECK_IDLE, limits.idle());
  }

  private Effect<ClientEvent, ClientState> onCheckIdle(ClientState state) {
    if (state.isSettled() && clock.millis() - lastUse >= limits.idle().toMillis()) {
      passivating = true;
      shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
    return Effect().none();
  }

  private long nextNumber() {
    return lastSequenceNumber(context) + 1;
  }

  @Override
  public EventHandler<ClientState, ClientEvent> eventHandler() {
    return newEventHandlerBuilder().forAnyState().onAnyEvent(ClientState::apply);
  }

  @Override
  public SignalHandler<ClientState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .build();
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return Persistence.RETENTION;
  }

  @Override
  public SnapshotAdapter<ClientState> snapshotAdapter() {
    return Persistence.snapshots(
        ClientState.Snapshot.class, ClientState::snapshot, ClientState.Snapshot::state);
  }

  @Override
  public Set<String> tagsFor(ClientEvent event) {
    return Last.tags(event);
  }
}
