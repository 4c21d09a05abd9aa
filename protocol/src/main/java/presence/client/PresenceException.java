package presence.client;

import java.util.OptionalInt;
import presence.protocol.CloseCode;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;

/// Why a request was refused, or why the client stopped: a code for the program, a sentence for a
/// person, and whether trying again may help.
public final class PresenceException extends RuntimeException {
  private static final int NONE = -1;

  private final ErrorCode code;
  private final boolean retryable;
  private final long retryAfterMs;
  private final int closeCode;

  public PresenceException(ErrorCode code, String message, boolean retryable, long retryAfterMs) {
    this(code, message, retryable, retryAfterMs, NONE);
  }

  private PresenceException(
      ErrorCode code, String message, boolean retryable, long retryAfterMs, int closeCode) {
    super(message);
    this.code = code;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.closeCode = closeCode;
  }

  static PresenceException of(ServerMessage.Error error) {
    Long after = error.retryAfterMs();
    return new PresenceException(
        error.code(), error.message(), error.retryable(), after == null ? 0 : after);
  }

  /// The server closed the socket with this code and did not say more.
  static PresenceException closed(int closeCode, String reason) {
    ErrorCode code =
        switch (CloseCode.of(closeCode).orElse(CloseCode.LOST)) {
          case TOKEN_EXPIRED -> ErrorCode.EXPIRED_TOKEN;
          case REFUSED, KICKED, BANNED -> ErrorCode.FORBIDDEN;
          case REPLACED -> ErrorCode.CONFLICT;
          case NO_HELLO -> ErrorCode.NO_HELLO;
          case PROTOCOL_ABUSE -> ErrorCode.BAD_MESSAGE;
          case TOO_BIG -> ErrorCode.TOO_LONG;
          default -> ErrorCode.UNAVAILABLE;
        };
    boolean passes = CloseCode.then(closeCode) != CloseCode.Then.STAY_AWAY;
    return new PresenceException(code, "closed " + closeCode + " " + reason, passes, 0, closeCode);
  }

  public ErrorCode code() {
    return code;
  }

  /// Whether the same request may succeed later without being changed.
  public boolean retryable() {
    return retryable;
  }

  /// How long to wait before trying again; 0 = the server did not say.
  public long retryAfterMs() {
    return retryAfterMs;
  }

  /// The code the socket was closed with, when that is what stopped the client.
  public OptionalInt closeCode() {
    return closeCode == NONE ? OptionalInt.empty() : OptionalInt.of(closeCode);
  }
}
