package presence.gateway.http;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.http.impl.engine.server.HttpAttributes;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
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
/// Where a connection comes from is known here before its first request, by an attribute that is
/// internal to Pekko HTTP: this file is the only one that knows it.
public final class Doorway extends GraphStage<FlowShape<HttpRequest, HttpRequest>> {
  private final FlowShape<HttpRequest, HttpRequest> shape =
      FlowShape.of(Inlet.create("Doorway.in"), Outlet.create("Doorway.out"));

  private final Callers callers;
  private final Proxies proxies;
  private final Duration firstRequest;

  /// @param proxies are asked on behalf of many, and counted for none
  /// @param firstRequest how long the first request may take
  public Doorway(Callers callers, Proxies proxies, Duration firstRequest) {
    this.callers = callers;
    this.proxies = proxies;
    this.firstRequest = firstRequest;
  }

  @Override
  public FlowShape<HttpRequest, HttpRequest> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    Optional<Caller> caller =
        inherited
            .getAttribute(HttpAttributes.RemoteAddress.class)
            .map(peer -> peer.address().getAddress())
            .flatMap(this::caller);
    return new Passage(caller.orElse(null));
  }

  private Optional<Caller> caller(@Nullable InetAddress peer) {
    return peer == null || proxies.trusts(peer) ? Optional.empty() : callers.at(peer);
  }

  private final class Passage extends TimerGraphStageLogic implements InHandler, OutHandler {
    private static final String OVERDUE = "overdue";

    private final @Nullable Caller caller;
    private boolean counted;
    private boolean began;

    Passage(@Nullable Caller caller) {
      super(shape);
      this.caller = caller;
      setHandlers(shape.in(), shape.out(), this);
    }

    @Override
    public void preStart() {
      counted = caller != null && callers.connects(caller);
      if (caller != null && !counted) {
        completeStage();
      } else {
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
      push(shape.out(), grab(shape.in()));
    }

    @Override
    public void onPull() {
      pull(shape.in());
    }

    @Override
    public void postStop() {
      if (caller != null && counted) {
        callers.disconnects(caller);
      }
    }
  }
}
