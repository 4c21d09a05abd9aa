package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.options;
import static org.apache.pekko.http.javadsl.server.Directives.parameterOptional;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.workspace.Client;
import presence.workspace.WorkspaceCommand;
import presence.workspace.WorkspaceCommand.Answer;
import presence.workspace.WorkspaceCommand.Refusal;

/// Workspaces and their clients: `/v1/workspaces…`, `/v1/clients/…`. Pages of other origins than
/// those that may open a socket may not even try: here something is done for whoever asks.
final class WorkspaceRoutes {
  private final Site site;
  private final WorkspaceDoors doors;
  private final Questions questions;
  private final Bodies bodies;
  private final Claiming claiming;
  private final Newcomers newcomers;
  private final WorkspaceEvents events;
  private final WorkspaceSessionRoutes sessions;

  private record Wish(@Nullable String id, @Nullable String path, @Nullable String name) {}

  private record Look(@JsonProperty("session_id") @Nullable String sessionId) {}

  WorkspaceRoutes(Site site, Questions questions, Bodies bodies) {
    this.site = site;
    this.doors = site.workspaces();
    this.questions = questions;
    this.bodies = bodies;
    this.claiming = new Claiming(questions, doors.clients());
    this.newcomers = new Newcomers(site.around().random());
    this.events = new WorkspaceEvents(doors, questions, claiming);
    this.sessions = new WorkspaceSessionRoutes(doors.workspaces(), questions, bodies, newcomers);
  }

  Route route() {
    return pathPrefix(
        "v1",
        () ->
            concat(
                pathPrefix("workspaces", () -> guarded(workspaces())),
                path(
                    segment("clients").slash(segment()),
                    id -> guarded(delete(() -> completeWithFuture(retire(Given.client(id))))))));
  }

  private Route guarded(Route inner) {
    return extractRequest(request ->
        site.origins().allow(request)
            ? concat(options(() -> complete(preflight())), Proof.required(site, inner))
            : complete(
                Reply.error(ErrorCode.FORBIDDEN, "pages of this origin may do nothing here")));
  }

  private static HttpResponse preflight() {
    return Reply.nothing()
        .addHeader(RawHeader.create("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE"))
        .addHeader(
            RawHeader.create(
                "Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID"))
        .addHeader(RawHeader.create("Access-Control-Max-Age", "86400"));
  }

  private Route workspaces() {
    return concat(
        pathEnd(() ->
            post(() ->
                forClient(client ->
                    bodies.json(Wish.class, wish -> completeWithFuture(create(client, wish)))))),
        pathPrefix(segment(), name -> workspace(Given.id("the workspace's id", name))));
  }

  private Route workspace(String id) {
    return concat(
        pathEnd(() ->
            concat(
                get(() -> completeWithFuture(describe(id).thenApply(WorkspaceAnswers::of))),
                delete(() -> forClient(client -> completeWithFuture(release(id, client)))))),
        path(
            "events",
            () ->
                get(() ->
                    forClient(client ->
                        extractRequest(request ->
                            completeWithFuture(
                                Counted.stream(
                                    site, request, () -> events.open(id, client, request))))))),
        path(
            "current-session",
            () ->
                post(() ->
                    forClient(client ->
                        bodies.json(
                            Look.class, look -> completeWithFuture(select(id, client, look)))))),
        sessions.of(id));
  }

  /// Hands on whose request it is.
  static Route forClient(Function<String, Route> inner) {
    return parameterOptional("client_id", id -> inner.apply(Given.client(id.orElse(null))));
  }

  private CompletionStage<HttpResponse> create(String client, Wish wish) {
    String path = Given.optional("path", wish.path(), Given.PATH_LENGTH_MAX);
    String name = Given.optional("name", wish.name(), Given.NAME_LENGTH_MAX);
    String id = wish.id() == null ? newcomers.workspace(path) : Given.id("id", wish.id());
    return claiming
        .<Answer>claim(
            client,
            id,
            n ->
                questions.ask(
                    doors.workspaces(),
                    id,
                    (ActorRef<Answer> replyTo) ->
                        new WorkspaceCommand.Hold(client, n, path, name, replyTo)),
            answer -> answer == Refusal.STALE)
        .thenApply(WorkspaceAnswers::of);
  }

  private CompletionStage<Answer> describe(String id) {
    return questions.ask(doors.workspaces(), id, WorkspaceCommand.Describe::new);
  }

  /// A client without a claim has nothing to release; only the workspace must be there.
  private CompletionStage<HttpResponse> release(String id, String client) {
    return questions
        .ask(
            doors.clients(),
            client,
            (ActorRef<Client.Left> replyTo) -> new Client.Leave(id, replyTo))
        .thenCompose(left ->
            left.had()
                ? CompletableFuture.completedFuture(Reply.nothing())
                : describe(id)
                    .thenApply(answer ->
                        answer instanceof Refusal refusal
                            ? WorkspaceAnswers.refused(refusal)
                            : Reply.nothing()));
  }

  private CompletionStage<HttpResponse> select(String id, String client, Look look) {
    String session = look.sessionId();
    if (session == null) {
      throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "session_id is missing");
    }
    String selected = session.isEmpty() ? null : Given.id("session_id", session);
    return questions
        .ask(
            doors.workspaces(),
            id,
            (ActorRef<Answer> replyTo) -> new WorkspaceCommand.Select(client, selected, replyTo))
        .thenApply(WorkspaceAnswers::of);
  }

  private CompletionStage<HttpResponse> retire(String client) {
    return questions
        .ask(doors.clients(), client, Client.Retire::new)
        .thenApply(left -> Reply.nothing());
  }
}
