package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.protocol.ServerMessage;

/// Many at once. These have the machine to themselves.
@Timeout(120)
class CrowdCases {
  private static final int CROWD = 500;
  private static final int SILENT = 2_000;

  /// The shortest time between two flushes while changes keep coming: four times the minimum.
  private static final long FLUSHES_APART_MS = 80;

  /// Of the first flushes, which follow each other more quickly, and what is said to one alone.
  private static final long FRAMES_MORE = 15;

  @RegisterExtension static final TestNode node = TestNode.inMemory("PRESENCE_GRACE=60s");

  @RegisterExtension
  static final TestNode strict = TestNode.inMemory("PRESENCE_CONNECTION_HELLO_DEADLINE=3s");

  private final String lobby = TestNode.unique("chat-lobby");

  @Test
  @DisplayName("31: five hundred join as fast as they can")
  void everybodyEndsWithTheSameSetAfterFewFrames() {
    List<TestClient> crowd =
        IntStream.range(0, CROWD).mapToObj(i -> node.person("member")).toList();

    Story.join(crowd.stream().map(each -> Story.later(0, () -> each.joins(lobby))).toList());

    String[] everybody = crowd.stream().map(TestClient::id).toArray(String[]::new);
    for (TestClient each : crowd) {
      each.sees("everybody", view -> view.online().size() == CROWD);
      assertThat(each.view().online()).containsOnlyKeys(everybody);
      assertFrames(each.transcript().since(0), each.id());
    }
  }

  /// No more than the pace of the instance has in the time they came in.
  private static void assertFrames(List<Transcript.Heard> heard, String who) {
    long tookMs = heard.getLast().at() - heard.getFirst().at();
    long frames = heard.stream().map(Transcript.Heard::frame).distinct().count();
    assertThat(frames)
        .as("frames that %s was sent in %d ms", who, tookMs)
        .isLessThanOrEqualTo(tookMs / FLUSHES_APART_MS + FRAMES_MORE);
  }

  @Test
  @DisplayName("64: two thousand sockets that never say hello")
  void silentSocketsAreClosedAtTheDeadlineAndHinderNobody() {
    TestClient ann = strict.person("ann").joins(lobby);
    TestClient bob = strict.person("bob").joins(lobby).seesOnline(ann);
    Queue<RawSocket> silent = new ConcurrentLinkedQueue<>();
    List<java.util.concurrent.CompletableFuture<Void>> opening = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      opening.add(
          Story.later(
              0, () -> IntStream.range(0, SILENT / 4).forEach(n -> silent.add(strict.socket()))));
    }
    ann.goesTo("chat");
    bob.seesHere(ann);
    Story.join(opening);

    assertThat(ann.says("are you there?").seq()).isPositive();
    assertThat(silent)
        .hasSize(SILENT)
        .allSatisfy(each -> {
          assertThat(each.closeCode()).isEqualTo(4401);
          assertThat(each.frames()).hasSize(1).first().asString().contains("no_hello");
          each.close();
        });
    strict.person("carl").joins(lobby);
    assertThat(bob.heard(ServerMessage.Delta.class)).isNotEmpty();
  }
}
