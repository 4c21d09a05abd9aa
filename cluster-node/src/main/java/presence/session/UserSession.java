package presence.session;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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
import presence.instance.ChatInstance;
import presence.protocol.Position;
import presence.session.Notice.AttachRefused;
import presence.session.Notice.Attached;
import presence.session.Notice.Held;
import presence.session.Notice.Over;
import presence.session.Notice.Replaced;
import presence.session.SessionCommand.Attach;
import presence.session.SessionCommand.Confirm;
import presence.session.SessionCommand.ConnectionGone;
import presence.session.SessionCommand.Detach;
import presence.session.SessionCommand.Evict;
import presence.session.SessionCommand.Hush;
import presence.session.SessionCommand.InstanceSays;
import presence.session.SessionCommand.Judged;
import presence.session.SessionCommand.MailboxSays;
import presence.session.SessionCommand.Order;
import presence.session.SessionCommand.PersonSays;
import presence.session.SessionCommand.Postal;
import presence.session.SessionCommand.Quit;
import presence.session.SessionCommand.Reclaim;
import presence.session.SessionCommand.RollCall;
import presence.session.SessionCommand.SenderKnows;
import presence.session.SessionCommand.Settled;
import presence.session.SessionCommand.Stop;
import presence.session.SessionCommand.Tick;
import presence.session.SessionCommand.WorldSays;
import presence.session.SessionCommand.Worldly;
import presence.session.SessionState.Absent;
import presence.session.SessionState.Open;
import presence.user.MailCommand;
import presence.user.Silence;
import presence.user.User;
import presence.user.Verdict;
import presence.world.World;

