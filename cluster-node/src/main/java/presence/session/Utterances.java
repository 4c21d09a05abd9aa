package presence.session;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import presence.instance.ChatInstance;
import presence.instance.Flushed;
import presence.protocol.ErrorCode;
import presence.session.Notice.Refused;
import presence.session.SessionCommand.Order;
import presence.session.SessionMeter.Limited;
import presence.session.SessionMeter.Unsaid;
import presence.session.SessionState.Open;
import presence.session.WordFilter.Opinion;
import presence.session.WordFilter.Remark;
import presence.user.Sentence;
import presence.user.Silence;

/// What a session says to others, in an instance or by mail. Nothing is said before the person told
/// where they must be silent, which is with its first receipt; then what is neither muted nor too
/// often goes to the word filter, and what that lets pass goes to the instance or the mailbox. Part
/// of [UserSession].
///
/// What was passed on before a mute is passed on again when it is repeated: it may have been said.
final class Utterances {
  /// As many orders as a connection holds without an answer.
  private static final int WAITING_MAX = 256;

  /// A connection has one message for each instance on its way, and a client speaks in few at once.
  private static final int PASSED_MAX = 16;

  /// An order, whoever repeats it.
  private record Key(ActorRef<Notice> connection, long number) {
    private static Key of(Order order) {
      return new Key(order.connection(), order.number());
    }
  }

  private final String session;
  private final SessionSurroundings around;
  private final ActorContext<SessionCommand> context;
  private final Letters letters;
  private final Buckets buckets;
  private final Map<Key, Order> waiting = new LinkedHashMap<>();
  private final Set<Key> judged = new HashSet<>();
  private final LinkedHashMap<Action.Say, String> passed = new LinkedHashMap<>();
  private @Nullable Silence silence;

  Utterances(
      String session,
      SessionSurroundings around,
      ActorContext<SessionCommand> context,
      Letters letters,
      Buckets buckets) {
    this.session = session;
    this.around = around;
    this.context = context;
    this.letters = letters;
    this.buckets = buckets;
  }

  /// The person says where they must be silent. What waited for that is taken now.
  ///
  /// @param said nothing = nowhere, as far as is known
  void hear(@Nullable Silence said) {
    Silence heard = said == null ? Silence.NONE : said;
    if (silence == null || heard.n() > silence.n()) {
      silence = heard;
    }
    waiting.values().forEach(order -> context.getSelf().tell(order));
    waiting.clear();
  }

  /// Takes a chat message or a direct message.
  void take(Open state, Order order) {
    if (passOnAgain(state, order)) {
      return;
    }
    Refused refusal = refusal(state, order);
    if (refusal == null && isToWait(state)) {
      if (waiting.size() < WAITING_MAX) {
        waiting.putIfAbsent(Key.of(order), order);
      }
      return;
    }
    if (refusal == null) {
      refusal = tooOften(order);
    }
    if (refusal != null) {
      order.connection().tell(refusal);
    } else {
      judge(state, order);
    }
  }

  /// Whether it was passed on already, and may have been heard.
  private boolean passOnAgain(Open state, Order order) {
    return switch (order.action()) {
      case Action.Send send -> letters.joins(state, order, send);
      case Action.Say say when order.repeated() -> {
        String text = passed.get(say);
        if (text != null) {
          passOn(state, order, text);
        }
        yield text != null;
      }
      default -> false;
    };
  }

  private boolean isToWait(Open state) {
    return silence == null && state.principal().person().isPresent();
  }

  /// Why this may not be said now; nothing = it may. What is repeated may have been said in time.
  @Nullable Refused refusal(Open state, Order order) {
    if (order.action() instanceof Action.Say say) {
      ErrorCode forbidden = state.sayRefusal(say.instance());
      if (forbidden != null) {
        return refused(order, forbidden, why(forbidden, say.instance()));
      }
      if (!state.isMember(say.instance())) {
        return refused(order, ErrorCode.NOT_JOINED, "not a member of " + say.instance());
      }
    }
    if (state.hasEndedProof(now()) && !order.repeated()) {
      return refused(
          order, ErrorCode.EXPIRED_TOKEN, "the token has expired; authenticate with another");
    }
    return muted(order);
  }

