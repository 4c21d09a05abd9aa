package presence.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import presence.auth.Grant;
import presence.auth.KeyChallenge;
import presence.auth.Principal;
import presence.auth.ResumeTokens;
import presence.auth.TokenVerifier;
import presence.gateway.ConnectionCommand.Close;
import presence.gateway.ConnectionCommand.Tick;
import presence.gateway.ConnectionCommand.Verified;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.Hello;
import presence.protocol.CloseCode;
import presence.protocol.Codec;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;

/// A socket before anybody is proven: waits for the hello and finds out whose it is. What the hello
/// merely claims proves nothing.
///
/// | hello | proof |
/// |---|---|
/// | a key | its signature over this socket's nonce, in a second hello |
/// | a token (JWT) | what the verifier says |
/// | neither | nobody: anonymous |
final class Handshake extends AbstractBehavior<ConnectionCommand> {
  static final int PROTOCOL = 1;

  private final Surroundings around;
  private final Line line;
  private final Visit visit;
  private final TimerScheduler<ConnectionCommand> timers;
  private final Farewell farewell;
  private final Deque<Codec.Element> inbox = new ArrayDeque<>(1);
  private @Nullable String nonce;
  private @Nullable Hello hello;

  Handshake(
      Surroundings around,
      Line line,
      Visit visit,
      ActorContext<ConnectionCommand> context,
      TimerScheduler<ConnectionCommand> timers) {
    super(context);
    this.around = around;
    this.line = line;
    this.visit = visit;
    this.timers = timers;
    this.farewell = new Farewell(line, timers, around.limits().helloDeadline());
    timers.startSingleTimer(Tick.HELLO, Tick.HELLO, around.limits().helloDeadline());
    line.pull();
  }

  @Override
  public Receive<ConnectionCommand> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<ConnectionCommand> onCommand(ConnectionCommand command) {
    Behavior<ConnectionCommand> next =
        switch (command) {
          case Wire.Event event -> onWire(event);
          case Verified verified -> onVerified(verified.verdict());
          case Close close -> farewell.leave(close.code(), close.reason());
          case Tick tick -> onTick(tick);
          case ConnectionCommand.Admitted _,
              ConnectionCommand.FromSession _,
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

  private Behavior<ConnectionCommand> onWire(Wire.Event event) {
    return switch (event) {
      case Wire.Event.Text text -> onFrame(text.text());
      case Wire.Event.Binary _ -> refused(ErrorCode.NO_HELLO, "the first frame is a hello");
      case Wire.Event.Heard _, Wire.Event.Ready _ -> this;
      case Wire.Event.Gone _ -> Behaviors.stopped();
    };
  }

  private Behavior<ConnectionCommand> onFrame(String text) {
    List<Codec.Element> elements = around.codec().decodeFrame(text);
    inbox.addAll(elements.subList(1, elements.size()));
    return switch (elements.getFirst()) {
      case Codec.Element.Message(Hello said) -> onHello(said);
      case Codec.Element.Message _ -> refused(ErrorCode.NO_HELLO, "the first message is a hello");
      case Codec.Element.Refusal(ServerMessage.Error error) -> {
        around.meter().unreadable(error.code());
        visit.failed();
        line.answer(error);
        yield farewell.leave(CloseCode.ofRefusedHello(error.code()), error.message());
      }
    };
  }

  private Behavior<ConnectionCommand> onHello(Hello said) {
    boolean first = hello == null;
    hello = said;
    Duration wait = first ? visit.greets(holdsLease(said)) : Duration.ZERO;
    if (wait.isPositive()) {
      return farewell.refuse(wait, said.ref());
    }
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
              around.tokens().verify(said.token()), (verdict, failure) -> new Verified(verdict));
      return this;
    }
    return proven(null, null);
  }

  /// Whether the token names a session of ours: whoever made that up did not have the key for it.
  private boolean holdsLease(Hello said) {
    ClientMessage.Resume resume = said.resume();
    return resume != null
        && ResumeTokens.parse(resume.token())
            .filter(each -> around.sessionIds().genuine(each.sessionId()))
            .isPresent();
  }

  private Behavior<ConnectionCommand> challenge(Hello said) {
    nonce = KeyChallenge.nonce(around.random());
    line.answer(new ServerMessage.Challenge(nonce, said.ref()));
    timers.startSingleTimer(Tick.HELLO, Tick.HELLO, around.limits().helloDeadline());
    line.pull();
    return this;
  }

  private Behavior<ConnectionCommand> onSigned(ClientMessage.@Nullable Key key, String challenge) {
    nonce = null;
    if (key == null) {
      return refused(ErrorCode.BAD_SIGNATURE, "the challenge was not answered");
    }
    return switch (KeyChallenge.verify(key, challenge, around.clock().instant())) {
      case KeyChallenge.Verdict.Accepted accepted -> proven(accepted.principal(), Grant.ALL);
      case KeyChallenge.Verdict.Refused refused -> refused(refused.code(), refused.message());
    };
  }

  private Behavior<ConnectionCommand> onVerified(TokenVerifier.Verdict verdict) {
    return switch (verdict) {
      case TokenVerifier.Verdict.Accepted accepted ->
          proven(accepted.principal(), accepted.grant());
      case TokenVerifier.Verdict.Refused refused -> refused(refused.code(), refused.message());
    };
  }

  /// From here on it is about the session.
  private Behavior<ConnectionCommand> proven(@Nullable Principal principal, @Nullable Grant grant) {
    timers.cancel(Tick.HELLO);
    Attaching attaching =
        new Attaching(
            around,
            line,
            new Attaching.Proven(hello, principal, grant, inbox, visit),
            getContext(),
            timers);
    return attaching.begin();
  }

  private Behavior<ConnectionCommand> onTick(Tick tick) {
    return switch (tick) {
      case HELLO -> refused(ErrorCode.NO_HELLO, "no hello in time");
      case ATTACH, LIFE, ORDERS, CLAIM, DRAIN, REST, PROOF, CLOSE -> this;
    };
  }

  private Behavior<ConnectionCommand> refused(ErrorCode code, String message) {
    if (isFailure(code)) {
      visit.failed();
    }
    return farewell.refuse(code, message, hello == null ? null : hello.ref());
  }

  /// Who brings a token that was good once, or comes while the issuer is away, is no guesser.
  private static boolean isFailure(ErrorCode code) {
    return code != ErrorCode.EXPIRED_TOKEN && code != ErrorCode.UNAVAILABLE;
  }
}
