package presence.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.jspecify.annotations.Nullable;
import presence.protocol.ErrorCode;
import presence.protocol.Position;
import presence.protocol.ServerMessage.Parting;
import presence.session.Notice.Done;
import presence.session.Notice.Refused;
import presence.session.SessionCommand.Dismissal;
import presence.session.SessionCommand.Order;
import presence.session.SessionMeter.Limited;
import presence.session.SessionState.Open;
import presence.session.SessionState.Visiting;
import presence.world.Visit;
import presence.world.World;

/// The worlds one session is in: what it tells them, until they acknowledge it, and what a client
/// asks about them. Part of [UserSession].
///
/// A world is told of the loss of the socket and of the return, as well as of entering and leaving.
/// It may end a stay by itself: then the session is dismissed, and says that it left.
final class Visits {
  private record Waiting(long number, ActorRef<Notice> connection) {}

  private final String session;
  private final SessionSurroundings around;
  private final UserSession steps;
  private final Holder holder;
  private final Answers answers;
  private final Buckets buckets;
  private final ActorRef<World.Receipt> receipts;
  private final Receivers receivers = new Receivers();
  private final Map<String, List<Waiting>> waiting = new HashMap<>();
  private final Map<String, Notice.Parted> partings = new HashMap<>();

  Visits(
      String session,
      SessionSurroundings around,
      UserSession steps,
      Holder holder,
      Answers answers,
      Buckets buckets,
      ActorRef<World.Receipt> receipts) {
    this.session = session;
    this.around = around;
    this.steps = steps;
    this.holder = holder;
    this.answers = answers;
    this.buckets = buckets;
    this.receipts = receipts;
  }

  // what a client asks

  Effect<SessionEvent, SessionState> enter(Open state, Order order, Action.Enter enter) {
    String piece = enter.piece();
    Visiting visiting = state.worlds().get(piece);
    if (order.repeated() && visiting != null && enter.look().equals(visiting.look())) {
      waitFor(state, piece, order);
      return steps.Effect().none();
    }
    int max = around.limits().worlds();
    if (!state.isIn(piece) && state.visited().size() >= max) {
      return refuse(order, ErrorCode.FORBIDDEN, "a session is in at most " + max + " worlds");
    }
    if (!order.repeated() && !buckets.joins().take(now())) {
      return tooOften(order, buckets.joins(), Limited.MEMBERSHIP);
    }
    partings.remove(piece);
    return steps.persist(
        new SessionEvent.Entered(piece, enter.look(), enter.spot(), now()),
        (Open now) -> waitFor(now, piece, order));
  }

  Effect<SessionEvent, SessionState> exit(Open state, Order order, String piece) {
    if (state.isIn(piece)) {
      return steps.persist(
          new SessionEvent.Exited(piece, now()), (Open now) -> waitFor(now, piece, order));
    }
    if (state.worlds().containsKey(piece)) {
      waitFor(state, piece, order);
      return steps.Effect().none();
    }
    if (!order.repeated()) {
      return refuse(order, ErrorCode.NOT_JOINED, "not in the world " + piece);
    }
    done(order);
    return steps.Effect().none();
  }

  /// What is told by an order that was sent before may have been told already.
  Effect<SessionEvent, SessionState> emit(Open state, Order order, Action.Emit emit) {
    if (!state.isIn(emit.piece())) {
      return refuse(order, ErrorCode.NOT_JOINED, "not in the world " + emit.piece());
    }
    if (!order.repeated()) {
      if (!buckets.emits().take(now())) {
        return tooOften(order, buckets.emits(), Limited.EMIT);
      }
      around.worlds().tell(emit.piece(), new World.Emit(session, emit.name(), emit.data()));
    }
    done(order);
    return steps.Effect().none();
  }

  /// The numbers of the orders that wait for a world.
  Set<Long> awaited() {
    Set<Long> numbers = new HashSet<>();
    waiting.values().forEach(orders -> orders.forEach(each -> numbers.add(each.number())));
    return numbers;
  }

  private void waitFor(Open state, String piece, Order order) {
    if (isSettled(state, piece)) {
      answers.give(order.connection(), order.number(), doneAt(piece, order.number()));
    } else {
      waiting
          .computeIfAbsent(piece, _ -> new ArrayList<>())
          .add(new Waiting(order.number(), order.connection()));
    }
  }

  private Notice doneAt(String piece, long number) {
    return new Done(number, receivers.position(piece));
  }

  private void done(Order order) {
    answers.give(order.connection(), order.number(), new Done(order.number(), null));
  }

  private Effect<SessionEvent, SessionState> refuse(Order order, ErrorCode code, String message) {
    answers.give(
        order.connection(), order.number(), new Refused(order.number(), code, message, null));
    return steps.Effect().none();
  }

