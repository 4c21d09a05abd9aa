package presence.gateway.http;

import java.time.Duration;

/// The bounds of what routes take on; each is a config key under `presence.http` or, of sockets,
/// `presence.connection`.
///
/// @param answerWithin how long an entity may take to answer a question, and a client to send a
///   body
/// @param questionsMax questions to entities that may be open at the same time
/// @param instancesPage instances in one page of the list
/// @param bodyBytesMax of a request's body
/// @param spectatorsMax spectators of one node
/// @param spectatorBacklog deliveries that may wait for one spectator; their bytes are shared
/// @param commentEvery how long a stream is quiet before a comment keeps it open
/// @param closeWait how long the client of a WebSocket may take to answer a close
/// @param compression whether a client may agree with us on compressed messages
public record HttpLimits(
    Duration answerWithin,
    int questionsMax,
    int instancesPage,
    int bodyBytesMax,
    int spectatorsMax,
    int spectatorBacklog,
    Duration commentEvery,
    Duration closeWait,
    boolean compression) {}
