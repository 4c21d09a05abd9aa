package presence.gateway.ws;

import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import presence.gateway.Wire;
import presence.gateway.ws.frame.FrameDecoder;

/// The blueprint of a WebSocket: from the bytes of a TCP connection to the events of a [Wire], in
/// one stage that runs inside the actor of the HTTP connection. See [Socket] for how it behaves.
public final class WebSocketStage extends GraphStage<FlowShape<ByteString, ByteString>> {
  /// Finds every socket its connection.
  @FunctionalInterface
  public interface Opener {
    /// A socket opened.
    ///
    /// @param wire works from now on; closing it refuses the socket
    /// @param opened takes, once and from any thread, the connection that the wire tells everything
    void open(Wire wire, Consumer<ActorRef<Wire.Event>> opened);
  }

  private final FlowShape<ByteString, ByteString> shape =
      FlowShape.of(Inlet.create("WebSocket.in"), Outlet.create("WebSocket.out"));

  private final Opener opener;
  private final int messageBytesMax;
  private final Duration closePatience;
  private final @Nullable SocketChannel channel;

  /// @param opener is called inside the actor of the HTTP connection and must not block
  /// @param messageBytesMax the longest inbound message
  /// @param closePatience how long a client may take to answer a close frame
  /// @param channel the socket itself, if frames may be written to it directly
  public WebSocketStage(
      Opener opener, int messageBytesMax, Duration closePatience, @Nullable SocketChannel channel) {
    this.opener = opener;
    this.messageBytesMax = messageBytesMax;
    this.closePatience = closePatience;
    this.channel = channel;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new Socket(
        shape, opener, new FrameDecoder(messageBytesMax), closePatience, new Shortcut(channel));
  }
}
