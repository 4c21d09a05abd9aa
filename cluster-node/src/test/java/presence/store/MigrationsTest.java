package presence.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MigrationsTest {

  private final JournalLocation location = JournalLocation.parse("memory");
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection(location.jdbcUrl());
  }

  @AfterEach
  void close() throws SQLException {
    execute("SHUTDOWN");
  }

  @Test
  void anEmptyJournalGetsEveryScriptInOrder() throws SQLException {
    assertThat(Migrations.apply(connection, location)).isEqualTo(Migrations.SCRIPTS.size());

    assertThat(strings("SELECT script FROM presence_schema ORDER BY version"))
        .isEqualTo(Migrations.SCRIPTS);
    assertThat(strings("SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES"))
        .contains("event_journal", "event_tag", "snapshot", "presence_fact");
  }

  @Test
  void theOrderOfEventsDoesNotCostACommit() throws SQLException {
    Migrations.apply(connection, location);

    assertThat(
            strings(
                "SELECT IDENTITY_CACHE FROM INFORMATION_SCHEMA.COLUMNS WHERE COLUMN_NAME ="
                    + " 'ordering'"))
        .containsExactly("10000");
  }

  @Test
  void theSecondTimeNothingIsApplied() throws SQLException {
    Migrations.apply(connection, location);
    execute("INSERT INTO presence_fact (name, fact) VALUES ('kept', 'yes')");

    assertThat(Migrations.apply(connection, location)).isZero();
    assertThat(strings("SELECT fact FROM presence_fact")).containsExactly("yes");
  }

  @Test
  void aScriptThatWasInterruptedIsRepeated() throws SQLException {
    Migrations.apply(connection, location);
    execute("DROP TABLE snapshot");
    execute("DELETE FROM presence_schema");

    assertThat(Migrations.apply(connection, location)).isEqualTo(Migrations.SCRIPTS.size());
    assertThat(strings("SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES")).contains("snapshot");
  }

  @Test
  void tablesOfANewerVersionAreAccepted() throws SQLException {
    Migrations.apply(connection, location);
    execute("INSERT INTO presence_schema (version, script) VALUES (999, 'from-the-future')");

    assertThat(Migrations.apply(connection, location)).isZero();
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> strings(String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var strings = new ArrayList<String>();
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
      return strings;
    }
  }
}
