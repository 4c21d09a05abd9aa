package presence.gateway.ws.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Bytes as a client writes them: well-formed frames, and others.
public final class Frames {
  private static final int MASK = 0x37FA213D;

  private Frames() {}

  public static byte[] text(String text) {
    return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  /// A text, compressed as RFC 7692 says it.
  public static byte[] compressed(String text) {
    return frame(0xC1, deflated(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// A compressed message, without the frame.
  public static byte[] deflated(byte[] message) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(message);
    byte[] bytes = new byte[2 * message.length + 64];
    int length = deflater.deflate(bytes, 0, bytes.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(bytes, length - 4);
  }

  /// What the server compressed.
  public static byte[] inflated(byte[] payload) throws DataFormatException {
    Inflater inflater = new Inflater(true);
    inflater.setInput(join(payload, hex("0000ffff")));
    byte[] message = new byte[1_000_000];
    int length = inflater.inflate(message);
    inflater.end();
    return Arrays.copyOf(message, length);
  }

  /// The first frame of a text in several.
  public static byte[] textBegin(String text) {
    return frame(0x01, text.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] more(String text) {
    return frame(0x00, text.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] end(String text) {
    return frame(0x80, text.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] binary(byte... payload) {
    return frame(0x82, payload);
  }

  public static byte[] ping(String payload) {
    return frame(0x89, payload.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] pong(String payload) {
    return frame(0x8A, payload.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] close(int code, String reason) {
    byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
    return frame(
        0x88, ByteBuffer.allocate(2 + utf8.length).putShort((short) code).put(utf8).array());
  }

  public static byte[] close() {
    return frame(0x88, new byte[0]);
  }

  /// A masked frame.
  ///
  /// @param first the bits of its first byte: final, reserved and opcode
  public static byte[] frame(int first, byte[] payload) {
    byte[] masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= (byte) (MASK >>> (24 - 8 * (i % 4)));
    }
    return join(header(first, payload.length), masked);
  }

  /// The header alone, of a frame said to be this long.
  public static byte[] header(int first, long length) {
    ByteBuffer header = ByteBuffer.allocate(14).put((byte) first);
    if (length < 126) {
      header.put((byte) (0x80 | length));
    } else if (length <= 0xFFFF) {
      header.put((byte) (0x80 | 126)).putShort((short) length);
    } else {
      header.put((byte) (0x80 | 127)).putLong(length);
    }
    header.putInt(MASK);
    byte[] bytes = new byte[header.position()];
    header.flip().get(bytes);
    return bytes;
  }

  public static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer joined = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      joined.put(part);
    }
    return joined.array();
  }

  public static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
