package presence.gateway;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.Member;
import presence.protocol.ServerMessage;
import presence.session.Action;
import presence.session.Notice;
import presence.user.User;

/// What came of a client's wishes, as it is told.
final class Replies {
  private final Line line;
  private final Hold hold;
  private final Streams streams;
  private final Onlooking onlooking;
  private final WorldStreams worlds;
  private final ActorRef<Watches.Command> watches;
  private final ActorRef<User.Seen> personEar;

  Replies(
      Line line,
      Hold hold,
      Streams streams,
      Onlooking onlooking,
      WorldStreams worlds,
      ActorRef<Watches.Command> watches,
      ActorRef<User.Seen> personEar) {
    this.line = line;
    this.hold = hold;
    this.streams = streams;
    this.onlooking = onlooking;
    this.worlds = worlds;
    this.watches = watches;
    this.personEar = personEar;
  }

  /// A join is on its way, as the order of this number.
  void joining(long order, ClientMessage.Join join) {
    streams.joining(order, join);
  }

  /// An entering is on its way, as the order of this number.
  void entering(long order, ClientMessage.Enter enter) {
    worlds.entering(order, enter.piece());
  }

  /// More is asked than can be held.
  void overflowed(ClientMessage message) {
    line.answer(refusal(ErrorCode.UNAVAILABLE, "too much waits for the session already", message));
  }

  void done(HeldOrders.Held held, Notice.Done done) {
    switch (held.action()) {
      case Action.Join join -> streams.joined(held, join.instance(), done.at());
      case Action.Leave leave -> {
        left(leave.instance());
        ok(held);
      }
      case Action.Enter enter -> worlds.entered(held, enter, done.at());
      case Action.Exit exit -> {
        worlds.leave(exit.piece());
        ok(held);
      }
      case Action.Identify identify -> {
        hold.becomes(identify.principal(), identify.grant());
        Member member = hold.member();
        if (member != null) {
          line.answer(new ServerMessage.Authenticated(member, held.ref()));
        }
      }
      case Action.Watch watch -> {
        watches.tell(new Watches.Follow(Set.copyOf(watch.persons()), personEar));
        ok(held);
      }
      case Action.Unwatch unwatch -> {
        watches.tell(new Watches.Unfollow(new LinkedHashSet<>(unwatch.persons()), personEar));
        ok(held);
      }
      case Action.Move _,
          Action.Emit _,
          Action.Say _,
          Action.Send _,
          Action.Acknowledge _,
          Action.Bye _ ->
          ok(held);
    }
  }

  /// Who was a member may follow by now without being one.
  private void left(String instance) {
    if (!onlooking.isOf(instance)) {
      streams.leave(instance);
    }
  }

  /// Whether the client knows itself a member.
  boolean isMember(String instance) {
    return streams.isMember(instance);
  }

  /// Whether the client knows itself in this world.
  boolean isIn(String piece) {
    return worlds.isIn(piece);
  }

  private void ok(HeldOrders.Held held) {
    if (held.ref() != null) {
      line.answer(new ServerMessage.Ok(held.ref()));
    }
  }

  void accepted(HeldOrders.Held held, Notice.Accepted accepted) {
    line.answer(new ServerMessage.Accepted(accepted.clientMessageId(), accepted.id(), held.ref()));
  }

  /// The first time its author reads a chat message in the stream; a repetition is shown again,
  /// because the first may have been lost on the way. Not before its turn: a stream that is behind,
  /// after a failure or because its reader is slow, will still come to it.
  void spoken(HeldOrders.Held held, ServerMessage.Said message, boolean repeated) {
    boolean comes = line.isStale(Topic.instance(message.instance()));
    if (repeated && streams.hasPassed(message) && !comes) {
      line.answer(message);
    }
    ok(held);
  }

  void refused(HeldOrders.Held held, ErrorCode code, String message, @Nullable Long retryAfterMs) {
    dropped(held, code);
    line.answer(
        new ServerMessage.Error(
            code,
            message,
            held.ref(),
            code.retryable(),
            retryAfterMs,
            instanceOf(held.action()),
            clientMessageIdOf(held.action())));
  }

  /// An order was refused, and nobody is to hear of it.
  void dropped(HeldOrders.Held held, ErrorCode code) {
    streams.refused(held);
    worlds.refused(held);
    if (code == ErrorCode.UNAVAILABLE || code == ErrorCode.NOT_JOINED) {
      stopFollowing(held.action());
    }
  }

  /// Who wanted to leave does not want to hear more, whether that was possible or not.
  private void stopFollowing(Action action) {
    switch (action) {
      case Action.Leave leave -> left(leave.instance());
      case Action.Exit exit -> worlds.leave(exit.piece());
      default -> {}
    }
  }

  private static @Nullable String instanceOf(Action action) {
    return switch (action) {
      case Action.Join join -> join.instance();
      case Action.Leave leave -> leave.instance();
      case Action.Say say -> say.instance();
      case Action.Move _,
          Action.Enter _,
          Action.Exit _,
          Action.Emit _,
          Action.Send _,
          Action.Acknowledge _,
          Action.Identify _,
          Action.Watch _,
          Action.Unwatch _,
          Action.Bye _ ->
          null;
    };
  }

  private static @Nullable String clientMessageIdOf(Action action) {
    return switch (action) {
      case Action.Say say -> say.clientMessageId();
      case Action.Send send -> send.clientMessageId();
      default -> null;
    };
  }

  /// Why a message became no order at all.
  static ServerMessage.Error refusal(ErrorCode code, String message, ClientMessage said) {
    return new ServerMessage.Error(
        code,
        message,
        said.ref(),
        code.retryable(),
        null,
        said instanceof ClientMessage.Say say ? say.instance() : null,
        switch (said) {
          case ClientMessage.Say say -> say.clientMessageId();
          case ClientMessage.Send send -> send.clientMessageId();
          default -> null;
        });
  }

  /// The instance did not admit the session after all, and whoever asked for it is gone.
  void unjoined(String instance) {
    streams.leave(instance);
    line.answer(
        new ServerMessage.Error(
            ErrorCode.INSTANCE_FULL,
            instance + " admits no further session",
            null,
            ErrorCode.INSTANCE_FULL.retryable(),
            null,
            instance,
            null));
  }

  void seen(User.Seen seen) {
    line.answer(
        new ServerMessage.User(
            Persons.member(seen.person(), seen.name()),
            seen.online(),
            seen.here(),
            seen.location(),
            seen.lastSeen()));
  }
}