  private Effect<SessionEvent, SessionState> tooOften(
      Order order, Buckets.Meter meter, Limited what) {
    around.meters().sessions().limited(what);
    long retryAfterMs = meter.untilNext(now()).toMillis();
    answers.give(
        order.connection(),
        order.number(),
        new Refused(order.number(), ErrorCode.RATE_LIMITED, "too often", retryAfterMs));
    return steps.Effect().none();
  }

  // what worlds are told

  /// Sends every word that its world has not been sent yet.
  void sendNew(Open state) {
    send(state, receivers::told);
  }

  /// Sends every word again that its world has not acknowledged.
  void repeat(Open state) {
    send(state, receivers::acknowledged);
  }

  private void send(Open state, ToLongFunction<String> known) {
    state
        .worlds()
        .forEach((piece, visiting) -> {
          if (visiting.n() > known.applyAsLong(piece)) {
            sendTo(state, piece);
          }
        });
  }

  private void sendTo(Open state, String piece) {
    Visit word = state.visit(session, piece);
    receivers.told(piece, word.n());
    around.worlds().tell(piece, new World.Report(word, receipts));
  }

  boolean isSettled(Open state) {
    return state.worlds().keySet().stream().allMatch(each -> isSettled(state, each));
  }

  private boolean isSettled(Open state, String piece) {
    Visiting visiting = state.worlds().get(piece);
    return visiting == null || visiting.n() <= receivers.acknowledged(piece);
  }

  /// The worlds the session is in, and how far each was when it last acknowledged something.
  Map<String, Position> positions(Open state) {
    Map<String, Position> known = new LinkedHashMap<>();
    for (String piece : state.visited()) {
      known.put(piece, receivers.position(piece));
    }
    return known;
  }

  // what worlds say

  Effect<SessionEvent, SessionState> hear(Open state, World.Receipt receipt) {
    String piece = receipt.piece();
    Visiting visiting = state.worlds().get(piece);
    if (visiting == null) {
      return steps.Effect().none();
    }
    return switch (receipt) {
      case World.Recorded recorded -> recorded(state, recorded, visiting);
      case World.Full full when visiting.isIn() && visiting.n() == full.n() ->
          partWith(piece, null, Parting.FULL, ErrorCode.INSTANCE_FULL);
      case World.Full _ -> steps.Effect().none();
    };
  }

  private Effect<SessionEvent, SessionState> recorded(
      Open state, World.Recorded recorded, Visiting visiting) {
    String piece = recorded.piece();
    receivers.acknowledged(piece, recorded.n(), recorded.at());
    if (state.lease().isOver()) {
      return steps.endWhenSettled(state);
    }
    if (!isSettled(state, piece)) {
      return steps.Effect().none();
    }
    if (visiting.isIn()) {
      answerWaiting(piece, number -> doneAt(piece, number));
      return steps.Effect().none();
    }
    return steps.persist(
        new SessionEvent.Withdrawn(piece, now()),
        now -> {
          answerWaiting(piece, number -> doneAt(piece, number));
          receivers.forget(piece);
        });
  }

  Effect<SessionEvent, SessionState> hear(Open state, SessionCommand.Worldly worldly) {
    Visiting visiting = state.worlds().get(worldly.piece());
    if (worldly instanceof Dismissal dismissal
        && visiting != null
        && visiting.isIn()
        && visiting.entered() <= dismissal.n()) {
      return partWith(dismissal.piece(), dismissal.id(), dismissal.why(), ErrorCode.NOT_JOINED);
    }
    sendTo(state, worldly.piece());
    return steps.Effect().none();
  }

  /// The world does not have the session, and so the session is not in the world.
  private Effect<SessionEvent, SessionState> partWith(
      String piece, @Nullable String id, Parting why, ErrorCode code) {
    return steps.persist(
        new SessionEvent.Exited(piece, now()),
        now -> {
          if (waiting.getOrDefault(piece, List.of()).stream()
              .noneMatch(order -> holder.is(order.connection()))) {
            partings.put(piece, new Notice.Parted(piece, id, why));
            holder.tell(new Notice.Parted(piece, id, why));
          }
          answerWaiting(
              piece,
              number -> new Refused(number, code, piece + " does not admit this session", null));
        });
  }

  /// Tells a connection once more of the worlds that its session is out of against its will.
  void remind(ActorRef<Notice> connection) {
    partings.values().forEach(connection::tell);
  }

  /// Another connection has been told which worlds the session is in.
  void forgetPartings() {
    partings.clear();
  }

  private void answerWaiting(String piece, LongFunction<Notice> answer) {
    for (Waiting order : Objects.requireNonNullElse(waiting.remove(piece), List.<Waiting>of())) {
      answers.give(order.connection(), order.number(), answer.apply(order.number()));
    }
  }

  private long now() {
    return around.clock().millis();
  }
}
