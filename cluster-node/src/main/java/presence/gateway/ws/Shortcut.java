package presence.gateway.ws;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// The short way of a frame: whoever has it to send writes it to the kernel, while nothing else of
/// its socket is on its way through the stage. What the kernel does not take at once goes on by the
/// stage, which waits until it is taken; so it is never waited for here.
///
/// The stage and the connection both write; each call is one step for both of them.
final class Shortcut {
  /// Longer frames go by the stage: the JDK copies what it writes to memory outside the heap, which
  /// each thread keeps at the size of the longest.
  private static final int BYTES_MAX = 65_536;

  private static final ByteString NOTHING = ByteString.emptyByteString();

  private final @Nullable SocketChannel channel;
  private boolean open;
  private boolean ended;
  private ByteString rest = NOTHING;

  /// What became of a frame.
  enum Taken {
    /// The kernel has it.
    ALL,
    /// The kernel has its beginning at most; the stage is owed the rest and gets it by
    /// [Shortcut#next].
    SOME,
    /// It is to go by the stage.
    NONE
  }

  /// @param channel in non-blocking mode; absent = everything goes by the stage
  Shortcut(@Nullable SocketChannel channel) {
    this.channel = channel;
  }

  synchronized Taken write(ByteString frame) {
    if (channel == null || !open || frame.size() > BYTES_MAX) {
      return Taken.NONE;
    }
    ByteBuffer bytes = frame.asByteBuffer();
    int length = bytes.remaining();
    try {
      channel.write(bytes);
    } catch (IOException e) {
      // The connection is lost. It is TCP's part to learn why, from the same bytes.
      bytes.position(0);
      ended = true;
    }
    if (!bytes.hasRemaining()) {
      return Taken.ALL;
    }
    open = false;
    rest = frame.drop(length - bytes.remaining());
    return Taken.SOME;
  }

  /// For the stage when everything that it pushed is written: what it is to push next, the rest of
  /// a frame before what is said. If that is nothing, the short way is free.
  synchronized ByteString next(ByteString said) {
    ByteString due = rest.concat(said);
    rest = NOTHING;
    open = due.isEmpty() && !ended;
    return due;
  }

  /// From now on no frame is taken.
  synchronized void end() {
    open = false;
    ended = true;
  }
}
