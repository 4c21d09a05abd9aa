package presence.load;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import presence.load.Frames.Frame;

/// What a client does that agreed to compressed messages (RFC 7692), each by itself. On one thread.
final class Inflation implements AutoCloseable {
  private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

  private final Inflater inflater = new Inflater(true);
  private final byte[] message;

  /// @param bytesMax of a message
  Inflation(int bytesMax) {
    message = new byte[bytesMax];
  }

  /// The frame as it was before it was compressed, if it was. Its payload is good until the next.
  ///
  /// @throws IllegalStateException for what no server of ours sends
  Frame inflated(Frame frame) {
    if (!frame.compressed()) {
      return frame;
    }
    inflater.reset();
    try {
      inflater.setInput(frame.payload());
      int size = inflater.inflate(message);
      inflater.setInput(TAIL);
      size += inflater.inflate(message, size, message.length - size);
      if (size == message.length) {
        throw new IllegalStateException("a message of more than " + size + " bytes");
      }
      return new Frame(frame.opcode(), false, ByteBuffer.wrap(message, 0, size), frame.bytes());
    } catch (DataFormatException e) {
      throw new IllegalStateException("what cannot be inflated", e);
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
