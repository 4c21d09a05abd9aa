package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;

import java.time.Duration;
import org.apache.pekko.http.javadsl.server.Route;

/// Everything a node answers but its health.
///
/// | route | in |
/// |---|---|
/// | `/ws` | [SocketRoute] |
/// | `/session/{slug}`, `/v1/leave` | [SessionRoutes] |
/// | `/v1/instances`, `…/{name}`, `…/{name}/roster` | [InstanceRoutes] |
/// | `/v1/instances/{name}/events` | [SpectatorRoute] |
/// | `/v1/users/{handle}` | [PersonRoutes] |
/// | `/v1/workspaces…`, `/v1/clients/{id}` | [WorkspaceRoutes] |
/// | `/v1/admin/…` | [AdminRoutes], [SanctionRoutes], [ShardRoute] |
/// | `/dev/token` | [DevTokenRoute] |
/// | `/` and its files, `/ops` and its files, `/client.js`, `/client.d.ts`, `/openapi.json` | [PageRoutes] |
public final class Routes {
  private Routes() {}

  public static Route of(Site site) {
    Questions questions =
        new Questions(
            site.system(),
            site.limits().answerWithin(),
            site.around().limits().held().repeatFirst(),
            site.limits().questionsMax());
    Bodies bodies = new Bodies(site.limits());
    return concat(
        new SocketRoute(site).route(),
        new SessionRoutes(site, questions, bodies).route(),
        readable(
            site,
            asked(
                site,
                concat(
                    new InstanceRoutes(site, questions).route(),
                    new SpectatorRoute(site, questions).route(),
                    new PersonRoutes(site, questions).route(),
                    new WorkspaceRoutes(site, questions, bodies).route()))),
        new AdminRoutes(site, questions, bodies).route(),
        new DevTokenRoute(site, bodies).route(),
        PageRoutes.route());
  }

  /// One caller may ask only so often.
  private static Route asked(Site site, Route inner) {
    return extractRequest(request -> {
      boolean counts = request.getUri().path().startsWith("/v1/");
      Duration wait =
          site.caller(request)
              .filter(_ -> counts)
              .map(site.callers()::mayAsk)
              .orElse(Duration.ZERO);
      return wait.isPositive()
          ? complete(Reply.tooMany("too many questions come from this address", wait))
          : inner;
    });
  }

  /// Pages that may open a socket may also read these answers.
  private static Route readable(Site site, Route inner) {
    return extractRequest(request ->
        mapResponse(
            answer -> site.origins().readable(request, answer), () -> Failures.caught(inner)));
  }
}
