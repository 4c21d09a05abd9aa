package presence.workspace;

import java.time.Duration;

/// The bounds of workspaces and clients; each is a config key under `presence.workspace`.
///
/// @param createGrace how long a claim without a stream holds
/// @param detachGrace how long a client keeps its claim when its last stream is lost
/// @param reclaimWait how long streams may take to attach again after a restart of the entity
/// @param sessionsKept how long the sessions of a workspace nobody claims are kept
/// @param fencesKept how long the number of an ended claim is remembered
/// @param ring changes kept for streams that come back
/// @param sessionsBytes ids and names of all sessions of a workspace together
/// @param runs open runs of one client in one workspace
/// @param claims workspaces one client may have claims to
/// @param repeatFirst after how long a client's release is repeated the first time
/// @param repeatLast the longest pause between repetitions
/// @param idle how long a client nobody talks to stays in memory
public record WorkspaceLimits(
    Duration createGrace,
    Duration detachGrace,
    Duration reclaimWait,
    Duration sessionsKept,
    Duration fencesKept,
    int ring,
    int sessions,
    int sessionsBytes,
    int clients,
    int streams,
    int runs,
    int claims,
    Duration repeatFirst,
    Duration repeatLast,
    Duration idle) {}