  private static String why(ErrorCode forbidden, String instance) {
    return forbidden == ErrorCode.UNAUTHENTICATED
        ? "only a proven person may speak"
        : "the token does not let anybody speak in " + instance;
  }

  private @Nullable Refused muted(Order order) {
    if (silence == null) {
      return null;
    }
    long end =
        order.action() instanceof Action.Say say
            ? silence.endsIn(say.instance(), now())
            : silence.endsEverywhere(now());
    if (end == 0) {
      return null;
    }
    around.meters().sessions().unsaid(Unsaid.MUTED);
    Long retryAfterMs = end == Sentence.FOR_GOOD ? null : end - now();
    return new Refused(order.number(), ErrorCode.MUTED, "you may not speak here", retryAfterMs);
  }

  private @Nullable Refused tooOften(Order order) {
    boolean mail = order.action() instanceof Action.Send;
    Buckets.Meter meter = mail ? buckets.direct() : buckets.chat();
    if (order.repeated() || meter.take(now())) {
      return null;
    }
    around.meters().sessions().limited(mail ? Limited.DIRECT : Limited.CHAT);
    return new Refused(
        order.number(), ErrorCode.RATE_LIMITED, "too often", meter.untilNext(now()).toMillis());
  }

  private static Refused refused(Order order, ErrorCode code, String message) {
    return new Refused(order.number(), code, message, null);
  }

  private void judge(Open state, Order order) {
    if (around.filter().equals(WordFilter.NONE)) {
      passOn(state, order, text(order.action()));
    } else if (judged.add(Key.of(order))) {
      String instance = order.action() instanceof Action.Say say ? say.instance() : null;
      String speaker = state.principal().person().orElse(session);
      context.pipeToSelf(
          around.filter().judge(new Remark(speaker, instance, text(order.action()))),
          (opinion, failure) -> new SessionCommand.Judged(order, failure == null ? opinion : null));
    }
  }

  private static String text(Action action) {
    return switch (action) {
      case Action.Say say -> say.text();
      case Action.Send send -> send.text();
      default -> throw new IllegalStateException(action + " says nothing");
    };
  }

  /// The word filter has an opinion. Meanwhile much may have happened.
  void hear(Open state, Order order, @Nullable Opinion opinion) {
    judged.remove(Key.of(order));
    if (opinion == null) {
      around.meters().sessions().unsaid(Unsaid.UNJUDGED);
      return; // the connection asks again
    }
    if (state.lease().isOver() || !state.lease().isCurrent(order.epoch())) {
      return; // whoever has the session now says it again
    }
    Refused refusal = refusal(state, order);
    if (refusal != null) {
      order.connection().tell(refusal);
      return;
    }
    switch (opinion) {
      case Opinion.Pass _ -> passOn(state, order, text(order.action()));
      case Opinion.Replace replace -> passOn(state, order, replace.text());
      case Opinion.Refuse refuse -> {
        around.meters().sessions().unsaid(Unsaid.FILTERED);
        order.connection().tell(refused(order, ErrorCode.FILTERED, refuse.why()));
      }
    }
  }

  private void passOn(Open state, Order order, String text) {
    switch (order.action()) {
      case Action.Send send -> letters.take(state, order, send, text);
      case Action.Say say -> {
        remember(say, text);
        around
            .instances()
            .tell(
                say.instance(),
                new ChatInstance.Say(
                    new Flushed.Speech(
                        session, state.speaker(session), text, say.clientMessageId()),
                    say.answerTo()));
      }
      default -> throw new IllegalStateException(order.action() + " says nothing");
    }
  }

  private void remember(Action.Say say, String text) {
    passed.putLast(say, text);
    if (passed.size() > PASSED_MAX) {
      passed.pollFirstEntry();
    }
  }

  private long now() {
    return around.clock().millis();
  }
}
