package presence.user;

import java.time.Duration;

/// The bounds of one mailbox; each is a config key under `presence.mail`.
///
/// @param itemsMax letters in it, and outcomes their senders have not got yet
/// @param bytesMax of the letters in it
/// @param timeToLive how long an item is kept for who does not come
/// @param remembered how long a letter is remembered, so that a repeat of it is known as one
/// @param rememberedMax how many are, the newest
/// @param pushesMax how often an item is pushed to a session that does not acknowledge it, until
///   that session attaches again
/// @param pushes between two pushes of an item to one session
/// @param inFlightBytesMax pushed to one session and not acknowledged yet
/// @param repeats between two attempts to reach the mailbox of a sender
public record MailLimits(
    int itemsMax,
    int bytesMax,
    Duration timeToLive,
    Duration remembered,
    int rememberedMax,
    int pushesMax,
    Pauses pushes,
    int inFlightBytesMax,
    Pauses repeats) {}
