package presence.workspace;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;
import presence.cluster.Last;
import presence.cluster.Remote;

/// What happened to a workspace. Times are milliseconds since 1970.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "opened", value = WorkspaceEvent.Opened.class),
  @JsonSubTypes.Type(name = "held", value = WorkspaceEvent.Held.class),
  @JsonSubTypes.Type(name = "attached", value = WorkspaceEvent.Attached.class),
  @JsonSubTypes.Type(name = "detached", value = WorkspaceEvent.Detached.class),
  @JsonSubTypes.Type(name = "dropped", value = WorkspaceEvent.Dropped.class),
  @JsonSubTypes.Type(name = "selected", value = WorkspaceEvent.Selected.class),
  @JsonSubTypes.Type(name = "run-started", value = WorkspaceEvent.RunStarted.class),
  @JsonSubTypes.Type(name = "run-ended", value = WorkspaceEvent.RunEnded.class),
  @JsonSubTypes.Type(name = "saved", value = WorkspaceEvent.Saved.class),
  @JsonSubTypes.Type(name = "deleted", value = WorkspaceEvent.Deleted.class),
  @JsonSubTypes.Type(name = "vacated", value = WorkspaceEvent.Vacated.class),
})
public sealed interface WorkspaceEvent extends Remote {

  /// There is a workspace, where there was none or one that everybody had left.
  ///
  /// @param fresh whether what it kept is too old
  record Opened(@Nullable String path, @Nullable String name, boolean fresh, long at)
      implements WorkspaceEvent {}

  /// A client has a claim without a stream until the deadline.
  record Held(String client, long n, long deadline) implements WorkspaceEvent {}

  /// A client has a stream.
  record Attached(String client, long n) implements WorkspaceEvent {}

  /// These clients lost their last streams.
  record Detached(List<String> clients, long deadline) implements WorkspaceEvent {
    public Detached {
      clients = List.copyOf(clients);
    }
  }

  /// These claims are over, and nothing of them counts any more.
  record Dropped(List<Claims.Ended> claims, long at) implements WorkspaceEvent {
    public Dropped {
      claims = List.copyOf(claims);
    }
  }

  /// What the client looks at; absent = nothing.
  record Selected(String client, @Nullable String session) implements WorkspaceEvent {}

  record RunStarted(String client, String run, String session) implements WorkspaceEvent {}

  record RunEnded(String client, String run) implements WorkspaceEvent {}

  /// A session is new, or has another name.
  record Saved(Session session) implements WorkspaceEvent {}

  record Deleted(String session) implements WorkspaceEvent {}

  /// Nobody has a claim and there is nothing to keep.
  record Vacated(long at) implements WorkspaceEvent, Last {}
}
