package presence.workspace;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import presence.cluster.Remote;
import presence.protocol.Position;

/// A sample of everything workspaces and clients send or write down.
public final class WorkspaceSamples {
  private static final SessionView VIEW = new SessionView("s1", "Plan", 1, 2, true, 3, 4);
  private static final WorkspaceView WORKSPACE =
      new WorkspaceView("w1", "/home/ann", "home", 1, 2, 3, List.of(VIEW));
  private static final Session SESSION = new Session("s1", "Plan", 1, 2);
  private static final Claim CLAIM = new Claim(4, new Claim.Leased(9), "s1", Map.of("r1", "s1"));

  private static final WorkspaceCommand.Changes CHANGES =
      new WorkspaceCommand.Changes(
          new Position(2, 3), List.of(new Change.Updated(VIEW), new Change.Deleted("s2")));

  private WorkspaceSamples() {}

  /// All of them; the samples only carry `ref`.
  public static Stream<Remote> all(ActorRef<?> ref) {
    return Stream.of(
            commands(ref.unsafeUpcast().narrow()),
            attaches(ref.unsafeUpcast().narrow(), ref.unsafeUpcast().narrow()),
            answers(ref.unsafeUpcast().narrow()),
            clients(ref),
            events(),
            states())
        .flatMap(each -> each);
  }

  private static Stream<Remote> commands(ActorRef<WorkspaceCommand.Answer> asker) {
    return Stream.of(
        new WorkspaceCommand.Hold("c1", 1, "/home/ann", null, asker),
        new WorkspaceCommand.Describe(asker),
        new WorkspaceCommand.Select("c1", "s1", asker),
        new WorkspaceCommand.Select("c1", null, asker),
        new WorkspaceCommand.DescribeSession("s1", asker),
        new WorkspaceCommand.CreateSession("s1", "Plan", asker),
        new WorkspaceCommand.RenameSession("s1", null, asker),
        new WorkspaceCommand.DeleteSession("s1", asker),
        new WorkspaceCommand.StartRun("c1", "s1", "r1", asker),
        new WorkspaceCommand.EndRun("s1", "r1", asker),
        WorkspaceCommand.Stop.STOP);
  }

  private static Stream<Remote> attaches(
      ActorRef<WorkspaceCommand.Feed> stream, ActorRef<WorkspaceCommand.Delivery> post) {
    return Stream.of(
        new WorkspaceCommand.Attach("c1", 1, null, stream, null),
        new WorkspaceCommand.Attach("c1", 1, new Position(2, 3), stream, post),
        new WorkspaceCommand.Delivery("w1", null, CHANGES),
        new WorkspaceCommand.Delivery("w1", stream, new WorkspaceCommand.Cut(WORKSPACE)),
        new WorkspaceCommand.Delivery(
            "w1", stream, new WorkspaceCommand.Counted(stream.unsafeUpcast().narrow())),
        new WorkspaceCommand.Delivery(
            "w1", stream, new WorkspaceCommand.Refused(WorkspaceCommand.Refusal.STALE)));
  }

  private static Stream<Remote> answers(ActorRef<WorkspaceCommand> workspace) {
    return Stream.of(
        new WorkspaceCommand.Shown(WORKSPACE, true),
        new WorkspaceCommand.SessionShown(VIEW, false),
        WorkspaceCommand.Done.DONE,
        WorkspaceCommand.Refusal.NOT_ATTACHED,
        new WorkspaceCommand.Counted(workspace),
        new WorkspaceCommand.Cut(WORKSPACE),
        CHANGES,
        new WorkspaceCommand.Refused(WorkspaceCommand.Refusal.STALE));
  }

  private static Stream<Remote> clients(ActorRef<?> ref) {
    return Stream.of(
        new WorkspaceCommand.Release("c1", 2, ref.unsafeUpcast().narrow()),
        new WorkspaceCommand.Audit("c1", 2, ref.unsafeUpcast().narrow()),
        new Client.Admit("w1", 1, ref.unsafeUpcast().narrow()),
        new Client.Leave("w1", ref.unsafeUpcast().narrow()),
        new Client.Retire(ref.unsafeUpcast().narrow()),
        new Client.Released("w1", 3),
        Client.Stop.STOP,
        new Client.Admitted(4),
        Client.Turned.RETIRED,
        new Client.Left(true));
  }

  private static Stream<Remote> events() {
    return Stream.of(
        new WorkspaceEvent.Opened("/home/ann", null, true, 1),
        new WorkspaceEvent.Held("c1", 2, 3),
        new WorkspaceEvent.Attached("c1", 2),
        new WorkspaceEvent.Detached(List.of("c1", "c2"), 3),
        new WorkspaceEvent.Dropped(List.of(new Claims.Ended("c1", 2)), 3),
        new WorkspaceEvent.Selected("c1", null),
        new WorkspaceEvent.RunStarted("c1", "r1", "s1"),
        new WorkspaceEvent.RunEnded("c1", "r1"),
        new WorkspaceEvent.Saved(SESSION),
        new WorkspaceEvent.Deleted("s1"),
        new WorkspaceEvent.Vacated(3),
        new ClientEvent.Admitted("w1", 1),
        new ClientEvent.Leaving("w1", 2),
        new ClientEvent.Retired(3),
        new ClientEvent.Settled("w1", 3),
        new ClientEvent.Vacant());
  }

  private static Stream<Remote> states() {
    Fences.Fence fence = new Fences.Fence(3, 4);
    WorkspaceState.About about = new WorkspaceState.About(null, "home", 1);
    WorkspaceState.Snapshot.Barred barred = new WorkspaceState.Snapshot.Barred("c2", fence);
    return Stream.of(
        VIEW,
        WORKSPACE,
        SESSION,
        CLAIM,
        new Claim.Held(1),
        new Claim.Attached(),
        new Claim.Leased(2),
        new Claims.Ended("c1", 2),
        new Change.Updated(VIEW),
        new Change.Deleted("s1"),
        fence,
        about,
        barred,
        new WorkspaceState.Snapshot(
            about, List.of(SESSION), Map.of("c1", CLAIM), List.of(barred), 1, 2, 3),
        new ClientState.Snapshot(Map.of("w1", 1L), Map.of("w2", 2L), true));
  }
}
