package presence.user;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
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
import presence.cluster.Remote;

/// One person: the sessions they have, when they were last seen, who follows them, what operators
/// decided about them, and their mailbox.
///
/// It learns of sessions from themselves, applies a word only when it is newer than what it holds
/// of that session, and acknowledges it once it is durable. What it has to do unasked (mail to
/// push, a session to end) it does again after a restart, until it is done.
public final class User extends EventSourcedBehavior<User.Command, UserEvent, UserState> {

  public sealed interface Command extends Remote
      permits Report,
          Admit,
          Follow,
          Unfollow,
          Describe,
          Ban,
          SanctionCommand,
          MailCommand,
          Stop,
          Tick,
          FollowerGone {}

  /// A session's word; repeated until a [Receipt] comes.
  ///
  /// @param doing what the person does in it; nothing = the session ended
  public record Report(String session, long n, @Nullable Doing doing, ActorRef<Receipt> replyTo)
      implements Command {}

  /// May this person open a session (or go on with this one)? Answered by an [Admission].
  public record Admit(@Nullable String session, ActorRef<Admission> replyTo) implements Command {}

  /// Tell the follower now and at every change; repeated as its sign of life.
  public record Follow(ActorRef<Seen> follower) implements Command {}

  public record Unfollow(ActorRef<Seen> follower) implements Command {}

  /// Asks once.
  public record Describe(ActorRef<Seen> replyTo) implements Command {}

  /// Ends every session of the person, and admits none before `until`.
  ///
  /// @param until milliseconds since 1970; 0 = a kick: they may come back, unless they are banned
  /// @param reason for operators
  public record Ban(long until, @Nullable String reason, ActorRef<Receipt> replyTo)
      implements Command {}

  /// Stops the entity at once, without writing.
  public enum Stop implements Command {
    STOP
  }

  private enum Tick implements Command {
    IDLE,
    DUE
  }

  private record FollowerGone(ActorRef<Seen> follower) implements Command {}

  /// The answer to a [Report] or a [Ban]: durable up to step `n`, which is 0 for a ban.
  ///
  /// @param silence where the person must be silent; nothing = nowhere ever, or an older node says
  ///   so
  public record Receipt(String person, long n, @Nullable Silence silence) implements Remote {
    public Receipt(String person, long n) {
      this(person, n, null);
    }
  }

  /// The answer to an [Admit].
  public enum Admission implements Remote {
    WELCOME,
    BANNED,
    TOO_MANY
  }

  /// A person as others see them.
  ///
  /// @param exists whether they ever proved themselves here
  /// @param lastSeen milliseconds since 1970, when they are offline and were here once
  public record Seen(
      String person,
      @Nullable String name,
      boolean exists,
      boolean online,
      List<String> here,
      @Nullable String location,
      @Nullable Long lastSeen)
      implements Remote {}

  private final String person;
  private final UserSurroundings around;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final UserMail mail;
  private final UserSanctions sanctions;
  private final Errands errands;
  private final Set<ActorRef<Seen>> followers = new LinkedHashSet<>();
  private long lastUse;

