package presence.gateway.http;

import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.InHandler;
import org.apache.pekko.stream.stage.OutHandler;
import org.apache.pekko.util.ByteString;
import presence.gateway.ws.SocketPlan;

/// What Pekko HTTP runs on a connection once it is a WebSocket: ends its part of it. The [Link]
/// gives no further bytes, what came early is handed back to it, and when the answer to the
/// handshake is written, the socket begins there. Then nothing of HTTP is left.
final class Handover extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("Handover.in");
  private final Outlet<ByteString> out = Outlet.create("Handover.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Link link;
  private final SocketPlan plan;

  Handover(Link link, SocketPlan plan) {
    this.link = link;
    this.plan = plan;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic implements InHandler, OutHandler {
    private ByteString early = ByteString.emptyByteString();

    Logic() {
      super(shape);
      setHandlers(in, out, this);
    }

    @Override
    public void preStart() {
      link.tell(new Link.Step.LeaveHttp());
      pull(in);
    }

    @Override
    public void onPush() {
      early = early.concat(grab(in));
      pull(in);
    }

    @Override
    public void onPull() {
      // nothing is said here
    }

    @Override
    public void onUpstreamFinish() {
      link.tell(new Link.Step.Become(plan, early));
      completeStage();
    }
  }
}
