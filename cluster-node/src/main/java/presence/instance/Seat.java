package presence.instance;

import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// What a session said of itself at its step `n`: how it stands, or (no standing) that it left. Of
/// two words of one session the one with the greater `n` holds.
public record Seat(String session, long n, @Nullable Standing standing) implements Remote {}
