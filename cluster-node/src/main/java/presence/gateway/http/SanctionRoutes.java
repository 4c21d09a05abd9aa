package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.parameterOptional;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.put;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
import presence.user.Register;
import presence.user.SanctionCommand;
import presence.user.SanctionCommand.Decided;
import presence.user.Sanctions;
import presence.user.Sentence;
import presence.user.User;

/// Who may not be here, and who may not speak. A decision is durable when it is answered; the same
/// once more changes nothing. A person may be decided about before they ever came.
///
/// | route | |
/// |---|---|
/// | `PUT`, `DELETE /v1/admin/bans/{user}` | every session ends, and no hello is welcome |
/// | `PUT`, `DELETE /v1/admin/mutes/{user}?instance=` | may hear, not speak; without an instance: anywhere |
/// | `GET /v1/admin/sanctions/{user}` | what is in force for a person |
/// | `GET /v1/admin/sanctions?cursor=&limit=` | all of whom something is |
final class SanctionRoutes {
  private static final int LINES_MAX = 100;
  private static final int REASON_MAX = 200;
  private static final long SECONDS_MAX = 100L * 366 * 24 * 3600;

  /// What goes with a decision: nothing = for good, without a reason.
  ///
  /// @param until when it ends, in milliseconds since 1970; the same again is the same
  /// @param seconds how long it lasts, from now on
  private record Terms(@Nullable String reason, @Nullable Long until, @Nullable Long seconds) {}