/// One session of one proven identity: the single writer of its lease, its memberships and its
/// place.
///
/// A connection attaches and gets the next epoch; the one before is told that it was replaced. When
/// the current connection is lost the grace begins, and only when that is over, or the client says
/// bye, does anybody else hear of it. What must be remembered is persisted before it is answered;
/// what instances and the person must know is repeated until they acknowledge it, also after a
/// restart.
public final class UserSession
    extends EventSourcedBehavior<SessionCommand, SessionEvent, SessionState> {

  private final String id;
  private final SessionSurroundings around;
  private final ActorContext<SessionCommand> context;
  private final Reports reports;
  private final Letters letters;
  private final Utterances utterances;
  private final Inbox inbox;
  private final Visits visits;
  private final Orders orders;
  private final Holder holder;
  private final Reminders reminders;
  private boolean leaving;

  /// The behaviour of the session of this id.
  public static Behavior<SessionCommand> create(
      String id, PersistenceId persistenceId, SessionSurroundings around) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(
            timers -> new UserSession(id, persistenceId, around, context, timers)));
  }

  private UserSession(
      String id,
      PersistenceId persistenceId,
      SessionSurroundings around,
      ActorContext<SessionCommand> context,
      TimerScheduler<SessionCommand> timers) {
    super(persistenceId, Persistence.RESTART);
    this.id = id;
    this.around = around;
    this.context = context;
    this.holder = new Holder(context);
    this.reminders = new Reminders(timers, around.limits(), around.clock());
    this.reports =
        new Reports(
            id,
            around.instances(),
            around.doors().users(),
            context.messageAdapter(ChatInstance.Receipt.class, InstanceSays::new),
            context.messageAdapter(User.Receipt.class, PersonSays::new));
    this.letters =
        new Letters(id, around, reminders, context.messageAdapter(Verdict.class, MailboxSays::new));
    this.inbox =
        new Inbox(
            id,
            around,
            this,
            holder,
            reminders,
            new Inbox.Ears(
                context.messageAdapter(MailCommand.Acknowledged.class, Settled::new),
                context.messageAdapter(MailCommand.Informed.class, SenderKnows::new)));
    Answers answers = new Answers();
    Buckets buckets = new Buckets(around.limits(), around.clock().millis());
    this.utterances = new Utterances(id, around, context, letters, buckets);
    this.visits =
        new Visits(
            id,
            around,
            this,
            holder,
            answers,
            buckets,
            context.messageAdapter(World.Receipt.class, WorldSays::new));
    this.orders =
        new Orders(
            around, reports, utterances, inbox, visits, answers, buckets, this, holder, reminders);
  }

  @Override
  public SessionState emptyState() {
    return new Absent(0);
  }

  @Override
  public CommandHandler<SessionCommand, SessionEvent, SessionState> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onAnyCommand((state, command) ->
            switch (state) {
              case Absent absent -> onAbsent(command);
              case Open open -> onOpen(open, command);
            });
  }

  /// There is no session of this id: whoever asks is told so, and only a first attach changes it.
  private Effect<SessionEvent, SessionState> onAbsent(SessionCommand command) {
    if (leaving && command instanceof Attach) {
      passivate(); // it asks again, and then another incarnation answers
      return Effect().none();
    }
    if (command instanceof Stop) {
      return Effect().stop();
    }
    if (command instanceof Attach attach) {
      Principal proven = attach.opening().opens();
      if (proven != null) {
        return open(attach, proven);
      }
    }
    Absence.answer(id, command, around);
    passivate();
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> open(Attach attach, Principal principal) {
    Profile profile = Profile.BLANK.with(attach.profile());
    long n = lastSequenceNumber(context) + 1;
    return persist(
        new SessionEvent.Opened(
            principal, profile, attach.tokenHash(), n, attach.opening().allows(), now()),
        (Open now) -> attached(now, attach, false));
  }

  private Effect<SessionEvent, SessionState> onOpen(Open state, SessionCommand command) {
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
        utterances.hear(says.receipt().silence());
        yield endWhenSettled(state);
      }
      case Hush hush -> {
        utterances.hear(hush.silence());
        hush.replyTo().tell(new Silence.Heard(id, hush.silence().n()));
        yield Effect().none();
      }
      case Judged judged -> {
        utterances.hear(state, judged.order(), judged.opinion());
        yield Effect().none();
      }
      case WorldSays says -> visits.hear(state, says.receipt());
      case Worldly worldly -> visits.hear(state, worldly);
      case Postal postal -> inbox.take(state, postal);
      case MailboxSays says -> {
        letters.answered(says.verdict());
        yield Effect().none();
      }
      case Tick tick -> onTick(state, tick);
      case Stop stop -> Effect().stop();
    };
  }

  private Effect<SessionEvent, SessionState> onAttach(Open state, Attach attach) {
    if (state.lease().isOver()) {
      if (attach.opening() instanceof Opening.ByToken) {
        attach.connection().tell(Opening.EXPIRED);
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
    @Nullable String presented = attach.opening().presentedHash();
    if (presented != null
        && presented.equals(state.tokens().predecessor())
        && holder.keeps(attach.tokenHash(), now())) {
      return Effect().none();
    }
    Profile profile = orders.takePlace(state).with(attach.profile());
    return persist(
        new SessionEvent.Attached(
            attach.tokenHash(),
            presented,
            profile,
            around.viewing(state, profile),
            attach.opening().allows(),
            now()),
        (Open now) -> attached(now, attach, true));
  }

  private void attached(Open state, Attach attach, boolean resumed) {
    if (!holder.is(attach.connection())) {
      visits.forgetPartings();
      holder.tell(new Replaced(state.lease().epoch()));
    }
    holder.adopt(attach.connection(), state.lease().epoch());
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
                visits.positions(state),
                state.watches(),
                state.grant(),
                context.getSelf()));
    inbox.collect(state, attach.connection());
  }

  private Effect<SessionEvent, SessionState> onDetach(Open state, long epoch) {
    Lease lease = state.lease().detach(epoch, now(), around.limits().grace());
    if (lease.equals(state.lease())) {
      return Effect().none();
    }
    holder.release();
    inbox.lost();
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
  private Effect<SessionEvent, SessionState> reclaimed(
      ActorRef<Notice> connection, SessionCommand wish) {
    context.getSelf().tell(wish);
    return persist(new SessionEvent.Reclaimed(now()), (Open now) -> adopt(now, connection));
  }

  private void adopt(Open state, ActorRef<Notice> connection) {
    holder.adopt(connection, state.lease().epoch());
    inbox.serves(state, connection);
  }

  private void held(Open state, Reclaim reclaim) {
    adopt(state, reclaim.connection());
    orders.heardOf();
    visits.remind(reclaim.connection());
    reclaim.connection().tell(new Held(context.getSelf(), state.visited()));
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
    boolean another = evict.upTo() > 0 && evict.upTo() < state.born();
    if (state.lease().isOver() || another) {
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
      orders.settled(state, recorded);
      return Effect().none();
    }
    return persist(
        new SessionEvent.Released(instance, now()),
        (Open now) -> {
          orders.settled(now, recorded);
          reports.forget(instance);
        });
  }

  private Effect<SessionEvent, SessionState> onTick(Open state, Tick tick) {
    return switch (tick) {
      case RECOVERED -> onRecovered(state);
      case DEADLINE -> onDeadline(state);
      case UNCLAIMED -> onUnclaimed(state);
      case REPEAT -> onRepeat(state);
      case MAIL -> inbox.expire(state);
      case MOVE -> orders.postponedMove(state);
      case SETTLED -> endWhenSettled(state);
      case ABSENT -> Effect().none();
    };
  }

  /// The first thing after a restart: what a lost timer would have done, and every word once more.
  private Effect<SessionEvent, SessionState> onRecovered(Open state) {
    reports.repeat(state);
    visits.repeat(state);
    orders.recovered();
    inbox.recovered(state);
    inbox.run(state);
    Lease lease = state.lease().recovered(around.formation().formedAt().toEpochMilli(), grace());
    if (!lease.equals(state.lease())) {
      return persist(new SessionEvent.Detached(lease, now()), now -> {});
    }
    reminders.fit(state, isSettled(state));
    if (lease.phase() instanceof Lease.Online && !holder.isOf(lease)) {
      reminders.waitForClaim();
    }
    return endWhenSettled(state);
  }

  /// Nobody claimed the session since its restart: its connection died with the node, or while the
  /// session was away. The grace counts from the restart, the first moment this could be known.
  private Effect<SessionEvent, SessionState> onUnclaimed(Open state) {
    if (holder.isOf(state.lease())) {
      return Effect().none();
    }
    Lease lease =
        state
            .lease()
            .detach(state.lease().epoch(), reminders.recoveredAt(), around.limits().grace());
    return lease.equals(state.lease())
        ? Effect().none()
        : persist(new SessionEvent.Detached(lease, now()), now -> {});
  }

  private Effect<SessionEvent, SessionState> onDeadline(Open state) {
    if (state.lease().expire(now()).isOver()) {
      return end(state, EndReason.GRACE_OVER);
    }
    reminders.fit(state, isSettled(state));
    return Effect().none();
  }

  private Effect<SessionEvent, SessionState> onRepeat(Open state) {
    reports.repeat(state);
    visits.repeat(state);
    letters.repeat();
    inbox.repeat(state);
    reminders.repeated();
    reminders.fit(state, isSettled(state));
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
          holder.tell(new Over(reason));
          letters.stop();
          inbox.lost();
        });
  }

  Effect<SessionEvent, SessionState> endWhenSettled(Open state) {
    if (!state.lease().isOver() || !isSettled(state)) {
      return Effect().none();
    }
    return Effect()
        .persist(new SessionEvent.Ended(now()))
        .thenRun(() -> {
          reminders.stop();
          passivate();
        });
  }

  /// Persists a step; afterwards whoever must know of it is told, and the timers fit the new state.
  Effect<SessionEvent, SessionState> persist(SessionEvent event, Consumer<Open> then) {
    return Effect()
        .persist(event)
        .thenRun((SessionState now) -> {
          if (now instanceof Open open) {
            around.meters().sessions().stepped(id, event, open.lease());
            reminders.somethingNew();
            reports.sendNew(open);
            visits.sendNew(open);
            reminders.fit(open, isSettled(open));
            then.accept(open);
            inbox.run(open);
            if (open.lease().isOver() && isSettled(open)) {
              context.getSelf().tell(Tick.SETTLED);
            }
          }
        });
  }

  /// Whether everybody has answered who must.
  private boolean isSettled(Open state) {
    return reports.isSettled(state)
        && visits.isSettled(state)
        && letters.isSettled()
        && inbox.isSettled()
        && !(state.lease().isOver() && !state.mail().isIdle());
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
              reminders.recovered();
              if (state instanceof Open open) {
                around.meters().sessions().recovered(id, open.lease());
                context.getSelf().tell(Tick.RECOVERED);
              } else {
                reminders.askWhetherAbsent();
              }
            })
        .onSignal(PreRestart.instance(), state -> left())
        .onSignal(PostStop.instance(), state -> left())
        .build();
  }

  private void left() {
    around.meters().sessions().left(id);
    around.meters().mail().left(id);
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
