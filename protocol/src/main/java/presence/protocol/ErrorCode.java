package presence.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// The machine words an `error` may carry, on the WebSocket and in HTTP answers.
public enum ErrorCode {
  /// The frame is no JSON text, is binary, or nests too deep.
  BAD_JSON,
  /// A field is missing, has the wrong type, or holds what it must not.
  BAD_MESSAGE,
  /// No message of this type exists.
  UNKNOWN_TYPE,
  /// The first frame was not a `hello`, or none came in time.
  NO_HELLO,
  /// The connection has already said hello; the first identity stands.
  SECOND_HELLO,
  /// The `protocol` of the hello is not one this node speaks.
  UNSUPPORTED_PROTOCOL,
  /// Only a proven person may do this.
  UNAUTHENTICATED,
  /// The token proves nothing.
  BAD_TOKEN,
  /// The token has expired; fetch another and come back.
  EXPIRED_TOKEN,
  /// The signature does not fit key and text.
  BAD_SIGNATURE,
  /// A signed time lies too far from this node's clock.
  TIMESTAMP_SKEW,
  /// The resume token selects no session any more; a fresh session was opened instead.
  RESUME_EXPIRED,
  /// This identity may not do this.
  FORBIDDEN,
  /// The session is no member of the instance, or not in the world.
  NOT_JOINED,
  /// The client has no stream on the workspace (HTTP).
  NOT_ATTACHED,
  /// No such person has ever proved themselves here, or the session has ended.
  UNKNOWN_RECIPIENT,
  /// The request contradicts what holds already.
  CONFLICT,
  /// A text or a list is longer than allowed.
  TOO_LONG,
  /// There is no such thing (HTTP).
  NOT_FOUND,
  /// Too many of these; try again after `retryAfterMs`.
  RATE_LIMITED,
  /// The recipient's mailbox holds no more.
  MAILBOX_FULL,
  /// The instance, or the world, admits no further session.
  INSTANCE_FULL,
  /// This person may not speak in the instance now, or not at all; `retryAfterMs` says how long
  /// yet.
  MUTED,
  /// The word filter does not let this text pass.
  FILTERED,
  /// Not possible just now: a shard is moving or the journal does not answer. Retrying helps.
  UNAVAILABLE,
  /// A bug of the server; also what a client takes a word for that it does not know.
  @JsonEnumDefaultValue
  INTERNAL;

  private final String word = name().toLowerCase(Locale.ROOT);

  /// The word on the wire.
  @JsonValue
  public String word() {
    return word;
  }

  /// Whether the same request may succeed later without being changed.
  public boolean retryable() {
    return this == RATE_LIMITED
        || this == UNAVAILABLE
        || this == MAILBOX_FULL
        || this == INSTANCE_FULL;
  }
}
