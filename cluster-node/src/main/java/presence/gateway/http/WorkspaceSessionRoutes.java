package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.Directives.put;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;
import presence.cluster.Door;
import presence.workspace.WorkspaceCommand;
import presence.workspace.WorkspaceCommand.Answer;

/// The sessions of a workspace and what runs in them.
final class WorkspaceSessionRoutes {
  private final Door<WorkspaceCommand> workspaces;
  private final Questions questions;
  private final Bodies bodies;
  private final Newcomers newcomers;

  private record Wish(@Nullable String id, @Nullable String name) {}

  private record Run(@JsonProperty("run_id") String runId) {}

  WorkspaceSessionRoutes(
      Door<WorkspaceCommand> workspaces, Questions questions, Bodies bodies, Newcomers newcomers) {
    this.workspaces = workspaces;
    this.questions = questions;
    this.bodies = bodies;
    this.newcomers = newcomers;
  }

  /// What follows the workspace in the path.
  Route of(String workspace) {
    return pathPrefix(
        "sessions",
        () ->
            concat(
                pathEnd(() -> all(workspace)),
                pathPrefix(segment(), id -> session(workspace, Given.id("the session's id", id)))));
  }

  private Route all(String workspace) {
    return concat(
        get(() ->
            completeWithFuture(
                asked(workspace, WorkspaceCommand.Describe::new)
                    .thenApply(WorkspaceAnswers::sessions))),
        post(() ->
            bodies.json(
                Wish.class,
                wish -> {
                  String id = wish.id() == null ? newcomers.id() : Given.id("id", wish.id());
                  String name = Given.optional("name", wish.name(), Given.NAME_LENGTH_MAX);
                  return answer(
                      workspace, replyTo -> new WorkspaceCommand.CreateSession(id, name, replyTo));
                })));
  }

  private Route session(String workspace, String id) {
    return concat(
        pathEnd(() ->
            concat(
                get(() ->
                    answer(
                        workspace, replyTo -> new WorkspaceCommand.DescribeSession(id, replyTo))),
                put(() -> bodies.json(Wish.class, wish -> rename(workspace, id, wish))),
                delete(() ->
                    answer(
                        workspace, replyTo -> new WorkspaceCommand.DeleteSession(id, replyTo))))),
        path(
            "runs",
            () ->
                post(() ->
                    WorkspaceRoutes.forClient(
                        client -> completeWithFuture(start(workspace, id, client))))),
        path(
            segment("runs").slash(segment()),
            name -> {
              String run = Given.id("run_id", name);
              return delete(() ->
                  answer(workspace, replyTo -> new WorkspaceCommand.EndRun(id, run, replyTo)));
            }));
  }

  private Route rename(String workspace, String id, Wish wish) {
    String name = Given.optional("name", wish.name(), Given.NAME_LENGTH_MAX);
    return answer(workspace, replyTo -> new WorkspaceCommand.RenameSession(id, name, replyTo));
  }

  private CompletionStage<HttpResponse> start(String workspace, String session, String client) {
    String run = newcomers.id();
    return asked(workspace, replyTo -> new WorkspaceCommand.StartRun(client, session, run, replyTo))
        .thenApply(answer ->
            answer == WorkspaceCommand.Done.DONE
                ? Reply.json(StatusCodes.CREATED, new Run(run))
                : WorkspaceAnswers.of(answer));
  }

  private Route answer(String workspace, Function<ActorRef<Answer>, WorkspaceCommand> question) {
    return completeWithFuture(asked(workspace, question).thenApply(WorkspaceAnswers::of));
  }

  private CompletionStage<Answer> asked(
      String workspace, Function<ActorRef<Answer>, WorkspaceCommand> question) {
    return questions.ask(workspaces, workspace, question);
  }
}
