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

  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory("PRESENCE_CONNECTION_HELLO_DEADLINE=3s", "PRESENCE_GRACE=60s");

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
      assertThat(frames(each)).as("frames that %s was sent", each.id()).isLessThanOrEqualTo(100);
    }
  }

  private static long frames(TestClient client) {
    return client.transcript().since(0).stream().map(Transcript.Heard::frame).distinct().count();
  }

  @Test
  @DisplayName("64: two thousand sockets that never say hello")
  void silentSocketsAreClosedAtTheDeadlineAndHinderNobody() {
    TestClient ann = node.person("ann").joins(lobby);
    TestClient bob = node.person("bob").joins(lobby).seesOnline(ann);
    Queue<RawSocket> silent = new ConcurrentLinkedQueue<>();
    List<java.util.concurrent.CompletableFuture<Void>> opening = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      opening.add(
          Story.later(
              0, () -> IntStream.range(0, SILENT / 4).forEach(n -> silent.add(node.socket()))));
    }
    ann.goesTo("chat");
    bob.seesHere(ann);
    Story.join(opening);
    long lastOpened = System.currentTimeMillis();

    assertThat(ann.says("are you there?").seq()).isPositive();
    assertThat(silent)
        .hasSize(SILENT)
        .allSatisfy(each -> {
          assertThat(each.closeCode()).isEqualTo(4401);
          assertThat(each.frames()).hasSize(1).first().asString().contains("no_hello");
          each.close();
        });
    assertThat(System.currentTimeMillis() - lastOpened).isLessThan(3_000 + 5_000);
    node.person("carl").joins(lobby);
    assertThat(bob.heard(ServerMessage.Delta.class)).isNotEmpty();
  }
}
