package presence.workspace;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import presence.cluster.Remote;

/// One change of a workspace's stream.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "session", value = Change.Updated.class),
  @JsonSubTypes.Type(name = "session_deleted", value = Change.Deleted.class),
})
public sealed interface Change extends Remote {

  /// The session is there, and this is how it looks now.
  record Updated(SessionView session) implements Change {}

  /// There is no such session any more.
  record Deleted(String id) implements Change {}
}
