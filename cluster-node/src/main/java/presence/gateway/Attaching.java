package presence.gateway;

import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import presence.auth.Grant;
import presence.auth.Principal;
import presence.auth.ResumeTokens;
import presence.auth.Right;
import presence.gateway.ConnectionCommand.Admitted;
import presence.gateway.ConnectionCommand.Close;
import presence.gateway.ConnectionCommand.FromSession;
import presence.gateway.ConnectionCommand.Tick;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.Hello;
import presence.protocol.CloseCode;
import presence.protocol.Codec;
import presence.protocol.ErrorCode;
import presence.session.Notice;
import presence.session.Opening;
import presence.session.Profile;
import presence.session.SessionCommand;
import presence.user.User;

/// A socket whose client is proven: attaches to the session that this identity selects, and asks
/// again until it answers. Nothing a client merely claims selects a session.
///
/// | hello | session |
/// |---|---|
/// | a resume token its session accepts | that one |
/// | a key, signed for this socket's nonce | the key's own, live, leased or new |
/// | a token (JWT), or nothing | a new one |
final class Attaching extends AbstractBehavior<ConnectionCommand> {

  /// What the handshake came to.
  ///
  /// @param proof nobody = anonymous
  /// @param grant what the proof allows
  /// @param inbox what the client said behind its hello
  record Proven(
      @Nullable Hello hello,
      @Nullable Principal proof,
      @Nullable Grant grant,
      Deque<Codec.Element> inbox,
      Visit visit) {
    private @Nullable String ref() {
      return hello == null ? null : hello.ref();
    }

    private Profile.Update profile() {
      return hello == null
          ? new Profile.Update(null, null, null, null)
          : new Profile.Update(
              hello.displayName(), hello.device(), hello.location(), hello.visible());
    }
  }

  /// Asking a session to take this connection.
  ///
  /// @param needsAdmission whether the person must be asked first
  private record Attempt(
      String session, Opening opening, ResumeTokens.Issued token, boolean needsAdmission) {}

  private final Surroundings around;
  private final Line line;
  private final Proven proven;
  private final TimerScheduler<ConnectionCommand> timers;
  private final Farewell farewell;
  private final ActorRef<Notice> sessionEar;
  private final ActorRef<User.Admission> admissionEar;
  private final long since;
  private final Pauses pauses;
  private @Nullable Attempt attempt;
  private boolean resumeExpired;

  Attaching(
      Surroundings around,
      Line line,
      Proven proven,
      ActorContext<ConnectionCommand> context,
      TimerScheduler<ConnectionCommand> timers) {
    super(context);
    this.around = around;
    this.line = line;
    this.proven = proven;
    this.timers = timers;
    this.farewell = new Farewell(line, timers, around.limits().helloDeadline());
    this.sessionEar = context.messageAdapter(Notice.class, FromSession::new);
    this.admissionEar = context.messageAdapter(User.Admission.class, Admitted::new);
    this.since = around.clock().millis();
    this.pauses = new Pauses(around.limits());
  }

  /// Asks the session that the hello selects.
  Behavior<ConnectionCommand> begin() {
    ClientMessage.Resume resume = proven.hello() == null ? null : proven.hello().resume();
    if (resume == null) {
      return fresh();
    }
    Optional<ResumeTokens.Presented> presented =
        ResumeTokens.parse(resume.token())
            .filter(each -> around.sessionIds().genuine(each.sessionId()));
    if (presented.isEmpty()) {
      proven.visit().failed();
      return expired();
    }
    String session = presented.get().sessionId();
    return attempt(
        session,
        new Opening.ByToken(presented.get().hash(), proven.proof(), proven.grant()),
        false);
  }

  private Behavior<ConnectionCommand> expired() {
    resumeExpired = true;
    around.meter().tooLate();
    return fresh();
  }

  private Behavior<ConnectionCommand> fresh() {
    return switch (proven.proof()) {
      case null -> nobody();
      case Principal.Key key ->
          attempt(around.sessionIds().derive(key.publicKey()), new Opening.ByKey(key), true);
      case Principal principal ->
          attempt(mint(), new Opening.Fresh(principal, proven.grant()), true);
    };
  }

  private Behavior<ConnectionCommand> nobody() {
    Right right = around.nobody();
    if (right == null) {
      return refused(ErrorCode.UNAUTHENTICATED, "a proof of identity is required");
    }
    return proven.visit().mayBeAnonymous()
        ? attempt(
            mint(), new Opening.Fresh(new Principal.Anonymous(), Grant.everywhere(right)), false)
        : farewell.refuse(Visit.A_WHILE, proven.ref());
  }

  private String mint() {
    return around.sessionIds().mint(around.random());
  }

