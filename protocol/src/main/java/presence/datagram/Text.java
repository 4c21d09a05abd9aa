package presence.datagram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/// Names in a payload: their length in two bytes, then UTF-8.
final class Text {
  private static final int LENGTH_BYTES = Short.BYTES;

  private Text() {}

  static int bytes(byte[] text) {
    return LENGTH_BYTES + text.length;
  }

  static void write(byte[] text, ByteBuffer into) {
    into.putShort((short) text.length).put(text);
  }

  /// Null when what follows is none.
  static @Nullable String read(ByteBuffer from) {
    if (from.remaining() < LENGTH_BYTES) {
      return null;
    }
    int length = Short.toUnsignedInt(from.getShort());
    if (length > from.remaining()) {
      return null;
    }
    ByteBuffer text = from.slice(from.position(), length);
    from.position(from.position() + length);
    try {
      return UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
