package presence.protocol;

import java.util.Optional;
import java.util.stream.Stream;

/// Why a WebSocket was closed, and what a client does about it by itself.
public enum CloseCode {
  BYE(1000, Then.STAY_AWAY),
  SERVER_GONE(1001, Then.RECONNECT),
  LOST(1006, Then.RECONNECT),
  TOO_BIG(1009, Then.STAY_AWAY),
  DRAINING(1012, Then.RECONNECT),
  NOT_NOW(4300, Then.RECONNECT),
  PROTOCOL_ABUSE(4400, Then.STAY_AWAY),
  NO_HELLO(4401, Then.RECONNECT),
  TOKEN_EXPIRED(4402, Then.RECONNECT_WITH_FRESH_TOKEN),
  REFUSED(4403, Then.STAY_AWAY),
  TOO_SLOW(4408, Then.RECONNECT),
  REPLACED(4409, Then.STAY_AWAY),
  KICKED(4410, Then.STAY_AWAY),
  BANNED(4411, Then.STAY_AWAY);

  /// What follows for the client.
  public enum Then {
    RECONNECT,
    RECONNECT_WITH_FRESH_TOKEN,
    STAY_AWAY
  }

  private final int code;
  private final Then then;

  CloseCode(int code, Then then) {
    this.code = code;
    this.then = then;
  }

  public int code() {
    return code;
  }

  public Then then() {
    return then;
  }

  /// The close code of this number, if it is one of this protocol.
  public static Optional<CloseCode> of(int code) {
    return Stream.of(values()).filter(each -> each.code == code).findFirst();
  }

  /// What a client does by itself after a close with this number. Of unknown ones, those below 4000
  /// come from the network between and pass; the others are a server's word not to come back.
  public static Then then(int code) {
    return of(code).map(CloseCode::then).orElse(code < 4000 ? Then.RECONNECT : Then.STAY_AWAY);
  }

  /// How a hello refused with this error closes the socket.
  public static CloseCode ofRefusedHello(ErrorCode error) {
    return switch (error) {
      case UNAVAILABLE, RATE_LIMITED, INTERNAL -> NOT_NOW;
      case EXPIRED_TOKEN -> TOKEN_EXPIRED;
      case UNSUPPORTED_PROTOCOL, BAD_JSON, BAD_MESSAGE, UNKNOWN_TYPE, TOO_LONG -> PROTOCOL_ABUSE;
      case NO_HELLO -> NO_HELLO;
      default -> REFUSED;
    };
  }
}
