package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;
import presence.gateway.Persons;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.user.User;

/// Questions about people: what `watch` tells a socket.
final class PersonRoutes {
  private final Site site;
  private final Questions questions;

  PersonRoutes(Site site, Questions questions) {
    this.site = site;
    this.questions = questions;
  }

  Route route() {
    return path(
        segment("v1").slash("users").slash(segment()),
        handle -> get(() -> completeWithFuture(describe(Persons.id(handle)))));
  }

  private CompletionStage<HttpResponse> describe(String person) {
    return questions
        .ask(site.around().users(), person, User.Describe::new)
        .thenApply(seen ->
            seen.exists()
                ? Reply.json(StatusCodes.OK, site.around().codec().encode(message(seen)))
                : Reply.error(ErrorCode.NOT_FOUND, "no such person was ever here"));
  }

  private static ServerMessage message(User.Seen seen) {
    return new ServerMessage.User(
        Persons.member(seen.person(), seen.name()),
        seen.online(),
        seen.here(),
        seen.location(),
        seen.lastSeen());
  }
}
