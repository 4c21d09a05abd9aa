package presence.gateway.http;

import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import presence.protocol.ErrorCode;
import presence.workspace.SessionView;
import presence.workspace.WorkspaceCommand.Answer;
import presence.workspace.WorkspaceCommand.Done;
import presence.workspace.WorkspaceCommand.Refusal;
import presence.workspace.WorkspaceCommand.SessionShown;
import presence.workspace.WorkspaceCommand.Shown;

/// What a workspace answers, as HTTP says it.
final class WorkspaceAnswers {
  private record Sessions(List<SessionView> sessions) {}

  private WorkspaceAnswers() {}

  static HttpResponse of(Answer answer) {
    return switch (answer) {
      case Shown shown -> Reply.json(status(shown.created()), shown.workspace());
      case SessionShown shown -> Reply.json(status(shown.created()), shown.session());
      case Done done -> Reply.nothing();
      case Refusal refusal -> refused(refusal);
    };
  }

  /// The sessions of a workspace, from the answer that shows it.
  static HttpResponse sessions(Answer answer) {
    return answer instanceof Shown shown
        ? Reply.json(StatusCodes.OK, new Sessions(shown.workspace().sessions()))
        : of(answer);
  }

  private static StatusCode status(boolean created) {
    return created ? StatusCodes.CREATED : StatusCodes.OK;
  }

  static HttpResponse refused(Refusal refusal) {
    return switch (refusal) {
      case NO_WORKSPACE -> Reply.error(ErrorCode.NOT_FOUND, "there is no such workspace");
      case NO_SESSION -> Reply.error(ErrorCode.NOT_FOUND, "there is no such session");
      case NOT_ATTACHED ->
          Reply.error(ErrorCode.NOT_ATTACHED, "this needs a client that is attached");
      case STALE ->
          Reply.error(ErrorCode.UNAVAILABLE, "the client's claim ended meanwhile; try again");
      case TOO_MANY_CLIENTS -> tooMany("clients");
      case TOO_MANY_STREAMS -> tooMany("streams of this client");
      case TOO_MANY_SESSIONS -> tooMany("sessions");
      case TOO_MANY_RUNS -> tooMany("runs of this client");
    };
  }

  private static HttpResponse tooMany(String what) {
    return Reply.error(ErrorCode.RATE_LIMITED, "this workspace has all the " + what + " it takes");
  }
}
