package presence.instance;

import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;
import presence.protocol.Member;

/// How one session stands in an instance it is a member of.
///
/// @param person who the session belongs to; absent for an anonymous one
/// @param viewing whether its user looks at one of the instance's pieces
public record Standing(@Nullable Member person, boolean viewing) implements Remote {}
