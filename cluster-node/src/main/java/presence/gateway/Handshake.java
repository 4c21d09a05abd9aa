package presence.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import presence.auth.KeyChallenge;
import presence.auth.Principal;
import presence.auth.ResumeTokens;
import presence.auth.TokenVerifier;
import presence.gateway.Connection.Command;
import presence.gateway.Connection.FromPerson;
import presence.gateway.Connection.FromSession;
import presence.gateway.Connection.FromWire;
import presence.gateway.Connection.Tick;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.Hello;
import presence.protocol.CloseCode;
import presence.protocol.Codec;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.session.Notice;
import presence.session.Opening;
import presence.session.Profile;
import presence.session.SessionCommand;
import presence.user.User;

/// A connection before its welcome: waits for the hello, finds out whom it proves, and attaches to
/// the session that this identity selects. Nothing a client merely claims selects a session.
///
/// | hello | session |
/// |---|---|
/// | a resume token its session accepts | that one |
/// | a key, signed for this socket's nonce | the key's own, live, leased or new |
/// | a token (JWT), or nothing | a new one |
final class Handshake extends AbstractBehavior<Command> {
  static final int PROTOCOL = 1;

  private final Surroundings around;
  private final Line line;
  private final TimerScheduler<Command> timers;
  private final ActorRef<Notice> sessionEar;
  private final ActorRef<User.Admission> admissionEar;
  private final Deque<Codec.Element> inbox = new ArrayDeque<>(1);
  private long provenAt;
  private Duration repeatAfter;
  private @Nullable String nonce;
  private @Nullable Hello hello;
  private @Nullable Principal proof;
  private @Nullable Attempt attempt;
  private boolean resumeExpired;

  /// Asking a session to take this connection.
  ///
  /// @param needsAdmission whether the person must be asked first
  private record Attempt(
      String session, Opening opening, ResumeTokens.Issued token, boolean needsAdmission) {}

  Handshake(
      Surroundings around,
      Line line,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(context);
    this.around = around;
    this.line = line;
    this.timers = timers;
    this.repeatAfter = around.limits().repeatFirst();
    this.sessionEar = context.messageAdapter(Notice.class, FromSession::new);
    this.admissionEar = context.messageAdapter(User.Admission.class, Connection.Admitted::new);
    timers.startSingleTimer(Tick.HELLO, Tick.HELLO, around.limits().helloDeadline());
    line.pull();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    Behavior<Command> next =
        switch (command) {
          case FromWire from -> onWire(from.event());
          case FromSession from -> onNotice(from.notice());
          case Connection.Verified verified -> onVerified(verified.verdict());
          case Connection.Admitted admitted -> onAdmitted(admitted.admission());
          case Connection.Close close -> closed(close.code(), close.reason());
          case Tick tick -> onTick(tick);
          case Connection.FromRelay from -> this;
          case Connection.FromInstance from -> this;
          case FromPerson from -> this;
          case Connection.SessionGone gone -> this;
        };
    line.flush();
    return next;
  }

  private Behavior<Command> onWire(Wire.Event event) {
    return switch (event) {
      case Wire.Event.Text text -> onFrame(text.text());
      case Wire.Event.Binary binary -> refused(ErrorCode.NO_HELLO, "the first frame is a hello");
      case Wire.Event.Heard heard -> this;
      case Wire.Event.Ready ready -> {
        line.ready();
        yield this;
      }
      case Wire.Event.Gone gone -> Behaviors.stopped();
    };
  }

  private Behavior<Command> onFrame(String text) {
    if (line.isClosing()) {
      return this;
    }
    List<Codec.Element> elements = around.codec().decodeFrame(text);
    inbox.addAll(elements.subList(1, elements.size()));
    return switch (elements.getFirst()) {
      case Codec.Element.Message(Hello said) -> onHello(said);
      case Codec.Element.Message other ->
          refused(ErrorCode.NO_HELLO, "the first message is a hello");
      case Codec.Element.Refusal refusal -> {
        line.answer(refusal.error());
        yield closed(CloseCode.ofRefusedHello(refusal.error().code()), refusal.error().message());
      }
    };
  }

  private Behavior<Command> onHello(Hello said) {
    hello = said;
    if (said.protocol() != PROTOCOL) {
      return refused(ErrorCode.UNSUPPORTED_PROTOCOL, "this node speaks protocol 1");
    }
    ClientMessage.Key key = said.key();
    if (nonce != null) {
      return onSigned(key, nonce);
    }
    if (key != null) {
      return key.signature() == null
          ? challenge(said)
          : refused(ErrorCode.BAD_SIGNATURE, "a key signs the challenge of its own socket");
    }
    if (said.token() != null) {
      getContext()
          .pipeToSelf(
              around.tokens().verify(said.token()),
              (verdict, failure) -> new Connection.Verified(verdict));
      return this;
    }
    return proven(null);
  }

  private Behavior<Command> challenge(Hello said) {
    nonce = KeyChallenge.nonce(around.random());
    line.answer(new ServerMessage.Challenge(nonce, said.ref()));
    timers.startSingleTimer(Tick.HELLO, Tick.HELLO, around.limits().helloDeadline());
    line.pull();
    return this;
  }

  private Behavior<Command> onSigned(ClientMessage.@Nullable Key key, String challenge) {
    nonce = null;
    if (key == null) {
      return refused(ErrorCode.BAD_SIGNATURE, "the challenge was not answered");
    }
    return switch (KeyChallenge.verify(key, challenge, around.clock().instant())) {
      case KeyChallenge.Verdict.Accepted accepted -> proven(accepted.principal());
      case KeyChallenge.Verdict.Refused refused -> refused(refused.code(), refused.message());
    };
  }