  /// @param until absent = for good
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Shown(
      @Nullable String instance, @Nullable Long until, @Nullable String reason, long since) {
    private static Shown of(@Nullable String instance, Sentence sentence) {
      return new Shown(
          instance,
          sentence.until() == Sentence.FOR_GOOD ? null : sentence.until(),
          sentence.reason(),
          sentence.since());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Person(String user, @Nullable Shown ban, List<Shown> mutes) {
    private static Person of(String user, Sanctions sanctions) {
      Sentence ban = sanctions.ban();
      return new Person(
          user,
          ban == null ? null : Shown.of(null, ban),
          sanctions.mutes().entrySet().stream()
              .map(each ->
                  Shown.of(
                      each.getKey().equals(Sanctions.EVERYWHERE) ? null : each.getKey(),
                      each.getValue()))
              .toList());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Page(List<Person> sanctions, @Nullable String cursor) {}

  private final Site site;
  private final Questions questions;
  private final Bodies bodies;

  SanctionRoutes(Site site, Questions questions, Bodies bodies) {
    this.site = site;
    this.questions = questions;
    this.bodies = bodies;
  }

  Route route() {
    return concat(
        path(
            segment("bans").slash(segment()),
            user ->
                extractRequest(request ->
                    concat(
                        put(() ->
                            bodies.json(
                                Terms.class,
                                terms ->
                                    completeWithFuture(ban(request, Persons.id(user), terms)))),
                        delete(() -> completeWithFuture(pardon(request, Persons.id(user))))))),
        path(
            segment("mutes").slash(segment()),
            user ->
                parameterOptional(
                    "instance",
                    instance ->
                        extractRequest(request ->
                            mutes(request, Persons.id(user), instance.map(this::checked))))),
        path(
            segment("sanctions").slash(segment()),
            user -> get(() -> completeWithFuture(sanctions(Persons.id(user))))),
        path("sanctions", () -> get(() -> InstanceRoutes.paged(this::page))));
  }

  private String checked(String instance) {
    return InstanceRoutes.checked(instance);
  }

  private Route mutes(HttpRequest request, String person, Optional<String> instance) {
    return concat(
        put(() ->
            bodies.json(
                Terms.class, terms -> completeWithFuture(mute(request, person, instance, terms)))),
        delete(() -> completeWithFuture(unmute(request, person, instance))));
  }

  private CompletionStage<HttpResponse> ban(HttpRequest request, String person, Terms terms) {
    long until = until(terms);
    String reason = reason(terms);
    return questions
        .ask(
            site.around().users(),
            person,
            (ActorRef<User.Receipt> replyTo) -> new User.Ban(until, reason, replyTo))
        .thenApply(_ -> done(request, "banned {} {}", person, inWords(until)));
  }

  private CompletionStage<HttpResponse> pardon(HttpRequest request, String person) {
    return questions
        .ask(site.around().users(), person, SanctionCommand.Pardon::new)
        .thenApply(_ -> done(request, "lifted the ban of {}", person));
  }

  private CompletionStage<HttpResponse> mute(
      HttpRequest request, String person, Optional<String> instance, Terms terms) {
    long until = until(terms);
    String reason = reason(terms);
    String where = instance.orElse(Sanctions.EVERYWHERE);
    return questions
        .ask(
            site.around().users(),
            person,
            (ActorRef<Decided> replyTo) -> new SanctionCommand.Mute(where, until, reason, replyTo))
        .thenApply(decided -> {
          if (decided.tooMany()) {
            throw new InvalidMessage(
                ErrorCode.CONFLICT, "this person is muted in too many instances: mute everywhere");
          }
          return done(request, "muted {} {} {}", person, place(instance), inWords(until));
        });
  }

  private CompletionStage<HttpResponse> unmute(
      HttpRequest request, String person, Optional<String> instance) {
    String where = instance.orElse(Sanctions.EVERYWHERE);
    return questions
        .ask(
            site.around().users(),
            person,
            (ActorRef<Decided> replyTo) -> new SanctionCommand.Unmute(where, replyTo))
        .thenApply(_ -> done(request, "lifted the mute of {} {}", person, place(instance)));
  }

  private CompletionStage<HttpResponse> sanctions(String person) {
    return questions
        .ask(site.around().users(), person, SanctionCommand.Inquire::new)
        .thenApply(sanctions -> Reply.json(StatusCodes.OK, Person.of(person, sanctions)));
  }

  /// A page of all; its cursor is the last person, so that a page stays right while others come.
  private Route page(@Nullable String cursor, @Nullable Integer limit) {
    int size = limit == null ? LINES_MAX : Math.min(limit, LINES_MAX);
    return completeWithFuture(
        questions
            .ask(
                site.registers(),
                Register.ID,
                (ActorRef<Register.Page> replyTo) ->
                    new Register.Read(cursor == null ? "" : cursor, size, replyTo))
            .thenApply(page -> {
              List<Person> persons =
                  page.lines().stream()
                      .map(each -> Person.of(each.person(), each.sanctions()))
                      .toList();
              return Reply.json(
                  StatusCodes.OK, new Page(persons, page.more() ? persons.getLast().user() : null));
            }));
  }

  private long until(Terms terms) {
    Long until = terms.until();
    Long seconds = terms.seconds();
    long now = site.around().clock().millis();
    if (until != null && seconds != null) {
      throw bad("it ends at a time, until, or after some seconds: not both");
    }
    if (seconds != null) {
      if (seconds < 1 || seconds > SECONDS_MAX) {
        throw bad("seconds is a whole number, at least 1");
      }
      return now + seconds * 1000;
    }
    if (until != null && (until <= now || until > Sentence.FOR_GOOD)) {
      throw bad("until is in milliseconds since 1970, and not yet over");
    }
    return until == null ? Sentence.FOR_GOOD : until;
  }

  private static @Nullable String reason(Terms terms) {
    String reason = terms.reason();
    if (reason == null || reason.isBlank()) {
      return null;
    }
    if (reason.codePointCount(0, reason.length()) > REASON_MAX) {
      throw new InvalidMessage(
          ErrorCode.TOO_LONG, "a reason has at most " + REASON_MAX + " characters");
    }
    if (reason.chars().anyMatch(Character::isISOControl)) {
      throw bad("a reason is one line of text");
    }
    return reason.strip();
  }

  private static InvalidMessage bad(String why) {
    return new InvalidMessage(ErrorCode.BAD_MESSAGE, why);
  }

  private static String place(Optional<String> instance) {
    return instance.map(name -> "in " + name).orElse("everywhere");
  }

  private static String inWords(long until) {
    return until == Sentence.FOR_GOOD ? "for good" : "until " + Instant.ofEpochMilli(until);
  }

  private static HttpResponse done(HttpRequest request, String what, Object... whom) {
    Audit.of(request, what, whom);
    return Reply.nothing();
  }
}
