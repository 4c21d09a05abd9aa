package presence.gateway.ws;

import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.InHandler;
import org.apache.pekko.stream.stage.OutHandler;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// The blueprint of a WebSocket inside the stream of its HTTP connection: the way where something
/// is done to the bytes before TCP has them, which is TLS.
public final class WebSocketStage extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("WebSocket.in");
  private final Outlet<ByteString> out = Outlet.create("WebSocket.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final SocketPlan plan;

  public WebSocketStage(SocketPlan plan) {
    this.plan = plan;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new Stage();
  }

  private final class Stage extends StageTransport implements InHandler, OutHandler {
    private final Socket socket = plan.on(this, null);

    Stage() {
      super(shape);
      setHandlers(in, out, this);
    }

    @Override
    public void preStart() {
      hears(_ -> socket.onDeath());
      socket.start();
    }

    @Override
    public void postStop() {
      socket.stop();
    }

    @Override
    public void onPush() {
      socket.onReadable();
    }

    @Override
    public void onUpstreamFinish() {
      socket.onReadable();
    }

    @Override
    public void onPull() {
      socket.onWritten();
    }

    @Override
    public @Nullable ByteString read() {
      if (isAvailable(in)) {
        return grab(in);
      }
      if (!isClosed(in) && !hasBeenPulled(in)) {
        pull(in);
      }
      return null;
    }

    @Override
    public boolean isEnded() {
      return isClosed(in) && !isAvailable(in);
    }

    @Override
    public boolean isFree() {
      return isAvailable(out);
    }

    @Override
    public void write(ByteString bytes) {
      push(out, bytes);
    }

    @Override
    public void end() {
      completeStage();
    }

    @Override
    public void reset() {
      failStage(new Reset());
    }
  }

  /// Fails the stage to reset the TCP connection; it is no error of the server's.
  private static final class Reset extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Reset() {
      super("the wire was dropped", null, false, false);
    }
  }
}
