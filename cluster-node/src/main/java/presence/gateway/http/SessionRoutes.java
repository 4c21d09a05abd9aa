package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;
import static org.apache.pekko.http.javadsl.server.Directives.options;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import java.net.URI;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;
import presence.auth.ResumeTokens;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.protocol.Setting;
import presence.session.SessionCommand;

/// Where a client opens its session, and how it leaves one without a socket.
final class SessionRoutes {
  private final Site site;
  private final Questions questions;
  private final Bodies bodies;

  /// @param udp absent: this node listens for no datagrams
  private record Where(String url, @Nullable String udp, String state) {}

  SessionRoutes(Site site, Questions questions, Bodies bodies) {
    this.site = site;
    this.questions = questions;
    this.bodies = bodies;
  }

  Route route() {
    return concat(
        path(
            segment("session").slash(segment()),
            slug ->
                forAll(
                    "GET", get(() -> extractRequest(request -> complete(where(request, slug)))))),
        path(
            segment("v1").slash("leave"),
            () ->
                forAll(
                    "POST", post(() -> bodies.text(token -> completeWithFuture(leave(token)))))));
  }

  /// Pages of every origin may ask: what is answered is for all, and a token is its own proof.
  private static Route forAll(String method, Route inner) {
    HttpResponse preflight =
        Reply.nothing()
            .addHeader(RawHeader.create("Access-Control-Allow-Methods", method))
            .addHeader(RawHeader.create("Access-Control-Allow-Headers", "Content-Type"))
            .addHeader(RawHeader.create("Access-Control-Max-Age", "86400"));
    return mapResponse(
        Origins::readableByAll,
        () -> concat(Failures.caught(inner), options(() -> complete(preflight))));
  }

  private HttpResponse where(HttpRequest request, String slug) {
    var _ = new ClientMessage.Location(Setting.to(slug), null, null);
    boolean draining = site.draining().getAsBoolean();
    return Reply.json(
        draining ? StatusCodes.SERVICE_UNAVAILABLE : StatusCodes.OK,
        new Where(
            socketUrl(request),
            site.around().datagrams().url().orElse(null),
            draining ? "Draining" : "Ready"));
  }

  private String socketUrl(HttpRequest request) {
    String base =
        site.publicUrl()
            .map(URI::toString)
            .orElseGet(() -> request.getUri().getScheme() + "://" + host(request));
    return base.replaceFirst("^http", "ws").replaceFirst("/+$", "") + "/ws";
  }

  /// As the client wrote it; a request without it does not come this far.
  private static String host(HttpRequest request) {
    return request.getHeader("Host").map(HttpHeader::value).orElse("localhost");
  }

  private CompletionStage<HttpResponse> leave(String token) {
    ResumeTokens.Presented presented =
        ResumeTokens.parse(token)
            .orElseThrow(
                () -> new InvalidMessage(ErrorCode.BAD_MESSAGE, "the body is a resume token"));
    if (!site.around().sessionIds().genuine(presented.sessionId())) {
      throw noSession();
    }
    return questions
        .ask(
            site.around().sessions(),
            presented.sessionId(),
            (ActorRef<Boolean> replyTo) -> new SessionCommand.Quit(presented.hash(), replyTo))
        .thenApply(left -> {
          if (!left) {
            throw noSession();
          }
          return Reply.nothing();
        });
  }

  /// The same for a token that never was one and for one whose session has ended.
  private static InvalidMessage noSession() {
    return new InvalidMessage(ErrorCode.NOT_FOUND, "the token selects no session");
  }
}
