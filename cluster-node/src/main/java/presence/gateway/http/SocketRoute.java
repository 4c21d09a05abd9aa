package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.util.ByteString;
import presence.gateway.Caller;
import presence.gateway.Callers;
import presence.gateway.Connections;
import presence.gateway.Visit;
import presence.gateway.Wire;
import presence.gateway.ws.SocketPlan;
import presence.gateway.ws.WebSocketStage;
import presence.gateway.ws.WebSocketUpgrades;
import presence.protocol.ErrorCode;

/// The door of WebSockets, `GET /ws`.
final class SocketRoute {
  private final Site site;

  SocketRoute(Site site) {
    this.site = site;
  }

  /// The answer to a handshake, after which the connection is a WebSocket.
  static HttpResponse respond(HttpRequest request, WebSocketUpgrade upgrade, SocketPlan plan) {
    return WebSocketUpgrades.respond(request, upgrade, plan, agreed -> carrier(request, agreed));
  }

  private static Graph<FlowShape<ByteString, ByteString>, NotUsed> carrier(
      HttpRequest request, SocketPlan plan) {
    return request
        .getAttribute(Doorway.LINK)
        .<Graph<FlowShape<ByteString, ByteString>, NotUsed>>map(link -> new Handover(link, plan))
        .orElseGet(() -> new WebSocketStage(plan));
  }

  private SocketPlan plan(SocketPlan.Opener opener) {
    return new SocketPlan(
        opener,
        site.around().limits().frameBytesMax(),
        site.limits().closeWait(),
        site.limits().compression());
  }

  private void open(Wire wire, Visit visit, Consumer<ActorRef<Wire.Event>> opened) {
    site.connections().tell(new Connections.Open(wire, visit, opened));
  }

  Route route() {
    return path("ws", () -> get(() -> extractRequest(request -> complete(answer(request)))));
  }

  private HttpResponse answer(HttpRequest request) {
    if (!site.origins().allow(request)) {
      return Reply.error(ErrorCode.FORBIDDEN, "pages of this origin may not open a socket here");
    }
    if (site.draining().getAsBoolean()) {
      return Reply.error(ErrorCode.UNAVAILABLE, "this node is leaving; connect again");
    }
    return request
        .getAttribute(AttributeKeys.webSocketUpgrade)
        .map(upgrade ->
            site.caller(request)
                .map(caller -> counted(request, upgrade, caller))
                .orElseGet(() ->
                    respond(
                        request, upgrade, plan((wire, opened) -> open(wire, Visit.FREE, opened)))))
        .orElseGet(() -> noHandshake(request));
  }

  private HttpResponse counted(HttpRequest request, WebSocketUpgrade upgrade, Caller caller) {
    Callers callers = site.callers();
    Duration wait = callers.mayOpen(caller);
    return wait.isPositive()
        ? Reply.tooMany("too many sockets come from this address", wait)
        : respond(
            request,
            upgrade,
            plan((wire, opened) -> open(wire, Visit.begin(callers, caller), opened)));
  }

  private static HttpResponse noHandshake(HttpRequest request) {
    if (request.getHeader("Upgrade").isPresent()) {
      return Reply.error(ErrorCode.BAD_MESSAGE, "this is no handshake of WebSocket version 13");
    }
    return Reply.error(
            StatusCodes.UPGRADE_REQUIRED, ErrorCode.BAD_MESSAGE, "here one opens a WebSocket")
        .addHeader(RawHeader.create("Upgrade", "websocket"));
  }
}
