package presence.store;

import com.typesafe.config.Config;
import java.time.Duration;

/// How a node uses its journal: the keys of `presence.store`, which give the reasons.
///
/// @param connections how many connections the plugin may hold
/// @param writers how many batches of events it may write at the same time
/// @param batchEvents how many events go into one transaction at most
/// @param queuedEvents how many writes may wait for a batch; the next one fails and its entity
///   starts again
/// @param retention how long the journal keeps what an ended entity left
/// @param purgeEvery how often it looks for such leftovers
/// @param probeEvery how often it is asked whether it answers
public record JournalSettings(
    int connections,
    int writers,
    int batchEvents,
    int queuedEvents,
    Duration retention,
    Duration purgeEvery,
    Duration probeEvery) {

  /// Reads the section `presence.store` for a journal at `location`.
  public static JournalSettings of(Config store, JournalLocation location) {
    var engine = store.getConfig(location.shared() ? "postgresql" : "h2");
    return new JournalSettings(
        engine.getInt("connections"),
        engine.getInt("writers"),
        store.getInt("batch-events-max"),
        store.getInt("queued-events-max"),
        store.getDuration("retention"),
        store.getDuration("purge-every"),
        store.getDuration("probe-every"));
  }
}
