package presence.gateway.http;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.util.ByteString;
import presence.gateway.Encoded;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.protocol.Position;

/// Messages as a browser's `EventSource` reads them. An event's id is its place in the stream,
/// `epoch:seq`; the id of the last event read says where to go on.
final class ServerSentEvents {
  static final ByteString COMMENT = ByteString.fromString(":\n\n");

  private static final Pattern ID = Pattern.compile("(\\d{1,15}):(\\d{1,15})");
  private static final ByteString END = ByteString.fromString("\n\n");

  private ServerSentEvents() {}

  /// The events of these messages, in order; each stays on one line, because JSON has no other line
  /// breaks than those it escapes.
  static ByteString of(List<Encoded> messages) {
    ByteString events = ByteString.emptyByteString();
    for (Encoded message : messages) {
      Position at = message.at();
      String id = at == null ? "" : "id: " + at.epoch() + ":" + at.seq() + "\n";
      events =
          events
              .concat(ByteString.fromString("event: " + message.type() + "\n" + id + "data: "))
              .concat(message.utf8())
              .concat(END);
    }
    return events;
  }

  /// Asks the reader to come back after this time when the stream has ended.
  static ByteString reconnectAfter(Duration time) {
    return ByteString.fromString("retry: " + time.toMillis() + "\n\n");
  }

  /// Reads the id of an event.
  ///
  /// @throws InvalidMessage when it is none
  static Position position(String id) {
    Matcher parts = ID.matcher(id);
    if (!parts.matches()) {
      throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "Last-Event-ID is epoch:seq");
    }
    return new Position(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)));
  }
}
