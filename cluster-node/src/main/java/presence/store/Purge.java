package presence.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import presence.cluster.Last;

/// Deletes what ended entities left in the journal.
///
/// The plugin never does: a deletion by retention, or of everything up to the last event, marks the
/// newest deleted row instead of removing it, because the entity's highest sequence number is the
/// maximum over its rows. That number must not go back while anybody may compare it (receivers of a
/// session's messages keep it for an hour after the session left, and ids derived from keys are
/// used again), so leftovers stay for the retention, two hours by default, and only then disappear,
/// row, snapshot and number.
///
/// An entity has ended when its newest event is tagged with [Last#TAG]. Any node may purge at any
/// time, several at once: an entity that is used again between the two steps keeps the events that
/// are newer than its end.
final class Purge {

  private static final String ENDED =
      """
      SELECT e.persistence_id, e.sequence_number
      FROM event_tag t JOIN event_journal e ON e.ordering = t.event_id
      WHERE t.tag = ? AND e.write_timestamp < ? AND NOT EXISTS (
        SELECT 1 FROM event_journal newer
        WHERE newer.persistence_id = e.persistence_id AND newer.sequence_number > e.sequence_number)
      """;

  /// Entities per transaction: short enough to hold up no write, long enough to be worth a commit.
  private static final int BATCH = 200;

  private record Ended(String persistenceId, long sequenceNr) {}

  private final DataSource database;

  Purge(DataSource database) {
    this.database = database;
  }

  /// Deletes the leftovers of entities that ended before `moment` and returns of how many.
  int endedBefore(Instant moment) throws SQLException {
    try (var connection = database.getConnection()) {
      var ended = ended(connection, moment);
      connection.setAutoCommit(false);
      for (var from = 0; from < ended.size(); from += BATCH) {
        var batch = ended.subList(from, Math.min(from + BATCH, ended.size()));
        delete(connection, "snapshot", batch);
        delete(connection, "event_journal", batch);
        connection.commit();
      }
      return ended.size();
    }
  }

  private static List<Ended> ended(Connection connection, Instant moment) throws SQLException {
    try (var query = connection.prepareStatement(ENDED)) {
      query.setString(1, Last.TAG);
      query.setLong(2, moment.toEpochMilli());
      try (var rows = query.executeQuery()) {
        var ended = new ArrayList<Ended>();
        while (rows.next()) {
          ended.add(new Ended(rows.getString(1), rows.getLong(2)));
        }
        return ended;
      }
    }
  }

  private static void delete(Connection connection, String table, List<Ended> batch)
      throws SQLException {
    var sql = "DELETE FROM " + table + " WHERE persistence_id = ? AND sequence_number <= ?";
    try (var delete = connection.prepareStatement(sql)) {
      for (var entity : batch) {
        delete.setString(1, entity.persistenceId());
        delete.setLong(2, entity.sequenceNr());
        delete.addBatch();
      }
      delete.executeBatch();
    }
  }
}
