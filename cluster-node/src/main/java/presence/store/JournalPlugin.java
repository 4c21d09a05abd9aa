package presence.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;

/// What the persistence plugin needs to know to use the journal.
final class JournalPlugin {

  private static final String DATABASE = "pekko-persistence-jdbc.shared-databases.presence.";

  private JournalPlugin() {}

  static Config config(JournalLocation location, JournalSettings settings) {
    var postgres = location.shared();
    return ConfigFactory.parseMap(
            Map.of(
                "jdbc-journal.parallelism",
                settings.writers(),
                "jdbc-journal.batchSize",
                settings.batchEvents(),
                "jdbc-journal.bufferSize",
                settings.queuedEvents(),
                DATABASE + "profile",
                postgres ? "slick.jdbc.PostgresProfile$" : "slick.jdbc.H2Profile$",
                DATABASE + "db.url",
                location.jdbcUrl(),
                DATABASE + "db.driver",
                postgres ? "org.postgresql.Driver" : "org.h2.Driver",
                DATABASE + "db.numThreads",
                settings.connections(),
                DATABASE + "db.maxConnections",
                settings.connections(),
                DATABASE + "db.minConnections",
                settings.connections()),
            "journal " + location)
        .withFallback(ConfigFactory.parseResources("presence/store/plugin.conf"));
  }
}
