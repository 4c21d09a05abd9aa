package presence.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The frames of RFC 6455 as a client needs them: what a server sends, and what is sent to one.
public final class Frames {
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  private static final int FINAL = 0x80;
  private static final int COMPRESSED = 0x40;
  private static final int MASKED = 0x80;
  private static final int SHORT_LENGTH = 126;
  private static final int LONG_LENGTH = 127;

  /// Any mask will do where nothing stands between client and server; this one leaves the bytes as
  /// they are.
  private static final int MASK = 0;

  private Frames() {}

  /// A whole frame.
  ///
  /// @param compressed whether the payload is still to be inflated
  /// @param bytes of the payload as it came
  public record Frame(int opcode, boolean compressed, ByteBuffer payload, int bytes) {
    Frame(int opcode, boolean compressed, ByteBuffer payload) {
      this(opcode, compressed, payload, payload.remaining());
    }

    /// The code of a close frame; 1005 when it gives none.
    public int closeCode() {
      return payload.remaining() < Short.BYTES ? 1005 : payload.getShort(0) & 0xFFFF;
    }
  }

  /// Takes the next frame off the bytes, or nothing as long as it is not whole.
  ///
  /// @throws IllegalStateException for a frame that no server of ours sends
  static @Nullable Frame next(ByteBuffer bytes) {
    int start = bytes.position();
    Frame frame = whole(bytes);
    if (frame == null) {
      bytes.position(start);
    }
    return frame;
  }

  private static @Nullable Frame whole(ByteBuffer bytes) {
    if (bytes.remaining() < 2) {
      return null;
    }
    int first = bytes.get() & 0xFF;
    int second = bytes.get() & 0xFF;
    boolean compressed = (first & 0xF0) == (FINAL | COMPRESSED);
    if ((first & 0xF0) != FINAL && !compressed || second >= MASKED) {
      throw new IllegalStateException("a frame in parts, with other extensions or masked");
    }
    int lengthBytes = second == SHORT_LENGTH ? 2 : second == LONG_LENGTH ? 8 : 0;
    if (bytes.remaining() < lengthBytes) {
      return null;
    }
    long length =
        switch (second) {
          case SHORT_LENGTH -> bytes.getShort() & 0xFFFF;
          case LONG_LENGTH -> bytes.getLong();
          default -> second;
        };
    if (bytes.remaining() < length) {
      return null;
    }
    byte[] payload = new byte[(int) length];
    bytes.get(payload);
    return new Frame(first & 0x0F, compressed, ByteBuffer.wrap(payload));
  }

  /// A text frame as a client sends it.
  static ByteBuffer text(String text) {
    return masked(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /// A binary frame as a client sends it.
  static ByteBuffer binary(byte[] bytes) {
    return masked(BINARY, bytes);
  }

  /// The answer to a ping.
  static ByteBuffer pong(Frame ping) {
    return masked(PONG, ping.payload().array());
  }

  /// The answer to a close.
  static ByteBuffer closed(Frame close) {
    return masked(CLOSE, close.payload().array());
  }

  private static ByteBuffer masked(int opcode, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) (FINAL | opcode));
    if (payload.length < SHORT_LENGTH) {
      frame.put((byte) (MASKED | payload.length));
    } else if (payload.length <= 0xFFFF) {
      frame.put((byte) (MASKED | SHORT_LENGTH)).putShort((short) payload.length);
    } else {
      frame.put((byte) (MASKED | LONG_LENGTH)).putLong(payload.length);
    }
    return frame.putInt(MASK).put(payload).flip();
  }
}
