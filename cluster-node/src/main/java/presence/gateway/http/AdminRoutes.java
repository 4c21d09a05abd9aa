package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;
import presence.gateway.Persons;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.session.EndReason;
import presence.session.SessionCommand;
import presence.user.User;

/// What operators may do to people and ask of the node, `/v1/admin/…`: nothing is there without a
/// token in the configuration, and nothing is done without that token in the request. Everything
/// done is in the log `presence.audit`.
final class AdminRoutes {
  private final Site site;
  private final Questions questions;
  private final Bodies bodies;

  /// Whom an operator means: a person, or one session.
  private record Whom(@Nullable String user, @Nullable String session) {}

  AdminRoutes(Site site, Questions questions, Bodies bodies) {
    this.site = site;
    this.questions = questions;
    this.bodies = bodies;
  }

  Route route() {
    return Operators.only(site.adminToken(), this::commands);
  }

  private Route commands() {
    return concat(
        path(
            "kick",
            () ->
                post(() ->
                    extractRequest(request ->
                        bodies.json(Whom.class, whom -> completeWithFuture(kick(request, whom)))))),
        new SanctionRoutes(site, questions, bodies).route(),
        path("udp", () -> get(() -> extractRequest(_ -> complete(traffic())))),
        new ShardRoute(site, questions).route());
  }

  private CompletionStage<HttpResponse> kick(HttpRequest request, Whom whom) {
    if ((whom.user() == null) == (whom.session() == null)) {
      throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "whom to kick is a user or a session");
    }
    return whom.user() != null
        ? kickPerson(request, Persons.id(whom.user()))
        : kickSession(request, String.valueOf(whom.session()));
  }

  private CompletionStage<HttpResponse> kickPerson(HttpRequest request, String person) {
    return questions
        .ask(site.around().users(), person, User.Describe::new)
        .thenCompose(seen -> {
          if (!seen.exists()) {
            throw new InvalidMessage(ErrorCode.NOT_FOUND, "no such person was ever here");
          }
          return questions.ask(
              site.around().users(),
              person,
              (ActorRef<User.Receipt> replyTo) -> new User.Ban(0, null, replyTo));
        })
        .thenApply(_ -> done(request, "kicked {}", person));
  }

  private CompletionStage<HttpResponse> kickSession(HttpRequest request, String session) {
    if (!site.around().sessionIds().genuine(session)) {
      throw noSession();
    }
    return questions
        .ask(
            site.around().sessions(),
            session,
            (ActorRef<Boolean> replyTo) -> new SessionCommand.Evict(EndReason.KICKED, replyTo))
        .thenApply(ended -> {
          if (!ended) {
            throw noSession();
          }
          return done(request, "kicked session {}", session);
        });
  }

  private static InvalidMessage noSession() {
    return new InvalidMessage(ErrorCode.NOT_FOUND, "there is no such session");
  }

  private HttpResponse traffic() {
    return Reply.json(StatusCodes.OK, site.around().datagrams().traffic());
  }

  private static HttpResponse done(HttpRequest request, String what, String whom) {
    Audit.of(request, what, whom);
    return Reply.nothing();
  }
}
