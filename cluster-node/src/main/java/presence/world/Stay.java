package presence.world;

import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;
import presence.protocol.Member;
import presence.protocol.Spot;

/// How one session is in a world.
///
/// @param entered its step of entering; what it says later of the same stay names the same
/// @param person who the session belongs to; absent for an anonymous one
/// @param look how the avatar looks: a JSON object
/// @param spot where it entered
/// @param ghost whether the session is without a socket
public record Stay(long entered, @Nullable Member person, String look, Spot spot, boolean ghost)
    implements Remote {}
