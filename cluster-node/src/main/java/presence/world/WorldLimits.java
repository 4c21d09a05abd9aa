package presence.world;

import java.time.Duration;

/// The bounds of one world; each is a config key under `presence.world`.
///
/// @param capacity avatars admitted; 0 = no bound. Who is in it is never refused
/// @param ghost how long an avatar stays whose client lost its socket
/// @param tick how often moves are published
/// @param departedAge how long the last word of a session that left is remembered
/// @param remindEvery how often a session is told again that its avatar is gone, until it says so
/// @param rollCallEvery how often the sessions that are listed are asked whether they still exist
/// @param rollCallAfterRecovery how long after a restart they are asked first
/// @param idle how long a world that is empty stays in memory
/// @param flushSize words in one flush, and avatars in one message to a node, at most
public record WorldLimits(
    int capacity,
    Duration ghost,
    Duration tick,
    Duration departedAge,
    Duration remindEvery,
    Duration rollCallEvery,
    Duration rollCallAfterRecovery,
    Duration idle,
    int flushSize,
    AvatarIds ids) {}
