package presence.gateway;

import java.util.List;
import java.util.Objects;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import presence.protocol.Codec;
import presence.protocol.Position;
import presence.protocol.ServerMessage;

/// A message as it goes out, encoded once however many sockets it goes to.
///
/// @param type its `type` on the wire
/// @param at the place in the stream after it, for a message of a stream
/// @param ref of the request that it answers
public record Encoded(String type, @Nullable Position at, @Nullable String ref, Payload payload) {
  private static final ByteString OPEN = ByteString.fromString("[");
  private static final ByteString COMMA = ByteString.fromString(",");
  private static final ByteString CLOSE = ByteString.fromString("]");

  public Encoded(String type, @Nullable Position at, ByteString utf8) {
    this(type, at, null, new Payload(utf8));
  }

  public ByteString utf8() {
    return payload.utf8();
  }

  int bytes() {
    return utf8().size();
  }

  static Encoded of(Codec codec, ServerMessage message) {
    return new Encoded(
        Codec.typeOf(message),
        positionOf(message),
        message.ref(),
        new Payload(ByteString.fromString(codec.encode(message)), openTo(message)));
  }

  /// The same message as the answer to a request with this `ref`.
  Encoded withRef(Codec codec, String ref) {
    ByteString member = ByteString.fromString(",\"ref\":" + codec.quote(ref) + "}");
    return new Encoded(
        type, at, ref, new Payload(utf8().dropRight(1).concat(member), payload.openTo()));
  }

  /// The same message for one client alone.
  Encoded forOne() {
    return new Encoded(type, at, ref, new Payload(utf8()));
  }

  /// The instance whose members may all read it.
  private static @Nullable String openTo(ServerMessage message) {
    return switch (message) {
      case ServerMessage.Presence presence -> presence.instance();
      case ServerMessage.Roster roster -> roster.instance();
      case ServerMessage.Delta delta -> delta.instance();
      case ServerMessage.CountsChange counts -> counts.instance();
      case ServerMessage.Said said -> said.instance();
      case ServerMessage.History history -> history.instance();
      default -> null;
    };
  }

  /// The instance whose members may all read all of them.
  static @Nullable String openTo(List<Encoded> messages) {
    String first = messages.isEmpty() ? null : messages.getFirst().payload().openTo();
    return messages.stream().allMatch(each -> Objects.equals(each.payload().openTo(), first))
        ? first
        : null;
  }

  private static @Nullable Position positionOf(ServerMessage message) {
    return switch (message) {
      case ServerMessage.Presence cut -> new Position(cut.epoch(), cut.seq());
      case ServerMessage.Delta delta -> new Position(delta.epoch(), delta.seq());
      case ServerMessage.CountsChange counts -> new Position(counts.epoch(), counts.seq());
      case ServerMessage.Said said -> new Position(said.epoch(), said.seq());
      default -> null;
    };
  }

  /// One frame of several messages: the message itself, or an array, in one piece.
  static Payload frame(List<Encoded> messages) {
    if (messages.size() == 1) {
      return messages.getFirst().payload();
    }
    ByteString frame = OPEN;
    boolean first = true;
    for (Encoded message : messages) {
      frame = (first ? frame : frame.concat(COMMA)).concat(message.utf8());
      first = false;
    }
    return new Payload(frame.concat(CLOSE).compact(), openTo(messages));
  }
}
