package presence.workspace;

import java.time.InstantSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import presence.cluster.Door;
import presence.cluster.Sharding;

/// The workspaces of the cluster and their clients, each by id.
public final class Workspaces {
  public static final EntityTypeKey<WorkspaceCommand> KEY =
      EntityTypeKey.create(WorkspaceCommand.class, "workspace");
  public static final EntityTypeKey<Client.Command> CLIENTS =
      EntityTypeKey.create(Client.Command.class, "client");

  private Workspaces() {}

  /// The way to the workspaces, open once [#start] has run on this node.
  public static Door<WorkspaceCommand> door(ActorSystem<?> system) {
    ClusterSharding sharding = ClusterSharding.get(system);
    return (id, command) -> sharding.entityRefFor(KEY, id).tell(command);
  }

  /// The way to the clients, open once [#start] has run on this node.
  public static Door<Client.Command> clients(ActorSystem<?> system) {
    ClusterSharding sharding = ClusterSharding.get(system);
    return (id, command) -> sharding.entityRefFor(CLIENTS, id).tell(command);
  }

  /// Lets this node hold workspaces and clients.
  public static void start(ActorSystem<?> system, WorkspaceLimits limits, InstantSource clock) {
    Door<WorkspaceCommand> workspaces = door(system);
    Door<Client.Command> clients = clients(system);
    Sharding.start(
        system,
        Entity.of(
                KEY,
                entity ->
                    Workspace.create(
                        entity.getEntityId(),
                        PersistenceId.ofUniqueId("workspace-" + entity.getEntityId()),
                        limits,
                        clock,
                        clients,
                        entity.getShard()))
            .withStopMessage(WorkspaceCommand.Stop.STOP));
    Sharding.start(
        system,
        Entity.of(
                CLIENTS,
                entity ->
                    Client.create(
                        entity.getEntityId(),
                        PersistenceId.ofUniqueId("client-" + entity.getEntityId()),
                        limits,
                        clock,
                        workspaces,
                        entity.getShard()))
            .withStopMessage(Client.Stop.STOP));
  }
}
