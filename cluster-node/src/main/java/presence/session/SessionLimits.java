package presence.session;

import java.time.Duration;
import presence.user.MailLimits;

/// The bounds of one session; each is a config key under `presence.session`.
///
/// @param grace how long a session outlives its socket
/// @param reclaimWait how long after its own restart a session that was online waits for its
///   connection before it counts it as lost
/// @param repeatFirst after what time an unacknowledged word to an instance is repeated first
/// @param repeatLast the longest time between two repetitions
/// @param lettersWaiting direct messages whose mailboxes have not answered yet
/// @param mail of the mailbox of an anonymous session
public record SessionLimits(
    Duration grace,
    Duration reclaimWait,
    Duration repeatFirst,
    Duration repeatLast,
    int instances,
    int worlds,
    int watches,
    int lettersWaiting,
    MailLimits mail,
    Rate chat,
    Rate direct,
    Rate location,
    Rate joins,
    Rate emits) {}
