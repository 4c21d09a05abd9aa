package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.parameterOptional;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.protocol.Position;

/// An instance's stream for spectators, `GET /v1/instances/{name}/events`, as server-sent events.
final class SpectatorRoute {
  private final Site site;
  private final Questions questions;

  SpectatorRoute(Site site, Questions questions) {
    this.site = site;
    this.questions = questions;
  }

  Route route() {
    return path(
        segment("v1").slash("instances").slash(segment()).slash("events"),
        name ->
            get(() ->
                parameterOptional(
                    "roster",
                    roster ->
                        extractRequest(request ->
                            completeWithFuture(
                                Counted.stream(
                                    site,
                                    request,
                                    () ->
                                        events(
                                            name,
                                            mode(roster),
                                            ServerSentEvents.since(request))))))));
  }

  private static @Nullable RosterMode mode(Optional<String> roster) {
    return roster
        .map(word ->
            switch (word) {
              case "full" -> RosterMode.FULL;
              case "counts" -> RosterMode.COUNTS;
              default ->
                  throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "roster is 'full' or 'counts'");
            })
        .orElse(null);
  }

  private CompletionStage<HttpResponse> events(
      String name, @Nullable RosterMode mode, @Nullable Position since) {
    ClientMessage.Join asked = new ClientMessage.Join(name, mode, since, null);
    return questions
        .ask(
            site.spectators(),
            (ActorRef<Spectators.Answer> replyTo) ->
                new Spectators.Open(asked.instance(), asked.roster(), asked.since(), replyTo))
        .thenApply(answer ->
            switch (answer) {
              case Spectators.Opened opened -> ServerSentEvents.answer(opened.events());
              case Spectators.Refused refused -> Reply.error(refused.code(), refused.message());
            });
  }
}
