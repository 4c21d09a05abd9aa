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
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
  private static final Logger audit = LoggerFactory.getLogger("presence.audit");

  /// Beyond every clock there will be, and within what JavaScript counts exactly.
  private static final long FOR_GOOD = (1L << 53) - 1;

  private static final long SECONDS_MAX = 100L * 366 * 24 * 3600;

  private final Site site;
  private final Questions questions;
  private final Bodies bodies;

  /// Whom an operator means: a person, or one session.
  private record Whom(@Nullable String user, @Nullable String session, @Nullable Long seconds) {}

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
            () -> post(() -> bodies.json(Whom.class, whom -> completeWithFuture(kick(whom))))),
        path(
            "ban",
            () -> post(() -> bodies.json(Whom.class, whom -> completeWithFuture(ban(whom))))),
        path("udp", () -> get(() -> extractRequest(_ -> complete(traffic())))),
        new ShardRoute(site, questions).route());
  }

  private CompletionStage<HttpResponse> kick(Whom whom) {
    if ((whom.user() == null) == (whom.session() == null)) {
      throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "whom to kick is a user or a session");
    }
    return whom.user() != null
        ? kickPerson(Persons.id(whom.user()))
        : kickSession(String.valueOf(whom.session()));
  }

  private CompletionStage<HttpResponse> kickPerson(String person) {
    return questions
        .ask(site.around().users(), person, User.Describe::new)
        .thenCompose(seen -> {
          if (!seen.exists()) {
            throw new InvalidMessage(ErrorCode.NOT_FOUND, "no such person was ever here");
          }
          return endSessions(person, 0);
        })
        .thenApply(receipt -> done("kicked {}", person));
  }

  private CompletionStage<HttpResponse> kickSession(String session) {
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
          return done("kicked session {}", session);
        });
  }

  private static InvalidMessage noSession() {
    return new InvalidMessage(ErrorCode.NOT_FOUND, "there is no such session");
  }

  private CompletionStage<HttpResponse> ban(Whom whom) {
    String user = whom.user();
    if (user == null || whom.session() != null) {
      throw new InvalidMessage(
          ErrorCode.BAD_MESSAGE, "whom to ban is a user; a session can be kicked");
    }
    Long seconds = whom.seconds();
    if (seconds != null && (seconds < 1 || seconds > SECONDS_MAX)) {
      throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "seconds is a whole number, at least 1");
    }
    String person = Persons.id(user);
    long until = seconds == null ? FOR_GOOD : site.around().clock().millis() + seconds * 1000;
    return endSessions(person, until)
        .thenApply(receipt ->
            done(
                seconds == null ? "banned {} for good" : "banned {} for " + seconds + " s",
                person));
  }

  private CompletionStage<User.Receipt> endSessions(String person, long until) {
    return questions.ask(
        site.around().users(),
        person,
        (ActorRef<User.Receipt> replyTo) -> new User.Ban(until, replyTo));
  }

  private HttpResponse traffic() {
    return Reply.json(StatusCodes.OK, site.around().datagrams().traffic());
  }

  private static HttpResponse done(String what, String whom) {
    audit.info("An operator " + what, whom);
    return Reply.nothing();
  }
}
