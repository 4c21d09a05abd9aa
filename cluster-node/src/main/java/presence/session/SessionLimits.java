package presence.session;

import java.time.Duration;

/// The bounds of one session; each is a config key under `presence.session`.
///
/// @param grace how long a session outlives its socket
/// @param reclaimWait how long after its own restart a session that was online waits for its
///   connection before it counts it as lost
/// @param repeatFirst after what time an unacknowledged word to an instance is repeated first
/// @param repeatLast the longest time between two repetitions
public record SessionLimits(
    Duration grace,
    Duration reclaimWait,
    Duration repeatFirst,
    Duration repeatLast,
    int instances,
    int watches,
    Rate chat,
    Rate location,
    Rate joins) {}
