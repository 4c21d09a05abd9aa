package presence.gateway;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.auth.SessionIds;
import presence.instance.ChatInstance;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.protocol.Json;
import presence.session.Action;
import presence.user.Address;

/// What a client's message asks of its session. Names become the ids they stand for, and what no
/// session need be asked about is refused here.
final class Wishes {
  private static final int BYTES = 256; // of an order, beside what the client wrote
  private static final int BYTES_PER_ID = 64;
  private static final int BYTES_PER_CHARACTER = 4;

  private final int textCodePointsMax;
  private final int jsonBytesMax;
  private final SessionIds sessionIds;
  private final ActorRef<ChatInstance.Answer> instanceEar;

  Wishes(
      int textCodePointsMax,
      int jsonBytesMax,
      SessionIds sessionIds,
      ActorRef<ChatInstance.Answer> instanceEar) {
    this.textCodePointsMax = textCodePointsMax;
    this.jsonBytesMax = jsonBytesMax;
    this.sessionIds = sessionIds;
    this.instanceEar = instanceEar;
  }

  /// The wish of a message; null when it asks nothing of the session.
  ///
  /// @throws InvalidMessage why it cannot be granted
  @Nullable Action of(ClientMessage message) {
    return switch (message) {
      case ClientMessage.Location move -> new Action.Move(move.slug(), move.visible());
      case ClientMessage.Join join -> new Action.Join(join.instance());
      case ClientMessage.Leave leave -> new Action.Leave(leave.instance());
      case ClientMessage.Say say ->
          new Action.Say(say.instance(), text(say.text()), say.clientMessageId(), instanceEar);
      case ClientMessage.Enter enter ->
          new Action.Enter(enter.piece(), json("avatar", enter.avatar()), enter.pos());
      case ClientMessage.Exit exit -> new Action.Exit(exit.piece());
      case ClientMessage.Emit emit ->
          new Action.Emit(
              emit.piece(), emit.name(), emit.data() == null ? null : json("data", emit.data()));
      case ClientMessage.Send send ->
          new Action.Send(address(send.to()), text(send.text()), send.clientMessageId());
      case ClientMessage.Acknowledge acknowledge -> new Action.Acknowledge(acknowledge.ids());
      case ClientMessage.Watch watch -> new Action.Watch(persons(watch.users()));
      case ClientMessage.Unwatch unwatch -> new Action.Unwatch(persons(unwatch.users()));
      case ClientMessage.Bye _ -> new Action.Bye();
      case ClientMessage.Hello _,
          ClientMessage.Authenticate _,
          ClientMessage.RosterPage _,
          ClientMessage.Stride _,
          ClientMessage.Pong _ ->
          null;
    };
  }

  private String text(String text) {
    if (text.codePointCount(0, text.length()) > textCodePointsMax) {
      throw new InvalidMessage(
          ErrorCode.TOO_LONG, "a message has at most " + textCodePointsMax + " characters");
    }
    return text;
  }

  private String json(String field, Json value) {
    if (value.bytes() > jsonBytesMax) {
      throw new InvalidMessage(
          ErrorCode.TOO_LONG, field + " has at most " + jsonBytesMax + " bytes");
    }
    return value.text();
  }

  /// A forged session id is no session's, whatever else it may name; no entity is asked about it.
  private Address address(String to) {
    return sessionIds.genuine(to) ? new Address.Session(to) : new Address.Person(Persons.id(to));
  }

  private static List<String> persons(List<String> users) {
    return users.stream().map(Persons::id).distinct().toList();
  }

  /// About how many bytes it takes to hold this wish.
  static int weight(ClientMessage message) {
    return BYTES
        + switch (message) {
          case ClientMessage.Say say -> BYTES_PER_CHARACTER * say.text().length();
          case ClientMessage.Send send -> BYTES_PER_CHARACTER * send.text().length();
          case ClientMessage.Enter enter -> BYTES_PER_CHARACTER * enter.avatar().text().length();
          case ClientMessage.Emit emit ->
              emit.data() == null ? 0 : BYTES_PER_CHARACTER * emit.data().text().length();
          case ClientMessage.Acknowledge acknowledge -> BYTES_PER_ID * acknowledge.ids().size();
          default -> 0;
        };
  }
}
