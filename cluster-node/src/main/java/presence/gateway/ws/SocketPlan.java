package presence.gateway.ws;

import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.gateway.Wire;
import presence.gateway.ws.frame.FrameDecoder;

/// What a WebSocket is made by.
///
/// @param opener is called while the socket starts and must not block
/// @param messageBytesMax the longest inbound message
/// @param closePatience how long a client may take to answer a close frame
public record SocketPlan(Opener opener, int messageBytesMax, Duration closePatience) {
  /// Finds every socket its connection.
  @FunctionalInterface
  public interface Opener {
    /// A socket opened.
    ///
    /// @param wire works from now on; closing it refuses the socket
    /// @param opened takes, once and from any thread, the connection that the wire tells everything
    void open(Wire wire, Consumer<ActorRef<Wire.Event>> opened);
  }

  /// Makes the socket; it begins by [Socket#start].
  ///
  /// @param channel if frames may be written to it directly
  public Socket on(Transport transport, @Nullable SocketChannel channel) {
    return new Socket(
        transport, opener, new FrameDecoder(messageBytesMax), closePatience, new Shortcut(channel));
  }
}
