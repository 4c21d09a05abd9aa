package presence.session;

import java.time.Duration;
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
import presence.auth.Principal;
import presence.cluster.Last;
import presence.cluster.Persistence;
import presence.instance.ChatInstance;
import presence.session.Notice.Over;
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
/// Which connection has it, and the grace, is the matter of [Attachments]: only when the grace is
/// over, or the client says bye, does anybody else hear of it. What must be remembered is persisted
/// before it is answered; what instances and the person must know is repeated until they
/// acknowledge it, also after a restart.
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
  private final Attachments attachments;
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
    this.attachments =
        new Attachments(
            id, around, context, this, holder, reminders, reports, visits, inbox, orders);
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
              case Absent absent -> onAbsent(absent, command);
              case Open open -> onOpen(open, command);
            });
  }

  /// There is no session of this id: whoever asks is told so, and only a first attach changes it.
  private Effect<SessionEvent, SessionState> onAbsent(Absent state, SessionCommand command) {
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
        return attachments.open(attach, proven, firstStep(state, attach.opening()));
      }
    }
    Absence.answer(id, command, around);
    passivate();
    return Effect().none();
  }

  /// Beyond every step of an earlier life: whom that told of its end may know it longer than the
  /// journal does. Only a key's session has more lives than one, and none has more steps than it
  /// has milliseconds.
  private long firstStep(Absent state, Opening opening) {
    long next = Math.max(state.n(), lastSequenceNumber(context)) + 1;
    return opening instanceof Opening.ByKey ? Math.max(next, now()) : next;
  }

  private Effect<SessionEvent, SessionState> onOpen(Open state, SessionCommand command) {
    return switch (command) {
      case Attach attach -> attachments.attach(state, attach);
      case Detach detach -> attachments.detach(state, detach.epoch());
      case ConnectionGone gone -> attachments.detach(state, gone.epoch());
      case Reclaim reclaim -> attachments.reclaim(state, reclaim);
      case Confirm confirm -> attachments.confirm(state, confirm.epoch());
      case Order order -> attachments.order(state, order);
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
      case UNCLAIMED -> attachments.unclaimed(state);
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
    if (state.lease().phase() instanceof Lease.Over over) {
      isOver(over.reason());
    }
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
    return endWhenSettled(state);
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
          isOver(reason);
        });
  }

  private void isOver(EndReason reason) {
    holder.tell(new Over(reason));
    letters.stop();
    inbox.lost();
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
                inbox.recovered(open); // before what was told it meanwhile
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
