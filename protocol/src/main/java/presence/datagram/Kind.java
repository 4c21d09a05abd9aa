package presence.datagram;

import org.jspecify.annotations.Nullable;

/// What a datagram is. A kind goes in one direction only, so that nobody can be answered with what
/// they sent themselves.
public enum Kind {
  /// Client to node: `world:move`, as a [MovePayload].
  MOVE(1, true),
  /// Node to client: `world:moved`, as a [MovesPayload].
  MOVES(2, false),
  /// Client to node: I am here, and this is the echo I heard last; an [Echo].
  PING(3, true),
  /// Node to client: I heard you, say this echo; an [Echo]. As long as the ping it answers.
  PONG(4, false);

  private static final Kind[] BY_CODE = {null, MOVE, MOVES, PING, PONG};

  private final byte code;
  private final boolean up;

  Kind(int code, boolean up) {
    this.code = (byte) code;
    this.up = up;
  }

  byte code() {
    return code;
  }

  /// Whether clients say it; else nodes do.
  public boolean isUp() {
    return up;
  }

  static @Nullable Kind of(byte code) {
    return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
