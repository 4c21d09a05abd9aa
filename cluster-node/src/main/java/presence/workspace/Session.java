package presence.workspace;

import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// What a workspace keeps of one of its sessions: a document, a conversation, an agent's run. Times
/// are milliseconds since 1970.
record Session(String id, @Nullable String name, long createdAt, long updatedAt)
    implements Remote {}
