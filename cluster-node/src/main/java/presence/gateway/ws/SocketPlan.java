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
/// @param compression whether messages may be compressed, on both sides
public record SocketPlan(
    Opener opener, int messageBytesMax, Duration closePatience, boolean compression) {
  /// Finds every socket its connection.
  @FunctionalInterface
  public interface Opener {
    /// A socket opened.
    ///
    /// @param wire works from now on; closing it refuses the socket
    /// @param opened takes, once and from any thread, the connection that the wire tells everything
    void open(Wire wire, Consumer<ActorRef<Wire.Event>> opened);
  }

  /// The same for a client with which no compression was agreed.
  SocketPlan plain() {
    return new SocketPlan(opener, messageBytesMax, closePatience, false);
  }

  /// Makes the socket; it begins by [Socket#start].
  ///
  /// @param channel if frames may be written to it directly
  public Socket on(Transport transport, @Nullable SocketChannel channel) {
    return new Socket(
        transport,
        opener,
        new FrameDecoder(messageBytesMax, compression),
        closePatience,
        new Shortcut(channel),
        compression);
  }
}
