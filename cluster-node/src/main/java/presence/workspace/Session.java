package presence.workspace;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// What a workspace keeps of one of its sessions: a document, a conversation, an agent's run. Times
/// are milliseconds since 1970.
record Session(String id, @Nullable String name, long createdAt, long updatedAt) implements Remote {

  /// What its id and its name take.
  int bytes() {
    return (id + Objects.requireNonNullElse(name, "")).getBytes(StandardCharsets.UTF_8).length;
  }
}
