package presence.gateway;

import java.time.Duration;
import presence.protocol.ServerMessage;
import presence.session.Rate;

/// The bounds of one connection; each is a config key under `presence.gateway`.
///
/// @param helloDeadline how long a socket may stay without a hello, and a challenge without an
///   answer
/// @param ping how long a quiet socket goes without a ping; twice that without a frame is its end
/// @param reclaimAnswer how long the session's sign of life may take before it is claimed again
/// @param attachPatience how long a hello waits for its session
/// @param repeatFirst after what time a hello's or a claim's unanswered question is repeated first
/// @param repeatLast the longest time between two repetitions
/// @param outboxBytesMax what may wait for a client; beyond, its streams are begun anew later
/// @param frameBytesMax how much of that is joined into one frame
/// @param drainMax how long a client may stay behind before it is closed
/// @param roster how often one client may ask for the people of an instance by pages, or as one who
///   only looks on
/// @param errorsInARowMax refused messages after which a client is closed
/// @param textCodePointsMax of a chat message or a direct message
/// @param jsonBytesMax of the look of an avatar, and of what is told in a world
/// @param proofWarning how long before its proof ends a client is told
/// @param rest after what time without another a move that may be lost is told once more
/// @param welcome what a client is told of its limits
public record GatewayLimits(
    Duration helloDeadline,
    Duration ping,
    Duration grace,
    Duration reclaimAnswer,
    Duration attachPatience,
    Duration repeatFirst,
    Duration repeatLast,
    int outboxBytesMax,
    int frameBytesMax,
    Duration drainMax,
    Rate roster,
    int errorsInARowMax,
    int textCodePointsMax,
    int jsonBytesMax,
    Duration proofWarning,
    HeldOrders.Limits held,
    Duration rest,
    ServerMessage.Limits welcome) {}
