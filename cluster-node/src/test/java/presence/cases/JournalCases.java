package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import presence.client.PresenceException;
import presence.protocol.ErrorCode;
import presence.protocol.Json;
import presence.protocol.ServerMessage.Ok;
import presence.protocol.ServerMessage.Said;
import presence.protocol.Spot;
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
      bob.heard("three");
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

  @Test
  @DisplayName("22: the journal stalls for longer than anything is waited for")
  void whatWasGivenUpIsUndoneWhenItComesToPassAfterAll() throws SQLException {
    try (TestNode node =
            TestNode.on(directory, "PRESENCE_GRACE=60s", "PRESENCE_CONNECTION_HELD_MAX=1s")
                .start();
        Connection journal = journal()) {
      TestClient ann = node.person("ann");
      TestClient carl = node.person("carl").joins(lobby);
      TestClient bob = node.person("bob").joins(lobby).seesOnline(carl);
      ann.connects();
      bob.listens();

      execute(journal, "SET EXCLUSIVE 1");
      var comes = ann.client().join(lobby);
      var enters = ann.client().joinWorld("plain", new Json("{}"), new Spot(1, 1, null));
      var goes = carl.client().leave(lobby);
      assertThat(Stream.of(comes, enters, goes)).allSatisfy(each -> assertIsUnavailable(each));
      execute(journal, "SET EXCLUSIVE 0");

      bob.hearsLeaveOf(ann);
      bob.seesGone(carl);
      assertThat(bob.heardAbout(ann)).containsExactly("joined", "left");
      int told = carl.transcript().end();
      bob.says("who is there?");
      bob.settles();
      assertThat(carl.transcript().since(told))
          .as("what is told to who left")
          .noneMatch(each -> each.message() instanceof Said);
      assertThat(ann.get(ann.client().world("plain"))).isEmpty();
      ann.joins(lobby);
      bob.seesOnline(ann);
    }
  }

  @Test
  @DisplayName("22: the journal stalls while a session is asked about a token that is void")
  void whoComesBackWithAVoidTokenHasOneFreshSession() throws SQLException {
    try (TestNode node = TestNode.on(directory, "PRESENCE_GRACE=60s").start();
        Connection journal = journal()) {
      TestClient ann = node.anonymous();
      String token = ann.connects().resume();
      for (int i = 0; i < 3; i++) {
        ann.drops();
        assertThat(ann.comesBack().resumed()).isTrue();
      }

      execute(journal, "SET EXCLUSIVE 1");
      var moves = ann.client().location("elsewhere");
      TestClient late = node.client("late", node.options().withResume(token));
      var connected = late.client().connect();
      Story.passes(STALL_MS); // it asks several times, and the session writes
      assertThat(connected).isNotDone();
      execute(journal, "SET EXCLUSIVE 0");

      ann.get(moves);
      assertThat(late.get(connected).resumed()).isFalse();
      late.joins(lobby);
      await()
          .during(Duration.ofSeconds(1))
          .until(() -> node.metric("presence_sessions{state=\"online\"}") == 2);
    }
  }

  private static void assertIsUnavailable(CompletableFuture<?> asked) {
    assertThat(asked)
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableOfType(ExecutionException.class)
        .havingCause()
        .isInstanceOfSatisfying(
            PresenceException.class,
            why -> assertThat(why.code()).isEqualTo(ErrorCode.UNAVAILABLE));
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
