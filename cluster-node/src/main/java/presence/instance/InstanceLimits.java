package presence.instance;

import java.time.Duration;

/// The bounds of one instance; each is a config key under `presence.instance`.
///
/// @param capacity sessions admitted; 0 = no bound. Who has a seat is never refused
/// @param anonymous of these, those of nobody; 0 = no bound
/// @param historySize messages shown to who joins
/// @param ringSize changes kept for those who missed some
/// @param ringAge how long changes, and the ids of messages, are kept
/// @param departedAge how long the last word of a session that left is remembered
/// @param rollCallEvery how often the sessions that are listed are asked whether they still exist
/// @param rollCallAfterRecovery how long after a restart they are asked first: those that live
///   speak up by themselves meanwhile
/// @param idle how long an instance that is empty and unobserved stays in memory
/// @param flushSize changes in one flush at most
/// @param pace how long changes are collected
public record InstanceLimits(
    int capacity,
    int anonymous,
    int historySize,
    int ringSize,
    Duration ringAge,
    Duration departedAge,
    Duration rollCallEvery,
    Duration rollCallAfterRecovery,
    Duration idle,
    int flushSize,
    Pace.Limits pace) {}
