package presence.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.cluster.ClusterSecrets;
import presence.testkit.Postgres;

/// What H2 cannot show: several nodes on one database.
@Timeout(60)
class PostgresTest {

  private static final int NODES = 3;

  private final JournalLocation location = JournalLocation.parse(Postgres.emptyDatabase());

  @Test
  void nodesThatStartAtTheSameMomentCreateTheTablesOnceAndShareTheSecrets() throws Exception {
    try (var threads = Executors.newFixedThreadPool(NODES)) {
      var together = new CyclicBarrier(NODES);
      Callable<ClusterSecrets> node =
          () -> {
            together.await();
            try (var journal = Journals.open(location)) {
              return journal.facts().secrets();
            }
          };

      var secrets = threads.invokeAll(Stream.generate(() -> node).limit(NODES).toList());

      for (var each : secrets) {
        assertThat(each.get()).isEqualTo(secrets.getFirst().get());
      }
    }
    assertThat(scripts()).isEqualTo(Migrations.SCRIPTS);
  }

  @Test
  void tablesOfANewerVersionAreAcceptedAndLeftAlone() throws SQLException {
    Journals.open(location).close();
    try (var connection = DriverManager.getConnection(location.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO presence_schema (version, script) VALUES (999, 'from-the-future')");
    }

    Journals.open(location).close();

    assertThat(scripts()).hasSize(Migrations.SCRIPTS.size() + 1).endsWith("from-the-future");
  }

  private List<String> scripts() throws SQLException {
    try (var connection = DriverManager.getConnection(location.jdbcUrl());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT script FROM presence_schema ORDER BY version")) {
      var scripts = new ArrayList<String>();
      while (rows.next()) {
        scripts.add(rows.getString(1));
      }
      return scripts;
    }
  }
}
