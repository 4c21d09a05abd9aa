package presence.gateway.ws.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.util.ByteString;

/// Writes the frames of a server: final, unmasked, compressed where the client agreed to that.
public final class FrameEncoder {
  private static final int FINAL = 0x80;
  private static final int REASON_BYTES_MAX = Rfc6455.CONTROL_BYTES_MAX - Short.BYTES;

  private FrameEncoder() {}

  /// A text message in one frame; the payload is shared, not copied.
  public static ByteString text(ByteString utf8) {
    return header(Rfc6455.TEXT, utf8.size()).concat(utf8);
  }

  /// The same, compressed, for a client that agreed to it.
  public static ByteString compressedText(ByteString utf8) {
    ByteString compressed = Deflate.compressed(utf8);
    return header(Rfc6455.COMPRESSED | Rfc6455.TEXT, compressed.size()).concat(compressed);
  }

  /// A ping, which the client answers with a pong of the same payload, of at most 125 bytes.
  public static ByteString ping(ByteString payload) {
    return control(Rfc6455.PING, payload);
  }

  /// The answer to a ping, with its payload.
  public static ByteString pong(ByteString payload) {
    return control(Rfc6455.PONG, payload);
  }

  /// A close frame. The reason is cut, between characters, to the 123 bytes there are for it.
  ///
  /// @param code one that may be sent, or 1005 for a close frame that gives none
  public static ByteString close(int code, String reason) {
    if (code == Rfc6455.NO_STATUS) {
      return header(Rfc6455.CLOSE, 0);
    }
    if (!Rfc6455.isSendable(code)) {
      throw new IllegalArgumentException("no close frame carries the code " + code);
    }
    byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
    int length = cut(utf8);
    ByteBuffer payload = ByteBuffer.allocate(Short.BYTES + length);
    payload.putShort((short) code).put(utf8, 0, length);
    return control(Rfc6455.CLOSE, ByteString.fromArrayUnsafe(payload.array()));
  }

  private static int cut(byte[] utf8) {
    if (utf8.length <= REASON_BYTES_MAX) {
      return utf8.length;
    }
    int end = REASON_BYTES_MAX;
    while ((utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    return end;
  }

  private static ByteString control(int opcode, ByteString payload) {
    if (payload.size() > Rfc6455.CONTROL_BYTES_MAX) {
      throw new IllegalArgumentException("a control frame of " + payload.size() + " bytes");
    }
    return header(opcode, payload.size()).concat(payload);
  }

  private static ByteString header(int opcode, int length) {
    byte first = (byte) (FINAL | opcode);
    ByteBuffer header;
    if (length < 126) {
      header = ByteBuffer.allocate(2).put(first).put((byte) length);
    } else if (length <= 0xFFFF) {
      header = ByteBuffer.allocate(4).put(first).put((byte) 126).putShort((short) length);
    } else {
      header = ByteBuffer.allocate(10).put(first).put((byte) 127).putLong(length);
    }
    return ByteString.fromArrayUnsafe(header.array());
  }
}
