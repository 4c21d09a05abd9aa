package presence.gateway.ws.frame;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// The compression of `permessage-deflate` (RFC 7692), each message by itself: nothing is kept from
/// one to the next on either side, so what many sockets are sent is compressed once, and a socket
/// that is quiet holds nothing.
public final class Deflate {
  /// What a flush ends with, and is not sent.
  private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

  /// Room for what hardly gets shorter.
  private static final int SPARE = 64;

  /// A message has one end at most, if its sender ends what it compresses each time.
  private static final int ENDS_MAX = 16;

  private Deflate() {}

  public static ByteString compressed(ByteString message) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(message.toArrayUnsafe());
      byte[] bytes = new byte[message.size() / 2 + SPARE];
      int length = 0;
      while (true) {
        length += deflater.deflate(bytes, length, bytes.length - length, Deflater.SYNC_FLUSH);
        if (length < bytes.length) {
          return ByteString.fromArrayUnsafe(Arrays.copyOf(bytes, length - TAIL.length));
        }
        bytes = Arrays.copyOf(bytes, 2 * length);
      }
    } finally {
      deflater.end();
    }
  }

  /// The message that was compressed to these bytes, as many as its length says.
  ///
  /// @param bytesMax of the message
  /// @return nothing if the message is longer
  /// @throws DataFormatException for what no compression gives
  static byte @Nullable [] inflated(byte[] compressed, int length, int bytesMax)
      throws DataFormatException {
    byte[] input = Arrays.copyOf(compressed, length + TAIL.length);
    System.arraycopy(TAIL, 0, input, length, TAIL.length);
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(input);
      byte[] message = new byte[Math.min(bytesMax, 4 * length) + 1];
      int size = 0;
      int ends = 0;
      while (size <= bytesMax) {
        size += inflater.inflate(message, size, message.length - size);
        if (size == message.length) {
          message = Arrays.copyOf(message, Math.min(bytesMax + 1, 2 * size));
        } else if (inflater.finished() && inflater.getRemaining() > 0) {
          int rest = inflater.getRemaining();
          if (++ends > ENDS_MAX) {
            throw new DataFormatException("a message that ends again and again");
          }
          inflater.reset();
          inflater.setInput(input, input.length - rest, rest);
        } else if (inflater.finished() || inflater.needsInput()) {
          return Arrays.copyOf(message, size);
        }
      }
      return null;
    } finally {
      inflater.end();
    }
  }
}
