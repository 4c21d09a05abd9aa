package presence.cluster;

import java.time.Instant;

/// The moment the running cluster was formed: the same for every node of it, and later than every
/// moment of an earlier run. A lease that was detached before it was interrupted by an outage of
/// the whole service.
public record Formation(Instant formedAt) {}
