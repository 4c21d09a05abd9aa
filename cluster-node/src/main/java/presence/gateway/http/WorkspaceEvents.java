package presence.gateway.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;
import presence.protocol.ErrorCode;
import presence.protocol.Position;
import presence.workspace.WorkspaceCommand;
import presence.workspace.WorkspaceCommand.Answer;
import presence.workspace.WorkspaceCommand.Refusal;

/// The events of a workspace, `GET /v1/workspaces/{id}/events`: whoever reads them is attached.
final class WorkspaceEvents {
  private final WorkspaceDoors doors;
  private final Questions questions;
  private final Claiming claiming;

  WorkspaceEvents(WorkspaceDoors doors, Questions questions, Claiming claiming) {
    this.doors = doors;
    this.questions = questions;
    this.claiming = claiming;
  }

  /// Looks for the workspace first: a claim to what is not there would only have to be taken back.
  CompletionStage<HttpResponse> open(String id, String client, HttpRequest request) {
    Position since = ServerSentEvents.since(request);
    return questions
        .<WorkspaceCommand, Answer>ask(doors.workspaces(), id, WorkspaceCommand.Describe::new)
        .thenCompose(answer ->
            answer instanceof Refusal refusal
                ? CompletableFuture.completedFuture(WorkspaceAnswers.refused(refusal))
                : attach(id, client, since).thenApply(opened -> of(request, opened)));
  }

  private CompletionStage<WorkspaceStreams.Answer> attach(
      String id, String client, @Nullable Position since) {
    return claiming.claim(
        client,
        id,
        n ->
            questions.ask(
                doors.streams(),
                (ActorRef<WorkspaceStreams.Answer> replyTo) ->
                    new WorkspaceStreams.Open(
                        new WorkspaceStream.Claimant(id, client, n, since), replyTo)),
        answer ->
            answer instanceof WorkspaceStreams.Refused refused && refused.why() == Refusal.STALE);
  }

  private static HttpResponse of(HttpRequest request, WorkspaceStreams.Answer answer) {
    return switch (answer) {
      case WorkspaceStreams.Opened opened -> ServerSentEvents.answer(request, opened.events());
      case WorkspaceStreams.Refused refused -> WorkspaceAnswers.refused(refused.why());
      case WorkspaceStreams.Closed closed ->
          closed.leaving()
              ? Reply.error(ErrorCode.UNAVAILABLE, "this node is leaving")
              : Reply.error(ErrorCode.RATE_LIMITED, "this node has all the streams it takes");
    };
  }
}
