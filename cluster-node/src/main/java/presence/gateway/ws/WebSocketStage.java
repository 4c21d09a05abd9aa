package presence.gateway.ws;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import presence.gateway.Wire;

/// The blueprint of every WebSocket: from the bytes of a TCP connection to the events of a [Wire],
/// in one stage that runs inside the actor of the HTTP connection. See [Socket] for how it behaves.
public final class WebSocketStage extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final FlowShape<ByteString, ByteString> shape =
      FlowShape.of(Inlet.create("WebSocket.in"), Outlet.create("WebSocket.out"));

  private final BiConsumer<Wire, Consumer<ActorRef<Wire.Event>>> opener;
  private final int messageBytesMax;
  private final Duration closePatience;

  /// @param opener is given each socket's wire when it opens and hands over, once and from any
  ///   thread, the connection that the wire then tells everything; or it closes the wire
  /// @param messageBytesMax the longest inbound message
  /// @param closePatience how long a client may take to answer a close frame
  public WebSocketStage(
      BiConsumer<Wire, Consumer<ActorRef<Wire.Event>>> opener,
      int messageBytesMax,
      Duration closePatience) {
    this.opener = opener;
    this.messageBytesMax = messageBytesMax;
    this.closePatience = closePatience;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new Socket(shape, opener, new FrameDecoder(messageBytesMax), closePatience);
  }
}
