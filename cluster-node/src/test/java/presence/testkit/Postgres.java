package presence.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/// A PostgreSQL server for the tests of this JVM, started by the first that needs it and stopped
/// with the JVM. It writes to the disk before it acknowledges, as a server does that promises
/// something.
public final class Postgres {
  private static final AtomicInteger databases = new AtomicInteger();

  private Postgres() {}

  private static final class Server {
    private static final EmbeddedPostgres RUNNING = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// The JDBC URL of a new, empty database, as a node is told it.
  public static String emptyDatabase() {
    String name = "presence_" + databases.incrementAndGet();
    try (var connection = Server.RUNNING.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return Server.RUNNING.getJdbcUrl("postgres", name);
  }
}
