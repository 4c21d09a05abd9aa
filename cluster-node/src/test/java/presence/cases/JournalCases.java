package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import presence.protocol.ServerMessage.Ok;
import presence.protocol.ServerMessage.Said;
import presence.store.JournalLocation;

/// A journal that stalls, and one that fails: clients wait, and notice nothing else.
@Timeout(90)
class JournalCases {
  private static final long STALL_MS = 3_000;

  @TempDir Path directory;

  private final String lobby = TestNode.unique("chat-lobby");

  @Test
  @DisplayName("22, R6: the journal stalls")
  void nothingIsToldBeforeItIsWrittenAndNothingIsLost() throws SQLException {
    try (TestNode node = TestNode.on(directory, "PRESENCE_GRACE=60s").start();
        Connection journal = journal()) {
      TestClient ann = node.person("ann").joins(lobby);
      TestClient bob = node.person("bob").joins(lobby).seesOnline(ann);
      TestClient carl = node.person("carl");
      bob.listens();

      execute(journal, "SET EXCLUSIVE 1");
      int stalled = bob.transcript().end();
      List<CompletableFuture<Said>> words =
          List.of(
              ann.client().say(lobby, "one"),
              ann.client().say(lobby, "two"),
              ann.client().say(lobby, "three"));
      var here = ann.client().location("chat");
      var comes = CompletableFuture.runAsync(() -> carl.joins(lobby));
      Story.passes(STALL_MS);
      assertThat(bob.transcript().since(stalled))
          .as("what bob heard meanwhile")
          .filteredOn(each -> !(each.message() instanceof Ok)) // the receipt of his own last words
          .isEmpty();
      assertThat(words).noneMatch(CompletableFuture::isDone);
      execute(journal, "SET EXCLUSIVE 0");

      words.forEach(ann::get);
      ann.get(here);
      comes.join();
      bob.seesHere(ann).seesOnline(carl);
      assertWasSaidOnce(bob, "one", "two", "three");
      assertThat(ann.isClosed() || bob.isClosed()).isFalse();
    }
  }

  @Test
  @DisplayName("R3, R6, R7: writes fail")
  void whatCouldNotBeWrittenIsRepeatedAndNobodySeesAnyOfIt() throws SQLException {
    try (TestNode node = TestNode.on(directory, "PRESENCE_GRACE=60s").start();
        Connection journal = journal()) {
      TestClient ann = node.person("ann").joins(lobby);
      TestClient carl = node.person("carl").joins(lobby);
      TestClient bob = node.person("bob").joins(lobby).seesOnline(ann).seesOnline(carl).listens();

      try (var _ = new Quiet("presence.session", "presence.instance")) {
        execute(journal, "ALTER TABLE \"event_journal\" RENAME TO \"elsewhere\"");
        var words = ann.client().say(lobby, "one");
        var move = ann.client().location("nowhere-near");
        carl.drops();
        var back = carl.client().connect();
        Story.passes(STALL_MS / 2);
        assertThat(back.isDone() || words.isDone() || move.isDone()).isFalse();
        execute(journal, "ALTER TABLE \"elsewhere\" RENAME TO \"event_journal\"");

        ann.get(words);
        ann.get(move);
        assertThat(carl.get(back).resumed()).isTrue();
      }

      ann.says("two");
      bob.heardNothingAbout(carl, "one", "two");
      assertWasSaidOnce(bob, "one", "two");
      assertThat(ann.isClosed() || bob.isClosed()).isFalse();
    }
  }

  private static void assertWasSaidOnce(TestClient listener, String... texts) {
    assertThat(listener.heard(Said.class))
        .extracting(Said::text)
        .filteredOn(List.of(texts)::contains)
        .containsExactly(texts);
  }

  /// A second connection to the node's own journal.
  private Connection journal() throws SQLException {
    return DriverManager.getConnection(JournalLocation.parse("h2:" + directory).jdbcUrl());
  }

  /// While it is open, these loggers say nothing: what they would say is what is tested.
  private record Quiet(List<Logger> loggers) implements AutoCloseable {
    Quiet(String... names) {
      this(Stream.of(names).map(name -> (Logger) LoggerFactory.getLogger(name)).toList());
      loggers.forEach(logger -> logger.setLevel(Level.OFF));
    }

    @Override
    public void close() {
      loggers.forEach(logger -> logger.setLevel(null));
    }
  }

  private static void execute(Connection journal, String sql) throws SQLException {
    try (var statement = journal.createStatement()) {
      statement.execute(sql);
    }
  }
}
