package presence.gateway.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.InHandler;
import org.apache.pekko.stream.stage.OutHandler;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.jspecify.annotations.Nullable;
import presence.gateway.Caller;
import presence.gateway.Callers;

/// What the requests of every TCP connection come through. A caller that has too many connections
/// gets no further one, and a connection that brings no request in time is closed: whoever sends
/// nothing, or the head of a request byte by byte, holds a place for that long only.
///
/// Where a connection comes from is known here before its first request, by an attribute of its
/// stream; every request is told, too.
final class Doorway extends GraphStage<FlowShape<HttpRequest, HttpRequest>> {
  private final FlowShape<HttpRequest, HttpRequest> shape =
      FlowShape.of(Inlet.create("Doorway.in"), Outlet.create("Doorway.out"));

  /// What a request came by, if that can be a WebSocket without HTTP around it.
  static final AttributeKey<Link> LINK = AttributeKey.create("link", Link.class);

  /// Where a connection comes from.
  private record Peer(InetSocketAddress address, @Nullable Link link)
      implements Attributes.Attribute {}

  private final Callers callers;
  private final Proxies proxies;
  private final Duration firstRequest;
  private final StageGroup all;

  /// @param proxies are asked on behalf of many, and counted for none
  /// @param firstRequest how long the first request may take
  /// @param all those of the port, which take no further request once they are to end
  Doorway(Callers callers, Proxies proxies, Duration firstRequest, StageGroup all) {
    this.callers = callers;
    this.proxies = proxies;
    this.firstRequest = firstRequest;
    this.all = all;
  }

  /// What a connection's stream is given to say where it comes from.
  ///
  /// @param link absent = something is between HTTP and TCP
  static Attributes from(InetSocketAddress peer, @Nullable Link link) {
    return Attributes.none().and(new Peer(peer, link));
  }

  @Override
  public FlowShape<HttpRequest, HttpRequest> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    Peer peer =
        inherited
            .getAttribute(Peer.class)
            .orElseThrow(() -> new IllegalStateException("a connection from nowhere"));
    return new Passage(peer, caller(peer.address().getAddress()).orElse(null));
  }

  private Optional<Caller> caller(InetAddress peer) {
    return proxies.trusts(peer) ? Optional.empty() : callers.at(peer);
  }

  private final class Passage extends TimerGraphStageLogic implements InHandler, OutHandler {
    private static final String OVERDUE = "overdue";

    private final RemoteAddress peer;
    private final @Nullable Link link;
    private final @Nullable Caller caller;
    private final AsyncCallback<Done> end = createAsyncCallback(_ -> complete(shape.out()));
    private boolean counted;
    private boolean began;

    Passage(Peer peer, @Nullable Caller caller) {
      super(shape);
      this.peer = RemoteAddress.create(peer.address());
      this.link = peer.link();
      this.caller = caller;
      setHandlers(shape.in(), shape.out(), this);
    }

    @Override
    public void preStart() {
      counted = caller != null && callers.connects(caller);
      if (caller != null && !counted) {
        completeStage();
      } else {
        all.enter(end);
        scheduleOnce(OVERDUE, firstRequest);
      }
    }

    @Override
    public void onTimer(Object overdue) {
      completeStage();
    }

    @Override
    public void onPush() {
      if (!began) {
        began = true;
        cancelTimer(OVERDUE);
      }
      HttpRequest request = grab(shape.in());
      if (!isClosed(shape.out())) {
        HttpRequest known = request.addAttribute(AttributeKeys.remoteAddress, peer);
        push(shape.out(), link == null ? known : known.addAttribute(LINK, link));
      }
    }

    @Override
    public void onPull() {
      pull(shape.in());
    }

    @Override
    public void postStop() {
      all.leave(end);
      if (caller != null && counted) {
        callers.disconnects(caller);
      }
    }
  }
}
