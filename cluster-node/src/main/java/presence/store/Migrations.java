package presence.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tables of a journal, brought to the newest version by numbered scripts, each applied once.
///
/// During a rolling update nodes of two versions use the same tables, so a script only ever adds,
/// and a node accepts tables that are newer than itself. A script can be repeated: H2 commits every
/// statement of its own, so a process that dies half-way leaves the first half.
final class Migrations {

  private static final Logger log = LoggerFactory.getLogger(Migrations.class);

  /// In the order in which they are applied; the position is the version. Append only.
  static final List<String> SCRIPTS = List.of("001-journal", "002-facts", "003-ordering");

  /// Any number, as long as every node takes the same: "presence" in ASCII.
  private static final long ADVISORY_LOCK = 0x70726573656e6365L;

  private Migrations() {}

  /// Applies what is missing and returns how many scripts that were. Nodes that call it at the same
  /// moment take turns.
  static int apply(Connection connection, JournalLocation location) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      if (location.shared()) {
        statement.execute("SELECT pg_advisory_xact_lock(" + ADVISORY_LOCK + ")");
      }
      statement.execute(
          "CREATE TABLE IF NOT EXISTS presence_schema (version INTEGER PRIMARY KEY, script"
              + " VARCHAR(64) NOT NULL)");
      var from = version(connection);
      for (var version = from + 1; version <= SCRIPTS.size(); version++) {
        var script = SCRIPTS.get(version - 1);
        for (var sql : statements(location.shared() ? "postgresql" : "h2", script)) {
          statement.execute(sql);
        }
        record(connection, version, script);
        log.info("Journal tables: applied {}", script);
      }
      connection.commit();
      return Math.max(0, SCRIPTS.size() - from);
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static int version(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement("SELECT MAX(version) FROM presence_schema");
        var rows = query.executeQuery()) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  private static void record(Connection connection, int version, String script)
      throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO presence_schema (version, script) VALUES (?, ?)")) {
      insert.setInt(1, version);
      insert.setString(2, script);
      insert.executeUpdate();
    }
  }

  /// The statements of a script: comments are whole lines, a statement ends with its line's
  /// semicolon.
  private static List<String> statements(String dialect, String script) {
    var resource = dialect + "/" + script + ".sql";
    try (var in = Migrations.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      var sql =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("--"))
              .reduce("", (text, line) -> text + line + "\n");
      return sql.lines().count() == 0
          ? List.of()
          : List.of(sql.split(";\\s*\\n")).stream().filter(s -> !s.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
