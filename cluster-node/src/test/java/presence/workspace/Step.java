package presence.workspace;

import java.time.Duration;
import presence.simulation.Fault;

/// What happens to workspaces and their clients.
sealed interface Step {
  /// The client creates the workspace, or finds it.
  record Create(int client, String workspace, String host) implements Step {}

  /// The client opens a stream, whether or not it has some.
  record Attach(int client, String workspace, String host) implements Step {}

  /// The client loses its oldest stream.
  record Drop(int client, String workspace) implements Step {}

  record Select(int client, String workspace, String session) implements Step {}

  record Run(int client, String workspace, String session) implements Step {}

  record Release(int client, String workspace) implements Step {}

  record Retire(int client) implements Step {}

  record Rest(Duration span) implements Step {}

  /// The entity stops at once and comes back.
  record Kill(String type, String id) implements Step {}

  record Move(String type, String id, String host) implements Step {}

  /// Everything on the host is gone; an empty one takes its place.
  record Crash(String host) implements Step {}

  /// The journal does and answers nothing for a time.
  record Stall(Duration span) implements Step {}

  record Spoil(String persistenceId, Fault fault) implements Step {}
}