  private Behavior<Command> onVerified(TokenVerifier.Verdict verdict) {
    return switch (verdict) {
      case TokenVerifier.Verdict.Accepted accepted -> proven(accepted.principal());
      case TokenVerifier.Verdict.Refused refused -> refused(refused.code(), refused.message());
    };
  }

  private Behavior<Command> proven(@Nullable Principal principal) {
    timers.cancel(Tick.HELLO);
    proof = principal;
    provenAt = around.clock().millis();
    ClientMessage.Resume resume = hello == null ? null : hello.resume();
    if (resume == null) {
      return fresh();
    }
    Optional<ResumeTokens.Presented> presented =
        ResumeTokens.parse(resume.token())
            .filter(each -> around.sessionIds().genuine(each.sessionId()));
    if (presented.isEmpty()) {
      resumeExpired = true;
      return fresh();
    }
    String session = presented.get().sessionId();
    return attempt(session, new Opening.ByToken(presented.get().hash(), principal), false);
  }

  private Behavior<Command> fresh() {
    return switch (proof) {
      case null ->
          around.proofRequired()
              ? refused(ErrorCode.UNAUTHENTICATED, "a proof of identity is required")
              : attempt(mint(), new Opening.Fresh(new Principal.Anonymous()), false);
      case Principal.Key key ->
          attempt(around.sessionIds().derive(key.publicKey()), new Opening.ByKey(key), true);
      case Principal principal -> attempt(mint(), new Opening.Fresh(principal), true);
    };
  }

  private String mint() {
    return around.sessionIds().mint(around.random());
  }

  private Behavior<Command> attempt(String session, Opening opening, boolean needsAdmission) {
    attempt =
        new Attempt(session, opening, ResumeTokens.issue(session, around.random()), needsAdmission);
    repeatAfter = around.limits().repeatFirst();
    ask(attempt);
    return this;
  }

  /// Asks the person, then the session, and again until one of them answers.
  private void ask(Attempt current) {
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
                  current.opening(), profile(), current.token().hash(), sessionEar));
    }
    timers.startSingleTimer(Tick.ATTACH, Tick.ATTACH, repeatAfter);
    Duration doubled = repeatAfter.multipliedBy(2);
    Duration last = around.limits().repeatLast();
    repeatAfter = doubled.compareTo(last) > 0 ? last : doubled;
  }

  private Profile.Update profile() {
    return hello == null
        ? new Profile.Update(null, null, null, null)
        : new Profile.Update(
            hello.displayName(), hello.device(), hello.location(), hello.visible());
  }

  private Behavior<Command> onAdmitted(User.Admission admission) {
    Attempt current = attempt;
    if (current == null || !current.needsAdmission()) {
      return this;
    }
    return switch (admission) {
      case WELCOME -> {
        attempt = new Attempt(current.session(), current.opening(), current.token(), false);
        ask(attempt);
        yield this;
      }
      case BANNED -> {
        line.refuse(ErrorCode.FORBIDDEN, "this person is banned", ref());
        yield closed(CloseCode.BANNED, "banned");
      }
      case TOO_MANY -> refused(ErrorCode.FORBIDDEN, "this person has too many sessions");
    };
  }

  private Behavior<Command> onNotice(Notice notice) {
    Attempt current = attempt;
    if (current == null || line.isClosing()) {
      return this;
    }
    return switch (notice) {
      case Notice.Attached attached -> onAttached(current, attached);
      case Notice.AttachRefused refused -> onAttachRefused(refused);
      case Notice.Replaced replaced ->
          closed(CloseCode.REPLACED, "a newer connection has this session");
      case Notice.Over over -> this;
      case Notice.Held held -> this;
      case Notice.Unjoined unjoined -> this;
      case Notice.Done done -> this;
      case Notice.Accepted accepted -> this;
      case Notice.Mail mail -> this;
      case Notice.Refused refused -> this;
    };
  }

  private Behavior<Command> onAttached(Attempt current, Notice.Attached attached) {
    if (!attached.session().equals(current.session())) {
      return this;
    }
    timers.cancel(Tick.ATTACH);
    Connection live = new Connection(around, line, sessionEar, attached, getContext(), timers);
    live.welcome(hello, current.token().token(), resumeExpired);
    live.take(inbox);
    return live;
  }

  private Behavior<Command> onAttachRefused(Notice.AttachRefused refusal) {
    if (refusal.code() == ErrorCode.RESUME_EXPIRED) {
      resumeExpired = true;
      return fresh();
    }
    return refused(refusal.code(), refusal.message());
  }

  private Behavior<Command> onTick(Tick tick) {
    return switch (tick) {
      case HELLO -> refused(ErrorCode.NO_HELLO, "no hello in time");
      case ATTACH -> {
        Attempt current = attempt;
        boolean lost =
            around.clock().millis() - provenAt >= around.limits().attachPatience().toMillis();
        if (current == null || lost) {
          yield refused(ErrorCode.UNAVAILABLE, "the session does not answer just now");
        }
        ask(current);
        yield this;
      }
      case CLOSE -> Behaviors.stopped();
      case LIFE, ORDERS, CLAIM, DRAIN -> this;
    };
  }

  private @Nullable String ref() {
    return hello == null ? null : hello.ref();
  }

  private Behavior<Command> refused(ErrorCode code, String message) {
    line.refuse(code, message, ref());
    return closed(CloseCode.ofRefusedHello(code), message);
  }

  private Behavior<Command> closed(CloseCode code, String reason) {
    attempt = null;
    timers.cancelAll();
    timers.startSingleTimer(Tick.CLOSE, Tick.CLOSE, around.limits().helloDeadline());
    line.close(code, reason);
    return this;
  }
}
