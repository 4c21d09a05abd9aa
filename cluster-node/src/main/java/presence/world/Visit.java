package presence.world;

import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// What a session said of itself at its step `n`: how it is in the world, or (no stay) that it is
/// not. Of two words of one session the one with the greater `n` holds.
public record Visit(String session, long n, @Nullable Stay stay) implements Remote {}
