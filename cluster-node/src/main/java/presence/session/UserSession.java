package presence.session;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;
import presence.auth.Principal;
import presence.cluster.Last;
import presence.cluster.Persistence;
import presence.cluster.Remote;
import presence.instance.ChatInstance;
import presence.protocol.ErrorCode;
import presence.protocol.Position;
import presence.session.SessionState.Absent;
import presence.session.SessionState.Open;
import presence.user.User;

/// One session of one proven identity: the single writer of its lease, its memberships and its
/// place.
///
/// A connection attaches and gets the next epoch; the one before is told that it was replaced. When
/// the current connection is lost the grace begins, and only when that is over, or the client says
/// bye, does anybody else hear of it. What must be remembered is persisted before it is answered;
/// what instances and the person must know is repeated until they acknowledge it, also after a
/// restart.
public final class UserSession
    extends EventSourcedBehavior<UserSession.Command, SessionEvent, SessionState> {

  public sealed interface Command extends Remote {}

  /// A connection takes the session; repeated until answered by [Attached] or [AttachRefused].
  ///
  /// @param tokenHash of the resume token the client will be given; it tells a repetition from a
  ///   second attach
  public record Attach(
      Opening opening, Profile.Update profile, String tokenHash, ActorRef<Notice> connection)
      implements Command {}

  /// The connection of this epoch lost its socket.
  public record Detach(long epoch) implements Command {}

  /// The connection of this epoch still stands: its sign of life, and its claim after the entity
  /// moved or started again. Answered by [Held], [Replaced] or [Over].
  public record Reclaim(long epoch, Action.Move place, ActorRef<Notice> connection)
      implements Command {}

  /// The client of this epoch was heard: it holds the newest token.
  public record Confirm(long epoch) implements Command {}

  /// A client's wish, numbered by its connection; repeated until answered by [Done] or [Refused],
  /// for [Action.Say] by the instance itself.
  public record Order(
      long epoch, long number, boolean repeated, Action action, ActorRef<Notice> connection)
      implements Command {}

  /// Ends the session of whoever holds this resume token. Answered by whether it did.
  public record Quit(String tokenHash, ActorRef<Boolean> replyTo) implements Command {}

  /// Ends the session at once. Answered, to whoever wants to know, by whether there was one.
  public record Evict(EndReason reason, @Nullable ActorRef<Boolean> replyTo) implements Command {
    public Evict(EndReason reason) {
      this(reason, null);
    }
  }

  /// An instance lists the session at step `n` and asks whether it exists.
  public record RollCall(String instance, long n) implements Command {}

  /// Stops the entity at once, without writing.
  public enum Stop implements Command {
    STOP
  }

  private enum Tick implements Command {
    RECOVERED,
    DEADLINE,
    UNCLAIMED,
    REPEAT,
    MOVE,
    SETTLED,
    ABSENT
  }

  private record ConnectionGone(long epoch) implements Command {}

  private record InstanceSays(ChatInstance.Receipt receipt) implements Command {}

  private record PersonSays(User.Receipt receipt) implements Command {}

  /// What a connection is told.
  public sealed interface Notice extends Remote {}

  /// The session is the connection's.
  ///
  /// @param instances what is joined, and how far each stream was when the session last heard
  /// @param incarnation the entity as it runs now; when it ends, the connection reclaims
  public record Attached(
      String session,
      long epoch,
      boolean resumed,
      Principal principal,
      Profile profile,
      Map<String, Position> instances,
      List<String> watches,
      ActorRef<Command> incarnation)
      implements Notice {}

  public record AttachRefused(ErrorCode code, String message) implements Notice {}

  /// The session is still the connection's.
  public record Held(ActorRef<Command> incarnation) implements Notice {}

  /// A newer connection has the session.
  public record Replaced(long epoch) implements Notice {}

  /// The session has ended, or there is none.
  public record Over(EndReason reason) implements Notice {}

  /// The instance did not admit the session after all; said to a connection that did not ask
  /// itself.
  public record Unjoined(String instance) implements Notice {}

  /// The order is done, durably.
  ///
  /// @param at for a join, a place in the stream at or after the session's own joining
  public record Done(long number, @Nullable Position at) implements Notice {}

  public record Refused(long number, ErrorCode code, String message, @Nullable Long retryAfterMs)
      implements Notice {}

  /// The connection that has the session, as far as this incarnation knows.
  private record Holder(ActorRef<Notice> connection, long epoch) {}

  private final String id;
  private final SessionSurroundings around;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Reports reports;
  private final Orders orders;
  private @Nullable Holder holder;
  private boolean leaving;
  private Duration repeatAfter;
  private long recoveredAt;

  /// The behaviour of the session of this id.
  public static Behavior<Command> create(
      String id, PersistenceId persistenceId, SessionSurroundings around) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(
            timers -> new UserSession(id, persistenceId, around, context, timers)));
  }

  private UserSession(
      String id,
      PersistenceId persistenceId,
      SessionSurroundings around,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(persistenceId, Persistence.RESTART);
    this.id = id;
    this.around = around;
    this.context = context;
    this.timers = timers;
    this.repeatAfter = around.limits().repeatFirst();
    this.reports =
        new Reports(
            id,
            around.instances(),
            around.users(),
            context.messageAdapter(ChatInstance.Receipt.class, InstanceSays::new),
            context.messageAdapter(User.Receipt.class, PersonSays::new));
    this.orders =
        new Orders(
            id,
            around,
            reports,
            this,
            after -> timers.startSingleTimer(Tick.MOVE, Tick.MOVE, after));
  }

  @Override
  public SessionState emptyState() {
    return new Absent(0);
  }

  @Override
  public CommandHandler<Command, SessionEvent, SessionState> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onAnyCommand((state, command) ->
            switch (state) {
              case Absent absent -> onAbsent(command);
              case Open open -> onOpen(open, command);
            });
  }

  /// There is no session of this id: whoever asks is told so, and only a first attach changes it.
  private Effect<SessionEvent, SessionState> onAbsent(Command command) {
    if (leaving && command instanceof Attach) {
      passivate(); // it asks again, and then another incarnation answers
      return Effect().none();
    }
    switch (command) {
      case Attach attach -> {
        switch (attach.opening()) {
          case Opening.Fresh fresh -> {
            return open(attach, fresh.principal());
          }
          case Opening.ByKey key -> {
            return open(attach, key.principal());
          }
          case Opening.ByToken token -> attach.connection().tell(expired());
        }
      }
      case Reclaim reclaim -> reclaim.connection().tell(new Over(EndReason.GRACE_OVER));
      case Order order -> order.connection().tell(new Over(EndReason.GRACE_OVER));
      case Quit quit -> quit.replyTo().tell(false);
      case RollCall roll ->
          around.instances().tell(roll.instance(), new ChatInstance.Unknown(id, roll.n()));
      case Stop stop -> {
        return Effect().stop();
      }
      case Detach detach -> {}
      case Confirm confirm -> {}
      case Evict evict -> {
        if (evict.replyTo() != null) {
          evict.replyTo().tell(false);
        }
      }
      case ConnectionGone gone -> {}
      case InstanceSays receipt -> {}
      case PersonSays receipt -> {}
      case Tick tick -> {}
    }
    passivate();
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> open(Attach attach, Principal principal) {
    Profile profile = Profile.BLANK.with(attach.profile());
    long n = lastSequenceNumber(context) + 1;
    return persist(
        new SessionEvent.Opened(principal, profile, attach.tokenHash(), n, now()),
        (Open now) -> attached(now, attach, false));
  }

  private Effect<SessionEvent, SessionState> onOpen(Open state, Command command) {
    return switch (command) {
      case Attach attach -> onAttach(state, attach);
      case Detach detach -> onDetach(state, detach.epoch());
      case ConnectionGone gone -> onDetach(state, gone.epoch());
      case Reclaim reclaim -> onReclaim(state, reclaim);
      case Confirm confirm -> onConfirm(state, confirm.epoch());
      case Order order -> onOrder(state, order);
      case Quit quit -> onQuit(state, quit);
      case Evict evict -> onEvict(state, evict);
      case RollCall roll -> onRollCall(state, roll);
      case InstanceSays says ->
          switch (says.receipt()) {
            case ChatInstance.Recorded recorded -> onRecorded(state, recorded);
            case ChatInstance.Full full -> orders.refusedByInstance(state, full);
          };
      case PersonSays says -> {
        reports.acknowledged(says.receipt());
        yield endWhenSettled(state);
      }
      case Tick tick -> onTick(state, tick);
      case Stop stop -> Effect().stop();
    };
  }

  private Effect<SessionEvent, SessionState> onAttach(Open state, Attach attach) {
    if (state.lease().isOver()) {
      if (attach.opening() instanceof Opening.ByToken) {
        attach.connection().tell(expired());
      }
      return Effect().none(); // who comes by key asks again until everybody was told of the end
    }
    if (attach.tokenHash().equals(state.tokens().newest())) {
      attached(state, attach, state.tokens().predecessor() != null);
      return Effect().none();
    }
    if (state.tokens().superseded().contains(attach.tokenHash())) {
      attach.connection().tell(new Replaced(state.lease().epoch()));
      return Effect().none();
    }
    @Nullable AttachRefused refusal = attach.opening().refusal(state);
    if (refusal != null) {
      attach.connection().tell(refusal);
      return Effect().none();
    }
    Profile profile = orders.takePlace(state).with(attach.profile());
    return persist(
        new SessionEvent.Attached(
            attach.tokenHash(),
            attach.opening().presentedHash(),
            profile,
            around.viewing(state, profile),
            now()),
        (Open now) -> attached(now, attach, true));
  }

  private void attached(Open state, Attach attach, boolean resumed) {
    if (holder != null && !holder.connection().equals(attach.connection())) {
      holder.connection().tell(new Replaced(state.lease().epoch()));
    }
    adopt(state, attach.connection());
    Map<String, Position> positions = new HashMap<>();
    state.joined().forEach(each -> positions.put(each, reports.position(each)));
    attach
        .connection()
        .tell(
            new Attached(
                id,
                state.lease().epoch(),
                resumed,
                state.principal(),
                state.profile(),
                positions,
                state.watches(),
                context.getSelf()));
  }

  private void adopt(Open state, ActorRef<Notice> connection) {
    Holder now = new Holder(connection, state.lease().epoch());
    if (!now.equals(holder)) {
      release();
      holder = now;
      context.watchWith(connection, new ConnectionGone(now.epoch()));
    }
  }

  private void release() {
    if (holder != null) {
      context.unwatch(holder.connection());
      holder = null;
    }
  }

  /// Whether the connection of the current epoch is known. After a failed write that was written
  /// nevertheless the holder may be that of an older one.
  private boolean isHeld(Open state) {
    return holder != null && state.lease().isCurrent(holder.epoch());
  }

  private Effect<SessionEvent, SessionState> onDetach(Open state, long epoch) {
    Lease lease = state.lease().detach(epoch, now(), around.limits().grace());
    if (lease.equals(state.lease())) {
      return Effect().none();
    }
    release();
    return persist(new SessionEvent.Detached(lease, now()), now -> {});
  }

  private Effect<SessionEvent, SessionState> onReclaim(Open state, Reclaim reclaim) {
    if (!isCurrent(state, reclaim.epoch(), reclaim.connection())) {
      return Effect().none();
    }
    return state.lease().phase() instanceof Lease.Online
        ? orders.move(state, reclaim.place(), now -> held(now, reclaim))
        : reclaimed(reclaim.connection(), reclaim);
  }

  /// The connection stands after all: the grace ends, and then it gets what it came for.
  private Effect<SessionEvent, SessionState> reclaimed(ActorRef<Notice> connection, Command wish) {
    context.getSelf().tell(wish);
    return persist(new SessionEvent.Reclaimed(now()), (Open now) -> adopt(now, connection));
  }

  private void held(Open state, Reclaim reclaim) {
    adopt(state, reclaim.connection());
    orders.heardOf();
    reclaim.connection().tell(new Held(context.getSelf()));
  }

  /// Whether a connection's message counts; if not, the connection is told why.
  private boolean isCurrent(Open state, long epoch, ActorRef<Notice> sender) {
    if (state.lease().phase() instanceof Lease.Over over) {
      sender.tell(new Over(over.reason()));
      return false;
    }
    if (!state.lease().isCurrent(epoch)) {
      sender.tell(new Replaced(state.lease().epoch()));
      return false;
    }
    return true;
  }

  private Effect<SessionEvent, SessionState> onConfirm(Open state, long epoch) {
    return state.lease().isCurrent(epoch) && state.tokens().predecessor() != null
        ? persist(new SessionEvent.Confirmed(now()), now -> {})
        : Effect().none();
  }

  private Effect<SessionEvent, SessionState> onOrder(Open state, Order order) {
    if (!isCurrent(state, order.epoch(), order.connection())) {
      return Effect().none();
    }
    if (!(state.lease().phase() instanceof Lease.Online)) {
      return reclaimed(order.connection(), order);
    }
    adopt(state, order.connection());
    return orders.take(state, order);
  }

  private Effect<SessionEvent, SessionState> onQuit(Open state, Quit quit) {
    if (state.lease().isOver() || !state.tokens().accepts(quit.tokenHash())) {
      quit.replyTo().tell(false);
      return Effect().none();
    }
    return end(state, EndReason.BYE, () -> quit.replyTo().tell(true));
  }

  private Effect<SessionEvent, SessionState> onEvict(Open state, Evict evict) {
    ActorRef<Boolean> asker = evict.replyTo();
    if (state.lease().isOver()) {
      if (asker != null) {
        asker.tell(false);
      }
      return Effect().none();
    }
    return end(
        state,
        evict.reason(),
        () -> {
          if (asker != null) {
            asker.tell(true);
          }
        });
  }

  private Effect<SessionEvent, SessionState> onRollCall(Open state, RollCall roll) {
    reports.sendTo(state, roll.instance());
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> onRecorded(
      Open state, ChatInstance.Recorded recorded) {
    reports.acknowledged(recorded);
    String instance = recorded.instance();
    if (state.lease().isOver()) {
      return endWhenSettled(state);
    }
    if (!reports.isSettled(state, instance)) {
      return Effect().none();
    }
    SessionState.Membership membership = state.instances().get(instance);
    if (membership == null || membership.joined()) {
      orders.settled(recorded);
      return Effect().none();
    }
    return persist(
        new SessionEvent.Released(instance, now()),
        (Open now) -> {
          orders.settled(recorded);
          reports.forget(instance);
        });
  }

  private Effect<SessionEvent, SessionState> onTick(Open state, Tick tick) {
    return switch (tick) {
      case RECOVERED -> onRecovered(state);
      case DEADLINE -> onDeadline(state);
      case UNCLAIMED -> onUnclaimed(state);
      case REPEAT -> onRepeat(state);
      case MOVE -> orders.postponedMove(state);
      case SETTLED -> endWhenSettled(state);
      case ABSENT -> Effect().none();
    };
  }

  /// The first thing after a restart: what a lost timer would have done, and every word once more.
  private Effect<SessionEvent, SessionState> onRecovered(Open state) {
    reports.repeat(state);
    orders.recovered();
    Lease lease = state.lease().recovered(around.formation().formedAt().toEpochMilli(), grace());
    if (!lease.equals(state.lease())) {
      return persist(new SessionEvent.Detached(lease, now()), now -> {});
    }
    schedule(state);
    if (lease.phase() instanceof Lease.Online && !isHeld(state)) {
      timers.startSingleTimer(Tick.UNCLAIMED, Tick.UNCLAIMED, around.limits().reclaimWait());
    }
    return endWhenSettled(state);
  }

  /// Nobody claimed the session since its restart: its connection died with the node, or while the
  /// session was away. The grace counts from the restart, the first moment this could be known.
  private Effect<SessionEvent, SessionState> onUnclaimed(Open state) {
    if (isHeld(state)) {
      return Effect().none();
    }
    Lease lease = state.lease().detach(state.lease().epoch(), recoveredAt, around.limits().grace());
    return lease.equals(state.lease())
        ? Effect().none()
        : persist(new SessionEvent.Detached(lease, now()), now -> {});
  }

  private Effect<SessionEvent, SessionState> onDeadline(Open state) {
    if (state.lease().expire(now()).isOver()) {
      return end(state, EndReason.GRACE_OVER);
    }
    schedule(state);
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> onRepeat(Open state) {
    reports.repeat(state);
    Duration doubled = repeatAfter.multipliedBy(2);
    Duration last = around.limits().repeatLast();
    repeatAfter = doubled.compareTo(last) > 0 ? last : doubled;
    schedule(state);
    return Effect().none();
  }

  /// Ends the session: everybody who lists it is told, and only then is it gone.
  Effect<SessionEvent, SessionState> end(Open state, EndReason reason) {
    return end(state, reason, () -> {});
  }

  private Effect<SessionEvent, SessionState> end(Open state, EndReason reason, Runnable then) {
    if (state.lease().isOver()) {
      return Effect().none();
    }
    return persist(
        new SessionEvent.Ending(reason, now()),
        now -> {
          then.run();
          if (holder != null) {
            holder.connection().tell(new Over(reason));
          }
          if (reports.isSettled(now)) {
            context.getSelf().tell(Tick.SETTLED);
          }
          then.run();
        });
  }

  private Effect<SessionEvent, SessionState> endWhenSettled(Open state) {
    if (!state.lease().isOver() || !reports.isSettled(state)) {
      return Effect().none();
    }
    return Effect()
        .persist(new SessionEvent.Ended(now()))
        .thenRun(() -> {
          timers.cancelAll();
          passivate();
        });
  }

  boolean isHeldBy(ActorRef<Notice> connection) {
    return holder != null && holder.connection().equals(connection);
  }

  /// Tells the connection that holds the session, if one does.
  void tellHolder(Notice notice) {
    if (holder != null) {
      holder.connection().tell(notice);
    }
  }

  /// Persists a step; afterwards whoever must know of it is told, and the timers fit the new state.
  Effect<SessionEvent, SessionState> persist(SessionEvent event, Consumer<Open> then) {
    return Effect()
        .persist(event)
        .thenRun((SessionState now) -> {
          if (now instanceof Open open) {
            repeatSoon();
            reports.sendNew(open);
            schedule(open);
            then.accept(open);
          }
        });
  }

  /// A new word has not been without answer for long, whatever the older ones have.
  private void repeatSoon() {
    if (!repeatAfter.equals(around.limits().repeatFirst())) {
      repeatAfter = around.limits().repeatFirst();
      timers.cancel(Tick.REPEAT);
    }
  }

  private void schedule(Open state) {
    if (state.lease().phase() instanceof Lease.Leased leased) {
      Duration left = Duration.ofMillis(Math.max(0, leased.deadline() - now()));
      timers.startSingleTimer(Tick.DEADLINE, Tick.DEADLINE, left);
    } else {
      timers.cancel(Tick.DEADLINE);
    }
    if (reports.isSettled(state)) {
      timers.cancel(Tick.REPEAT);
    } else if (!timers.isTimerActive(Tick.REPEAT)) {
      timers.startSingleTimer(Tick.REPEAT, Tick.REPEAT, repeatAfter);
    }
  }

  private void passivate() {
    leaving = true;
    around.shard().tell(new ClusterSharding.Passivate<>(context.getSelf()));
  }

  private Duration grace() {
    return around.limits().grace();
  }

  private long now() {
    return around.clock().millis();
  }

  private static AttachRefused expired() {
    return new AttachRefused(ErrorCode.RESUME_EXPIRED, "the resume token selects no session");
  }

  @Override
  public EventHandler<SessionState, SessionEvent> eventHandler() {
    return newEventHandlerBuilder().forAnyState().onAnyEvent(SessionState::apply);
  }

  @Override
  public SignalHandler<SessionState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(
            RecoveryCompleted.instance(),
            state -> {
              recoveredAt = now();
              if (state instanceof Open) {
                context.getSelf().tell(Tick.RECOVERED);
              } else {
                timers.startSingleTimer(Tick.ABSENT, Tick.ABSENT, around.limits().repeatLast());
              }
            })
        .build();
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return Persistence.RETENTION;
  }

  @Override
  public Set<String> tagsFor(SessionEvent event) {
    return Last.tags(event);
  }
}
