package presence.gateway;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import presence.auth.TokenVerifier;
import presence.gateway.ConnectionCommand.Tick;
import presence.instance.ChatInstance;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.protocol.ServerMessage;
import presence.session.Action;
import presence.session.Notice;

/// What one client asks of its session: each wish becomes an order, which is held, repeated and in
/// the end answered.
final class Orderbook {
  private static final int UNDOING_MAX = 256;

  private final Surroundings around;
  private final Hold hold;
  private final Wishes wishes;
  private final HeldOrders orders;
  private final Replies replies;
  private final TimerScheduler<ConnectionCommand> timers;

  /// Joins and enterings that were given up, by their numbers: should one be done late, it is
  /// undone.
  private final Map<Long, ClientMessage> undoing = new LinkedHashMap<>(0);

  /// Orders that no client gave.
  private final Set<Long> own = new HashSet<>(0);

  Orderbook(
      Surroundings around,
      ActorRef<ChatInstance.Answer> instanceEar,
      Hold hold,
      Replies replies,
      TimerScheduler<ConnectionCommand> timers) {
    this.around = around;
    this.hold = hold;
    this.wishes =
        new Wishes(
            around.limits().textCodePointsMax(),
            around.limits().jsonBytesMax(),
            around.sessionIds(),
            instanceEar);
    this.orders = new HeldOrders(around.limits().held());
    this.replies = replies;
    this.timers = timers;
  }

  /// Takes what this connection itself wants of the session: the client is not told what comes of
  /// it.
  void want(ClientMessage message) {
    Action action = wishes.of(message);
    if (action != null) {
      own.add(orders.add(action, null, Wishes.weight(message), now()));
      send();
    }
  }

  /// Takes what a message asks of the session.
  ///
  /// @throws InvalidMessage why it cannot be granted
  void wish(ClientMessage message) {
    Action action = wishes.of(message);
    if (action instanceof Action.Move move) {
      hold.moves(move.location(), move.visible());
    }
    if (action != null) {
      order(action, message);
    }
  }

  /// The client has proved who it is.
  void identify(TokenVerifier.Verdict.Accepted proof, ClientMessage.Authenticate asked) {
    order(new Action.Identify(proof.principal(), proof.grant()), asked);
  }

  private void order(Action action, ClientMessage message) {
    if (!orders.offer(action, message.ref(), Wishes.weight(message), now())) {
      replies.overflowed(message);
      return;
    }
    if (message instanceof ClientMessage.Join join) {
      replies.joining(orders.last(), join);
    }
    if (message instanceof ClientMessage.Enter enter) {
      replies.entering(orders.last(), enter);
    }
    send();
  }

  /// Sends the orders that are due, and sees to it that this is done again.
  void send() {
    orders.due(now()).forEach(hold::order);
    if (!orders.isEmpty() && !timers.isTimerActive(Tick.ORDERS)) {
      timers.startSingleTimer(Tick.ORDERS, Tick.ORDERS, around.limits().held().repeatFirst());
    }
  }

  /// Whether a move waits to be done.
  boolean holdsMove() {
    return orders.holdsMove();
  }

  /// Whether the client has asked to enter or leave this world and has no answer.
  boolean holdsEntryOf(String piece) {
    return orders.holdsEntryOf(piece);
  }

  /// The session lives elsewhere now: everything is sent once more.
  void hurry() {
    orders.hurry();
  }

  void done(Notice.Done done) {
    own.remove(done.number());
    orders
        .answered(done.number())
        .ifPresentOrElse(held -> replies.done(held, done), () -> undo(done.number()));
  }

  /// The client was told that it is not in: others must not see it there. Unless it has asked once
  /// more.
  private void undo(long number) {
    ClientMessage contrary = undoing.remove(number);
    if (contrary != null && !isWanted(contrary)) {
      want(contrary);
    }
  }

  private boolean isWanted(ClientMessage contrary) {
    return switch (contrary) {
      case ClientMessage.Leave leave ->
          orders.holdsAnyOf(leave.instance()) || replies.isMember(leave.instance());
      case ClientMessage.Exit exit ->
          orders.holdsEntryOf(exit.piece()) || replies.isIn(exit.piece());
      default -> true;
    };
  }

  void accepted(Notice.Accepted accepted) {
    orders.answered(accepted.number()).ifPresent(held -> replies.accepted(held, accepted));
  }

  void refused(Notice.Refused refused) {
    orders
        .answered(refused.number())
        .ifPresent(
            held -> refused(held, refused.code(), refused.message(), refused.retryAfterMs()));
  }

  private void refused(
      HeldOrders.Held held, ErrorCode code, String message, @Nullable Long retryAfterMs) {
    if (own.remove(held.number())) {
      replies.dropped(held, code);
    } else {
      replies.refused(held, code, message, retryAfterMs);
    }
  }

  /// An instance itself answers what was said in it.
  void answered(ChatInstance.Answer answer) {
    switch (answer) {
      case ChatInstance.Spoken(ServerMessage.Said message, boolean repeated) ->
          orders
              .answered(message.instance(), String.valueOf(message.clientMessageId()))
              .ifPresent(held -> replies.spoken(held, message, repeated));
      case ChatInstance.NotJoined(String instance, String clientMessageId) ->
          orders
              .answered(instance, clientMessageId)
              .ifPresent(held ->
                  replies.refused(held, ErrorCode.NOT_JOINED, "not a member of " + instance, null));
    }
    send();
  }

  /// Gives up what has waited too long; to be called at each [Tick#ORDERS].
  void giveUp() {
    for (HeldOrders.Held held : orders.overdue(now())) {
      refused(held, ErrorCode.UNAVAILABLE, "the session does not answer", null);
      giveUp(held);
    }
    send();
  }

  private void giveUp(HeldOrders.Held held) {
    switch (held.action()) {
      case Action.Join join ->
          undoing.put(held.number(), new ClientMessage.Leave(join.instance(), null));
      case Action.Enter enter ->
          undoing.put(held.number(), new ClientMessage.Exit(enter.piece(), null));
      default -> {}
    }
    if (undoing.size() > UNDOING_MAX) {
      undoing.remove(undoing.keySet().iterator().next());
    }
  }

  private long now() {
    return around.clock().millis();
  }
}
