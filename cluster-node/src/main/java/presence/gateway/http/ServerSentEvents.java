package presence.gateway.http;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import presence.gateway.Encoded;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.protocol.Position;

/// Messages as a browser's `EventSource` reads them. An event's id is its place in the stream,
/// `epoch:seq`; the id of the last event read says where to go on.
final class ServerSentEvents {
  static final ByteString COMMENT = ByteString.fromString(":\n\n");

  private static final ContentType EVENTS = ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM);

  /// A proxy that collects events before it passes them on would make them late.
  private static final HttpHeader NO_BUFFERING = RawHeader.create("X-Accel-Buffering", "no");

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

  /// The answer whose body these events are.
  static HttpResponse answer(Source<ByteString, ?> events) {
    return HttpResponse.create()
        .withEntity(HttpEntities.createChunked(EVENTS, events))
        .addHeader(NO_BUFFERING);
  }

  /// Whether this answer is a stream of events.
  static boolean isStream(HttpResponse answer) {
    return answer.entity().getContentType().equals(EVENTS);
  }

  /// Lets the reader read what is there, and no more; it may be gone already.
  static void end(BoundedSourceQueue<ByteString> events) {
    try {
      events.complete();
    } catch (IllegalStateException ended) {
      // by the reader, meanwhile
    }
  }

  /// What the reader has already, as it says.
  static @Nullable Position since(HttpRequest request) {
    return request.getHeader("Last-Event-ID").map(header -> position(header.value())).orElse(null);
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
