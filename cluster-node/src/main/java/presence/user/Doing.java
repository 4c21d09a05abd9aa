package presence.user;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// What a person does in one of their sessions.
///
/// @param here the instances the session's user looks at
public record Doing(@Nullable String name, @Nullable String location, Set<String> here)
    implements Remote {}
