package presence.user;

import java.time.Duration;

/// The bounds of one person; each is a config key under `presence.user`.
///
/// @param sessions live or leased sessions of one person
/// @param departedAge how long the last word of an ended session is remembered
/// @param idle how long a person nobody follows stays in memory; their state is in the journal
/// @param repeats between two attempts to end a session
public record UserLimits(
    int sessions, Duration departedAge, Duration idle, Pauses repeats, MailLimits mail) {}