  /// The behaviour of this person.
  public static Behavior<Command> create(String person, PersistenceId id, UserSurroundings around) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new User(person, id, around, context, timers)));
  }

  private User(
      String person,
      PersistenceId id,
      UserSurroundings around,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(id, Persistence.RESTART);
    this.person = person;
    this.around = around;
    this.context = context;
    this.timers = timers;
    this.mail =
        new UserMail(
            person,
            this,
            around,
            context.messageAdapter(MailCommand.Informed.class, MailCommand.SenderKnows::new));
    this.sanctions =
        new UserSanctions(
            person,
            this,
            around,
            context.messageAdapter(Silence.Heard.class, SanctionCommand.SessionHeard::new),
            context.messageAdapter(Register.Entered.class, SanctionCommand.RegisterHas::new));
    this.errands = new Errands(around, mail, sanctions, this::wake);
    this.lastUse = now();
  }

  @Override
  public UserState emptyState() {
    return UserState.EMPTY;
  }

  @Override
  public CommandHandler<Command, UserEvent, UserState> commandHandler() {
    return newCommandHandlerBuilder().forAnyState().onAnyCommand(this::onCommand);
  }

  private Effect<UserEvent, UserState> onCommand(UserState state, Command command) {
    if (!(command instanceof Tick)) {
      lastUse = now();
    }
    return switch (command) {
      case Report report -> onReport(state, report);
      case Admit admit -> onAdmit(state, admit);
      case Follow follow -> onFollow(state, follow);
      case Unfollow unfollow -> onFollowerGone(unfollow.follower());
      case Describe describe -> {
        describe.replyTo().tell(state.seen(person));
        yield Effect().none();
      }
      case Ban ban -> sanctions.ban(state, ban);
      case SanctionCommand decision -> sanctions.take(state, decision);
      case MailCommand letter -> mail.take(state, letter);
      case FollowerGone gone -> onFollowerGone(gone.follower());
      case Tick tick ->
          switch (tick) {
            case IDLE -> onIdle(state);
            case DUE -> mail.expire(state);
          };
      case Stop stop -> Effect().stop();
    };
  }

  private Effect<UserEvent, UserState> onReport(UserState state, Report report) {
    Receipt receipt = new Receipt(person, report.n(), state.sanctions().silence());
    if (report.n() <= state.stepOf(report.session())) {
      report.replyTo().tell(receipt);
      return Effect().none();
    }
    boolean came = report.doing() != null && !state.has(report.session());
    return persist(
        new UserEvent.Told(report.session(), report.n(), report.doing(), now()),
        now -> {
          report.replyTo().tell(receipt);
          tellFollowers(state, now);
          if (came) {
            mail.came(report.session(), now);
          }
        });
  }

  /// Persists, tells whom it concerns, and then does what is due.
  Effect<UserEvent, UserState> persist(UserEvent event, Consumer<UserState> then) {
    return Effect()
        .persist(event)
        .thenRun((UserState now) -> {
          then.accept(now);
          errands.run(now);
        });
  }

  /// Nothing to remember, but something may be due.
  Effect<UserEvent, UserState> nothing(UserState state) {
    errands.run(state);
    return Effect().none();
  }

  private void wake(@Nullable Duration after) {
    if (after == null) {
      timers.cancel(Tick.DUE);
    } else {
      timers.startSingleTimer(Tick.DUE, Tick.DUE, after);
    }
  }

  private void tellFollowers(UserState before, UserState now) {
    Seen seen = now.seen(person);
    if (!seen.equals(before.seen(person))) {
      followers.forEach(follower -> follower.tell(seen));
    }
  }

  private Effect<UserEvent, UserState> onAdmit(UserState state, Admit admit) {
    String session = admit.session();
    boolean known = session != null && state.has(session);
    admit
        .replyTo()
        .tell(
            state.isBanned(now())
                ? Admission.BANNED
                : !known && state.live().size() >= around.limits().sessions()
                    ? Admission.TOO_MANY
                    : Admission.WELCOME);
    return Effect().none();
  }

  private Effect<UserEvent, UserState> onFollow(UserState state, Follow follow) {
    if (followers.add(follow.follower())) {
      context.watchWith(follow.follower(), new FollowerGone(follow.follower()));
    }
    follow.follower().tell(state.seen(person));
    return Effect().none();
  }

  private Effect<UserEvent, UserState> onFollowerGone(ActorRef<Seen> follower) {
    if (followers.remove(follower)) {
      context.unwatch(follower);
    }
    return Effect().none();
  }

  private Effect<UserEvent, UserState> onIdle(UserState state) {
    boolean waits =
        !followers.isEmpty()
            || !state.mail().isIdle()
            || !state.evicted().isEmpty()
            || !sanctions.isSettled(state);
    if (!waits && now() - lastUse >= around.limits().idle().toMillis()) {
      around.shard().tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
    return Effect().none();
  }

  private long now() {
    return around.clock().millis();
  }

  @Override
  public EventHandler<UserState, UserEvent> eventHandler() {
    return newEventHandlerBuilder()
        .forAnyState()
        .onAnyEvent((state, event) -> state.apply(event, around.limits().departedAge().toMillis()));
  }

  /// A restart after a failed write takes the timers with it, so they start where a recovery ends.
  @Override
  public SignalHandler<UserState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(
            RecoveryCompleted.instance(),
            state -> {
              timers.startTimerWithFixedDelay(Tick.IDLE, Tick.IDLE, around.limits().idle());
              errands.recovered(state);
            })
        .onSignal(PreRestart.instance(), state -> around.meter().left(person))
        .onSignal(PostStop.instance(), state -> around.meter().left(person))
        .build();
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return Persistence.RETENTION;
  }

  @Override
  public SnapshotAdapter<UserState> snapshotAdapter() {
    return Persistence.snapshots(
        UserState.Snapshot.class, UserState::snapshot, UserState.Snapshot::state);
  }
}
