package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.parameterOptional;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import presence.gateway.Relay;
import presence.gateway.Relays;
import presence.instance.ChatInstance;
import presence.protocol.ClientMessage;
import presence.protocol.Counts;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;

/// Questions about instances. What is answered comes from the instance itself, or from the relay
/// that also feeds the sockets: there is no second source of truth.
final class InstanceRoutes {
  /// Instances asked at the same time for one list: most answer from memory within a millisecond.
  private static final int ASKED_AT_ONCE = 8;

  private final Site site;
  private final Questions questions;

  /// @param connections live sockets, unlike the leases in `counts`
  private record Numbers(String instance, long epoch, long seq, Counts counts, int connections) {
    static Numbers of(ChatInstance.Description described) {
      return new Numbers(
          described.instance(),
          described.at().epoch(),
          described.at().seq(),
          described.counts(),
          described.connections());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Page(List<Numbers> instances, @Nullable String cursor) {}

  InstanceRoutes(Site site, Questions questions) {
    this.site = site;
    this.questions = questions;
  }

  Route route() {
    return pathPrefix(
        segment("v1").slash("instances"),
        () ->
            concat(
                pathEnd(() ->
                    get(() -> paged((cursor, limit) -> completeWithFuture(list(cursor, limit))))),
                path(segment(), name -> get(() -> completeWithFuture(numbers(checked(name))))),
                path(
                    segment().slash("roster"),
                    name ->
                        get(() ->
                            paged((cursor, limit) ->
                                completeWithFuture(roster(name, cursor, limit)))))));
  }

  /// A page of a list, as it is asked for.
  interface Paged {
    Route page(@Nullable String cursor, @Nullable Integer limit);
  }

  /// Reads the parameters of a page.
  static Route paged(Paged inner) {
    return parameterOptional(
        "cursor",
        cursor ->
            parameterOptional(
                "limit",
                limit ->
                    inner.page(
                        cursor.orElse(null), limit.map(InstanceRoutes::number).orElse(null))));
  }

  private static int number(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // says the same as what follows
    }
    throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "limit is a whole number, at least 1");
  }

  /// A name as a client may give it on a socket.
  static String checked(String name) {
    return new ClientMessage.Leave(name, null).instance();
  }

  /// A page of all instances; its cursor is the name of the last, so that a page stays right while
  /// instances come and go.
  private CompletionStage<HttpResponse> list(@Nullable String after, @Nullable Integer limit) {
    int most = site.limits().instancesPage();
    int size = limit == null ? most : Math.min(limit, most);
    return questions
        .counted(() -> site.names().ask(after, size + 1, site.limits().answerWithin()))
        .thenCompose(names -> {
          List<String> page = names.subList(0, Math.min(size, names.size()));
          String cursor = names.size() > size ? page.getLast() : null;
          return Source.from(page)
              .mapAsync(ASKED_AT_ONCE, this::describe)
              .filter(described -> described.at().epoch() > 0)
              .map(Numbers::of)
              .runWith(Sink.seq(), site.system())
              .thenApply(all -> Reply.json(StatusCodes.OK, new Page(all, cursor)));
        });
  }

  private CompletionStage<HttpResponse> numbers(String name) {
    return describe(name)
        .thenApply(described -> {
          if (described.at().epoch() == 0) {
            throw new InvalidMessage(ErrorCode.NOT_FOUND, "there is no such instance");
          }
          return Reply.json(StatusCodes.OK, Numbers.of(described));
        });
  }

  private CompletionStage<ChatInstance.Description> describe(String name) {
    return questions.ask(site.instances(), name, ChatInstance.Describe::new);
  }

  private CompletionStage<HttpResponse> roster(
      String name, @Nullable String cursor, @Nullable Integer limit) {
    ClientMessage.RosterPage asked = new ClientMessage.RosterPage(name, cursor, limit, null);
    return questions
        .ask(
            site.around().relays(),
            (ActorRef<Relay.Delivery> replyTo) ->
                new Relays.To(
                    asked.instance(), new Relay.Page(asked.cursor(), asked.limit(), null, replyTo)))
        .thenApply(delivery ->
            switch (delivery) {
              case Relay.RosterPage page ->
                  Reply.json(StatusCodes.OK, site.around().codec().encode(page.page()));
              case Relay.Refused refused -> Reply.error(refused.code(), refused.message());
              case Relay.Stream stream ->
                  throw new IllegalStateException("a stream is no page of a roster");
            });
  }
}
