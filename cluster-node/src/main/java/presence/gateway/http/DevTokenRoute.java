package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.Directives.reject;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;
import presence.auth.DevTokens;
import presence.protocol.ErrorCode;
import presence.protocol.Handle;
import presence.protocol.InvalidMessage;

/// Tokens for whoever asks, `POST /dev/token`; nothing is there unless the node is open.
final class DevTokenRoute {
  private final Site site;
  private final Bodies bodies;

  private record Wish(@Nullable String handle) {}

  private record Token(String token) {}

  DevTokenRoute(Site site, Bodies bodies) {
    this.site = site;
    this.bodies = bodies;
  }

  Route route() {
    return site.developmentTokens()
        .map(tokens -> path(segment("dev").slash("token"), () -> post(() -> issue(tokens))))
        .orElseGet(() -> reject());
  }

  private Route issue(DevTokens tokens) {
    return bodies.json(
        Wish.class,
        wish -> {
          String handle = wish.handle();
          if (handle == null) {
            throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "handle is missing");
          }
          return complete(Reply.json(StatusCodes.OK, new Token(tokens.issue(Handle.of(handle)))));
        });
  }
}
