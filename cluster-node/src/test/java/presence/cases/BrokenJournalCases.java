package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import presence.cluster.Sharding;
import presence.store.JournalLocation;

/// Bits of the journal that are not what they were when they were written.
@Timeout(90)
class BrokenJournalCases {
  @TempDir Path directory;

  private final String broken = TestNode.unique("chat-broken");
  private final String whole = neighbourOf(broken);

  /// An instance that lives in the same shard.
  private static String neighbourOf(String instance) {
    return IntStream.range(0, 100_000)
        .mapToObj(n -> "chat-whole-" + n)
        .filter(each -> shard(each) == shard(instance))
        .findFirst()
        .orElseThrow();
  }

  private static int shard(String entity) {
    return Math.abs(entity.hashCode() % Sharding.SHARDS);
  }

  @Test
  @DisplayName("bit flips: what is broken is named and stays away, the rest of its shard goes on")
  void anEntityWhoseEventIsBrokenIsNamedAndItsNeighboursGoOn() throws SQLException {
    try (TestNode node = TestNode.on(directory, "PRESENCE_GRACE=60s").start()) {
      TestClient ann = node.person("ann").joins(broken);
      ann.says("what was said");
      TestClient bob = node.person("bob").joins(whole);
      bob.says("what was said elsewhere");
      TestClient carl = node.person("carl").joins(whole);
      node.stop();
      Event ofInstance = turnBit("instance-" + broken, "what was said");
      Event ofSession = turnBit("session-" + carl.session(), whole);
      node.start();

      assertThat(bob.comesBack().resumed()).isTrue();
      bob.says("and goes on");
      node.person("eve").joins(whole).seesOnline(bob);
      assertIsNamed(node, ofInstance);
      assertIsNamed(node, ofSession);
      assertThat(node.get("/v1/instances/" + broken).status())
          .as("what is not known is not made up")
          .isEqualTo(503);
      assertThat(node.get("/v1/instances/" + whole).at("counts/people").asInt())
          .as("bob, eve, and carl, who has not left")
          .isEqualTo(3);

      writeBack(ofInstance);
      writeBack(ofSession);
      assertThat(carl.comesBack().resumed()).as("once it is mended").isTrue();
      await("the instance, once it is mended")
          .atMost(Duration.ofSeconds(20))
          .until(() -> node.get("/v1/instances/" + broken).at("counts/people").asInt() == 1);
      node.log().forgives(each -> isOf(ofInstance, each) || isOf(ofSession, each));
    }
  }

  private static boolean isOf(Event broken, String complaint) {
    return complaint.contains(broken.entity());
  }

  private static void assertIsNamed(TestNode node, Event broken) {
    await("the log names " + broken.entity())
        .atMost(Duration.ofSeconds(20))
        .until(() -> node.log().complaints().stream().anyMatch(each -> isOf(broken, each)));
  }

  /// An event as it was written, a character for each of its bytes.
  private record Event(String entity, long sequenceNr, String payload) {}

  /// Turns one bit of the newest event of an entity that holds this text, in the midst of the text:
  /// it is CBOR still, and says something else. No node runs.
  private Event turnBit(String entity, String text) throws SQLException {
    try (Connection journal = journal()) {
      Event event =
          events(journal, entity).stream()
              .filter(each -> each.payload().contains(text))
              .findFirst()
              .orElseThrow();
      int at = event.payload().indexOf(text) + text.length() / 2;
      StringBuilder turned = new StringBuilder(event.payload());
      turned.setCharAt(at, (char) (turned.charAt(at) ^ 1));
      write(journal, event, turned.toString());
      try (var statement = journal.createStatement()) {
        statement.execute("SHUTDOWN"); // the node opens the file anew
      }
      return event;
    }
  }

  private void writeBack(Event event) throws SQLException {
    try (Connection journal = journal()) {
      write(journal, event, event.payload());
    }
  }

  private Connection journal() throws SQLException {
    return DriverManager.getConnection(JournalLocation.parse("h2:" + directory).jdbcUrl());
  }

  private static List<Event> events(Connection journal, String entity) throws SQLException {
    try (PreparedStatement query =
        journal.prepareStatement(
            "SELECT sequence_number, event_payload FROM event_journal WHERE persistence_id = ?"
                + " ORDER BY sequence_number DESC")) {
      query.setString(1, entity);
      List<Event> events = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          String payload = new String(rows.getBytes(2), StandardCharsets.ISO_8859_1);
          events.add(new Event(entity, rows.getLong(1), payload));
        }
      }
      return events;
    }
  }

  private static void write(Connection journal, Event event, String payload) throws SQLException {
    try (PreparedStatement update =
        journal.prepareStatement(
            "UPDATE event_journal SET event_payload = ? WHERE persistence_id = ? AND"
                + " sequence_number = ?")) {
      update.setBytes(1, payload.getBytes(StandardCharsets.ISO_8859_1));
      update.setString(2, event.entity());
      update.setLong(3, event.sequenceNr());
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }
}
