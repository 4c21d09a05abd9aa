package presence.user;

import java.time.Duration;

/// The bounds of one person; each is a config key under `presence.user`.
///
/// @param sessions live or leased sessions of one person
/// @param departedAge how long the last word of an ended session is remembered
/// @param idle how long a person nobody follows stays in memory; their state is in the journal
/// @param mutes in force for one person: each is told to every session with the others
/// @param repeats between two attempts to end a session
public record UserLimits(
    int sessions,
    Duration departedAge,
    Duration idle,
    int mutes,
    Pauses repeats,
    MailLimits mail) {}
