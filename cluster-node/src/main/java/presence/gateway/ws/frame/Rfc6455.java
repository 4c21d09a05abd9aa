package presence.gateway.ws.frame;

/// The numbers of RFC 6455, and the one that RFC 7692 adds.
public final class Rfc6455 {
  public static final int CONTINUATION = 0x0;
  public static final int TEXT = 0x1;
  public static final int BINARY = 0x2;
  public static final int CLOSE = 0x8;
  public static final int PING = 0x9;
  public static final int PONG = 0xA;

  /// The bit of a message's first frame that says it is compressed (RFC 7692).
  public static final int COMPRESSED = 0x40;

  /// What a control frame carries at most.
  public static final int CONTROL_BYTES_MAX = 125;

  public static final int PROTOCOL_ERROR = 1002;
  public static final int NO_STATUS = 1005;
  public static final int NOT_UTF8 = 1007;
  public static final int TOO_BIG = 1009;
  public static final int INTERNAL_ERROR = 1011;

  private Rfc6455() {}

  public static boolean isControl(int opcode) {
    return opcode >= CLOSE;
  }

  /// Whether a close frame may carry this code: those of the RFC and the IANA registry that are not
  /// reserved for local use, and the ranges for libraries and applications.
  public static boolean isSendable(int closeCode) {
    return switch (closeCode) {
      case 1004, 1005, 1006 -> false;
      default ->
          (closeCode >= 1000 && closeCode <= 1014) || (closeCode >= 3000 && closeCode <= 4999);
    };
  }
}