  private Behavior<ConnectionCommand> attempt(
      String session, Opening opening, boolean needsAdmission) {
    attempt =
        new Attempt(session, opening, ResumeTokens.issue(session, around.random()), needsAdmission);
    pauses.startAnew();
    ask(attempt);
    return this;
  }

  /// Asks the person, then the session, and again until one of them answers.
  private void ask(Attempt current) {
    Principal proof = proven.proof();
    if (current.needsAdmission() && proof != null) {
      String session = current.opening() instanceof Opening.ByKey ? current.session() : null;
      proof
          .person()
          .ifPresent(person -> around.users().tell(person, new User.Admit(session, admissionEar)));
    } else {
      around
          .sessions()
          .tell(
              current.session(),
              new SessionCommand.Attach(
                  current.opening(), proven.profile(), current.token().hash(), sessionEar));
    }
    timers.startSingleTimer(Tick.ATTACH, Tick.ATTACH, pauses.next());
  }

  @Override
  public Receive<ConnectionCommand> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<ConnectionCommand> onCommand(ConnectionCommand command) {
    Attempt current = Objects.requireNonNull(attempt, "begun");
    Behavior<ConnectionCommand> next =
        switch (command) {
          case Wire.Event event -> onWire(event);
          case FromSession from -> onNotice(current, from.notice());
          case Admitted admitted -> onAdmitted(current, admitted.admission());
          case Close close -> farewell.leave(close.code(), close.reason());
          case Tick tick -> tick == Tick.ATTACH ? onOverdue(current) : this;
          case ConnectionCommand.Verified _,
              Relay.Delivery _,
              WorldRelay.Delivery _,
              ConnectionCommand.FromInstance _,
              ConnectionCommand.FromPerson _,
              ConnectionCommand.Moved _,
              ConnectionCommand.SessionGone _ ->
              this;
        };
    line.flush();
    return next;
  }

  /// No frame comes: none was asked for.
  private Behavior<ConnectionCommand> onWire(Wire.Event event) {
    return event instanceof Wire.Event.Gone ? Behaviors.stopped() : this;
  }

  private Behavior<ConnectionCommand> onAdmitted(Attempt current, User.Admission admission) {
    if (!current.needsAdmission()) {
      return this;
    }
    return switch (admission) {
      case WELCOME -> {
        attempt = new Attempt(current.session(), current.opening(), current.token(), false);
        ask(attempt);
        yield this;
      }
      case BANNED -> {
        line.refuse(ErrorCode.FORBIDDEN, "this person is banned", proven.ref());
        yield farewell.leave(CloseCode.BANNED, "banned");
      }
      case TOO_MANY -> refused(ErrorCode.FORBIDDEN, "this person has too many sessions");
    };
  }

  private Behavior<ConnectionCommand> onNotice(Attempt current, Notice notice) {
    return switch (notice) {
      case Notice.Attached attached -> onAttached(current, attached);
      case Notice.AttachRefused refusal -> onRefused(current, refusal);
      case Notice.Replaced _ ->
          farewell.leave(CloseCode.REPLACED, "a newer connection has this session");
      case Notice.Over _,
          Notice.Held _,
          Notice.Unjoined _,
          Notice.Parted _,
          Notice.Done _,
          Notice.Accepted _,
          Notice.Mail _,
          Notice.Refused _ ->
          this;
    };
  }

  /// What was asked several times is answered as often: once its token is known to be void, the
  /// client gets one other session.
  private Behavior<ConnectionCommand> onRefused(Attempt current, Notice.AttachRefused refusal) {
    if (refusal.code() != ErrorCode.RESUME_EXPIRED) {
      return refused(refusal.code(), refusal.message());
    }
    return current.opening() instanceof Opening.ByToken ? expired() : this;
  }

  private Behavior<ConnectionCommand> onAttached(Attempt current, Notice.Attached attached) {
    if (!attached.session().equals(current.session())) {
      return this;
    }
    timers.cancel(Tick.ATTACH);
    Hold hold = new Hold(around, sessionEar, attached, getContext(), timers);
    Connection live = new Connection(around, line, proven.visit(), hold, getContext(), timers);
    live.welcome(attached, proven.hello(), current.token().token(), resumeExpired);
    live.take(proven.inbox());
    return live;
  }

  private Behavior<ConnectionCommand> onOverdue(Attempt current) {
    long waited = around.clock().millis() - since;
    if (waited >= around.limits().attachPatience().toMillis()) {
      return refused(ErrorCode.UNAVAILABLE, "the session does not answer just now");
    }
    ask(current);
    return this;
  }

  private Behavior<ConnectionCommand> refused(ErrorCode code, String message) {
    return farewell.refuse(code, message, proven.ref());
  }
}
