package presence.store;

import com.typesafe.config.Config;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import presence.cluster.ClusterFacts;

/// The open journal of a node: opened before its actor system, closed after it. Everything here
/// blocks.
public final class Journal implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private final JournalLocation location;
  private final Config config;
  private final HikariDataSource database;
  private final ClusterFacts facts;

  private Journal(
      JournalLocation location, Config config, HikariDataSource database, ClusterFacts facts) {
    this.location = location;
    this.config = config;
    this.database = database;
    this.facts = facts;
  }

  /// Opens the journal and brings its tables up to date.
  ///
  /// @throws JournalUnavailable with one line that says what to change
  public static Journal open(
      JournalLocation location, JournalSettings settings, RandomGenerator random) {
    createDirectory(location);
    try (var connection = DriverManager.getConnection(location.jdbcUrl())) {
      Migrations.apply(connection, location);
    } catch (SQLException e) {
      throw new JournalUnavailable(SqlErrors.whyUnavailable(location, e), e);
    }
    var database = new HikariDataSource(upkeepPool(location));
    return new Journal(
        location,
        JournalPlugin.config(location, settings),
        database,
        new JdbcFacts(database, random));
  }

  /// What an actor system needs in its configuration to persist here.
  public Config config() {
    return config;
  }

  /// What the cluster keeps once in this journal.
  public ClusterFacts facts() {
    return facts;
  }

  /// Whether the database answers, within three seconds.
  public boolean reachable() {
    try (var connection = database.getConnection()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      log.debug("The journal does not answer", e);
      return false;
    }
  }

  /// Deletes what is left of entities that ended before `moment` and returns of how many; see
  /// [Purge].
  ///
  /// @throws SQLException if the database does not answer; a later call does the work
  public int purge(Instant moment) throws SQLException {
    return new Purge(database).endedBefore(moment);
  }

  /// Closes the journal. The actor system that persists here must have ended.
  @Override
  public void close() {
    database.close();
    if (!location.shared()) {
      try (var connection = DriverManager.getConnection(location.jdbcUrl());
          var statement = connection.createStatement()) {
        statement.execute("SHUTDOWN");
      } catch (SQLException e) {
        log.warn("The journal was not closed cleanly; it will recover when opened", e);
      }
    }
  }

  private static void createDirectory(JournalLocation location) {
    if (location instanceof JournalLocation.Directory(var path)) {
      try {
        Files.createDirectories(path);
      } catch (IOException e) {
        throw new JournalUnavailable(
            "%s cannot be created: choose a directory that this user may write".formatted(location),
            e);
      }
    }
  }

  /// Connections beside those of the plugin, so that the probe answers while a purge runs and a
  /// sign of life is left.
  private static HikariConfig upkeepPool(JournalLocation location) {
    var pool = new HikariConfig();
    pool.setPoolName("journal-upkeep");
    pool.setJdbcUrl(location.jdbcUrl());
    pool.setMaximumPoolSize(3);
    pool.setMinimumIdle(1);
    pool.setConnectionTimeout(2_000);
    pool.setValidationTimeout(1_000);
    return pool;
  }
}
