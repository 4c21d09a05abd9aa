package presence.gateway.ws;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// The short way of a frame: whoever has it to send writes it to the kernel, while nothing else of
/// its socket is on its way through the [Transport]. What the kernel does not take at once goes on
/// by that, which waits until it is taken; so it is never waited for here.
///
/// The socket, its connection and the relays that it follows write from threads of their own; each
/// call is one step for all of them.
final class Shortcut {
  /// The longest frame that is taken, 64 KiB and its header. The JDK copies what it writes to
  /// memory outside the heap, which each thread keeps at the size of the longest.
  static final int BYTES_MAX = 65_536 + 10;

  private static final ByteString NOTHING = ByteString.emptyByteString();

  private final @Nullable SocketChannel channel;
  private boolean open;
  private boolean ended;
  private ByteString rest = NOTHING;

  /// What became of a frame.
  enum Taken {
    /// The kernel has it.
    ALL,
    /// The kernel has its beginning at most; the socket is owed the rest and gets it by
    /// [Shortcut#next].
    SOME,
    /// It is to go by the transport.
    NONE
  }

  /// @param channel in non-blocking mode; absent = everything goes by the transport
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

  /// For the socket when all it said is written: what it is to say next, the rest of a frame before
  /// the other. If that is nothing, the short way is free.
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
