package presence.gateway.http;

import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.InHandler;
import org.apache.pekko.stream.stage.OutHandler;
import org.apache.pekko.util.ByteString;
import presence.gateway.ws.StageTransport;

/// Where the streams of HTTP end and the [Link] of their connection begins: bytes both ways, in the
/// streams' own time.
final class Shore extends GraphStage<FlowShape<ByteString, ByteString>> {
  /// What the link tells.
  sealed interface News {
    /// The client said this. Told once for each time that it was asked for.
    record Came(ByteString bytes) implements News {}

    /// All that was said is written.
    record Written() implements News {}

    /// The client says no more.
    record Ended() implements News {}

    /// The connection is over.
    record Over() implements News {}

    /// The connection is lost.
    record Lost(StreamTcpException cause) implements News {}
  }

  private final Inlet<ByteString> in = Inlet.create("Shore.in");
  private final Outlet<ByteString> out = Outlet.create("Shore.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Link link;

  Shore(Link link) {
    this.link = link;
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
    private final AsyncCallback<News> news =
        createAsyncCallback(StageTransport.<News>logged(this::onNews)::accept);

    Logic() {
      super(shape);
      setHandlers(in, out, this);
    }

    @Override
    public void preStart() {
      link.meet(news);
      pull(in);
    }

    @Override
    public void postStop() {
      link.tell(new Link.Step.Left());
    }

    private void onNews(News told) {
      switch (told) {
        case News.Came(ByteString bytes) -> {
          if (!isClosed(out)) {
            push(out, bytes);
          }
        }
        case News.Written _ -> {
          if (!isClosed(in)) {
            pull(in);
          }
        }
        case News.Ended _ -> complete(out);
        case News.Over _ -> completeStage();
        case News.Lost(StreamTcpException cause) -> failStage(cause);
      }
    }

    @Override
    public void onPush() {
      link.tell(new Link.Step.Say(grab(in)));
    }

    @Override
    public void onUpstreamFinish() {
      link.tell(new Link.Step.SaidAll());
    }

    @Override
    public void onUpstreamFailure(Throwable failure) {
      link.tell(new Link.Step.Abort());
      failStage(failure);
    }

    @Override
    public void onPull() {
      link.tell(new Link.Step.Ask());
    }

    @Override
    public void onDownstreamFinish(Throwable cause) {
      link.tell(Link.Step.enough(cause));
    }
  }
}
