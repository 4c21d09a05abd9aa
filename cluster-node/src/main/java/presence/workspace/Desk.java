package presence.workspace;

import java.util.List;
import java.util.Objects;
import presence.workspace.WorkspaceCommand.Answer;
import presence.workspace.WorkspaceCommand.CreateSession;
import presence.workspace.WorkspaceCommand.DeleteSession;
import presence.workspace.WorkspaceCommand.Describe;
import presence.workspace.WorkspaceCommand.DescribeSession;
import presence.workspace.WorkspaceCommand.Done;
import presence.workspace.WorkspaceCommand.EndRun;
import presence.workspace.WorkspaceCommand.Question;
import presence.workspace.WorkspaceCommand.Refusal;
import presence.workspace.WorkspaceCommand.RenameSession;
import presence.workspace.WorkspaceCommand.Select;
import presence.workspace.WorkspaceCommand.SessionShown;
import presence.workspace.WorkspaceCommand.Shown;
import presence.workspace.WorkspaceCommand.StartRun;

/// What is done for a question, and what is answered. A question that is repeated is answered
/// again, and does nothing more.
record Desk(String id, WorkspaceLimits limits) {

  /// What happens, and the answer once it has.
  record Decision(List<WorkspaceEvent> events, Outcome answer) {

    /// Answers in the state after the events.
    interface Outcome {
      Answer in(WorkspaceState now);
    }

    private static Decision say(Answer answer) {
      return new Decision(List.of(), _ -> answer);
    }

    private static Decision happens(WorkspaceEvent event) {
      return new Decision(List.of(event), _ -> Done.DONE);
    }
  }

  Decision decide(WorkspaceState state, Question question, long now) {
    if (!state.exists()) {
      return Decision.say(Refusal.NO_WORKSPACE);
    }
    return switch (question) {
      case Describe describe -> Decision.say(new Shown(state.view(id), false));
      case Select select -> select(state, select);
      case DescribeSession session -> Decision.say(shown(state, session.session(), false));
      case CreateSession create -> create(state, create, now);
      case RenameSession rename -> rename(state, rename, now);
      case DeleteSession delete ->
          state.sessions().containsKey(delete.session())
              ? Decision.happens(new WorkspaceEvent.Deleted(delete.session()))
              : Decision.say(Refusal.NO_SESSION);
      case StartRun start -> start(state, start);
      case EndRun end -> end(state, end);
    };
  }

  private static Decision select(WorkspaceState state, Select select) {
    Claim claim = state.claims().of(select.client());
    if (claim == null || !claim.isAttached()) {
      return Decision.say(Refusal.NOT_ATTACHED);
    }
    String session = select.session();
    if (session != null && !state.sessions().containsKey(session)) {
      return Decision.say(Refusal.NO_SESSION);
    }
    return Objects.equals(claim.selection(), session)
        ? Decision.say(Done.DONE)
        : Decision.happens(new WorkspaceEvent.Selected(select.client(), session));
  }

  private Decision create(WorkspaceState state, CreateSession create, long now) {
    String session = create.session();
    if (state.sessions().containsKey(session)) {
      return Decision.say(shown(state, session, false));
    }
    if (state.sessions().size() >= limits.sessions()) {
      return Decision.say(Refusal.TOO_MANY_SESSIONS);
    }
    return save(state, new Session(session, create.name(), now, now), true);
  }

  /// A workspace is shown whole, so what is in its sessions has a bound of its own.
  private Decision save(WorkspaceState state, Session session, boolean created) {
    WorkspaceEvent saved = new WorkspaceEvent.Saved(session);
    int bytes =
        state.apply(saved, limits).sessions().values().stream().mapToInt(Session::bytes).sum();
    return bytes > limits.sessionsBytes()
        ? Decision.say(Refusal.TOO_MANY_SESSIONS)
        : new Decision(List.of(saved), then -> shown(then, session.id(), created));
  }

  private Decision rename(WorkspaceState state, RenameSession rename, long now) {
    Session session = state.sessions().get(rename.session());
    if (session == null || Objects.equals(session.name(), rename.name())) {
      return Decision.say(shown(state, rename.session(), false));
    }
    return save(state, new Session(session.id(), rename.name(), session.createdAt(), now), false);
  }

  private static Answer shown(WorkspaceState state, String session, boolean created) {
    SessionView view = state.session(session);
    return view == null ? Refusal.NO_SESSION : new SessionShown(view, created);
  }

  private Decision start(WorkspaceState state, StartRun start) {
    if (!state.sessions().containsKey(start.session())) {
      return Decision.say(Refusal.NO_SESSION);
    }
    Claim claim = state.claims().of(start.client());
    if (claim == null) {
      return Decision.say(Refusal.NOT_ATTACHED);
    }
    if (claim.runs().containsKey(start.run())) {
      return Decision.say(Done.DONE);
    }
    return claim.runs().size() >= limits.runs()
        ? Decision.say(Refusal.TOO_MANY_RUNS)
        : Decision.happens(
            new WorkspaceEvent.RunStarted(start.client(), start.run(), start.session()));
  }

  private static Decision end(WorkspaceState state, EndRun end) {
    if (!state.sessions().containsKey(end.session())) {
      return Decision.say(Refusal.NO_SESSION);
    }
    String client = state.claims().runner(end.session(), end.run());
    return client == null
        ? Decision.say(Done.DONE)
        : Decision.happens(new WorkspaceEvent.RunEnded(client, end.run()));
  }
}
