package presence.gateway.http;

import org.apache.pekko.actor.typed.ActorRef;
import presence.cluster.Door;
import presence.workspace.Client;
import presence.workspace.WorkspaceCommand;

/// The ways to everything that has to do with workspaces.
public record WorkspaceDoors(
    Door<WorkspaceCommand> workspaces,
    Door<Client.Command> clients,
    ActorRef<WorkspaceStreams.Command> streams) {}
