package presence.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.journal.Tagged;

/// The events and snapshots of one entity.
final class EventLog {

  private record Event(PersistentRepr envelope, Kept payload) {}

  private record Snapshot(SnapshotMetadata about, Kept state) {}

  private final String persistenceId;
  private final TreeMap<Long, Event> events = new TreeMap<>();
  private final TreeMap<Long, Snapshot> snapshots = new TreeMap<>();
  private long highest;

  /// When the operations of this entity that were asked for are done.
  long busyUntil;

  EventLog(String persistenceId) {
    this.persistenceId = persistenceId;
  }

  /// Adds events, all or none.
  void append(List<PersistentRepr> added, Function<Object, Kept> keep, long millis)
      throws Fault.Failed {
    var rows = new ArrayList<Event>();
    for (var event : added) {
      if (event.sequenceNr() <= highest) {
        throw new Fault.Failed("duplicate key " + persistenceId + " #" + event.sequenceNr());
      }
      var payload = event.payload() instanceof Tagged tagged ? tagged.payload() : event.payload();
      var empty = event.withPayload("").withTimestamp(millis);
      rows.add(new Event(empty, keep.apply(payload)));
    }
    for (var row : rows) {
      events.put(row.envelope.sequenceNr(), row);
      highest = row.envelope.sequenceNr();
    }
  }

  List<PersistentRepr> events(long from, long to, long max) {
    return from > to
        ? List.of()
        : events.subMap(from, true, to, true).values().stream()
            .limit(max)
            .map(event -> event.envelope.withPayload(event.payload.payload()))
            .toList();
  }

  long highest() {
    return highest;
  }

  void deleteTo(long sequenceNr) {
    events.headMap(sequenceNr, true).clear();
  }

  void save(SnapshotMetadata about, Kept state) {
    snapshots.put(about.sequenceNr(), new Snapshot(about, state));
  }

  void deleteSnapshots(long min, long max) {
    snapshots.subMap(min, true, max, true).clear();
  }

  /// The newest snapshot that is not newer than a sequence number.
  Optional<SelectedSnapshot> snapshot(long max) {
    return Optional.ofNullable(snapshots.floorEntry(max))
        .map(Map.Entry::getValue)
        .map(newest -> new SelectedSnapshot(newest.about, newest.state.payload()));
  }
}
