package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.protocol.ServerMessage.Presence;
import presence.protocol.ServerMessage.Welcome;

/// A client that does not read what it is sent.
class SlowReaderCases {
  private static final String LONG = "💬".repeat(2_000);
  private static final int SPEAKERS = 3;
  private static final int WORDS =
      250; // each: 6 MB in all, more than the kernel takes for a socket

  @RegisterExtension static final TestNode patient = node("10m");
  @RegisterExtension static final TestNode strict = node("5s");

  /// Waits for readers, but not for those it has sent away.
  @RegisterExtension
  static final TestNode stern = node("60s", "PRESENCE_CONNECTION_HELLO_DEADLINE=5s");

  private static TestNode node(String drainMax, String... more) {
    return TestNode.inMemory(
        Stream.concat(
                Stream.of(more),
                Stream.of(
                    "PRESENCE_CONNECTION_OUTBOX_BYTES_MAX=128KiB",
                    "PRESENCE_CONNECTION_OUTBOX_DRAIN_MAX=" + drainMax,
                    "PRESENCE_INSTANCE_FLUSH_MIN=2ms",
                    "PRESENCE_GRACE=60s",
                    "PRESENCE_PING=60s"))
            .toArray(String[]::new));
  }

  private final String lobby = TestNode.unique("chat-lobby");

  @Case
  @DisplayName("32: a reader that stops, and reads again")
  void whoReadsAgainIsGivenASnapshot() {
    TestClient slow = patient.person("slow").joins(lobby);
    TestClient bob = patient.person("bob").joins(lobby).seesOnline(slow);
    slow.listens();
    int before = slow.transcript().end();
    slow.client().stopReading();

    floods(patient, lobby);
    bob.heard("the flood is over");
    slow.client().resumeReading();

    slow.sees("where bob stands", view -> view.at().equals(bob.view().at()));
    assertThat(slow.isClosed()).isFalse();
    assertThat(slow.transcript().since(before))
        .filteredOn(heard -> heard.message() instanceof Presence)
        .as("snapshots that begin the stream anew")
        .isNotEmpty();
  }

  @Case
  @DisplayName("32: readers that never read again")
  void whoNeverReadsIsClosedIntoTheGraceAndOthersNoticeNothing() {
    TestClient bob = strict.person("bob").joins(lobby);
    List<TestClient> slow =
        IntStream.range(0, 3).mapToObj(i -> strict.person("slow").joins(lobby)).toList();
    slow.forEach(bob::seesOnline);
    double before = sentAway(strict);
    slow.forEach(each -> each.client().stopReading());

    floods(strict, lobby);

    bob.heard("the flood is over");
    await()
        .atMost(Transcript.PATIENCE)
        .untilAsserted(
            () -> assertThat(sentAway(strict)).isGreaterThanOrEqualTo(before + slow.size()));
    slow.forEach(each -> assertThat(bob.heardAbout(each)).doesNotContain("left"));
    List<Integer> codes = new ArrayList<>();
    for (TestClient each : slow) {
      each.client().resumeReading();
      codes.add(each.closeCode());
      Story.passes(500);
      Welcome back = each.comesBack();
      assertThat(back.resumed()).isTrue();
      each.sees("where bob stands", view -> view.at().equals(bob.view().at()));
    }
    assertThat(codes).isSubsetOf(4408, 1006);
  }

  @Case
  @DisplayName("14, 32: a reader that stops and is kicked")
  void whoIsSentAwayAndDoesNotReadIsClosedAllTheSame() {
    TestClient slow = stern.person("slow").joins(lobby);
    TestClient bob = stern.person("bob").joins(lobby).seesOnline(slow);
    slow.goesTo("chat");
    bob.seesHere(slow);
    slow.client().stopReading();
    floods(stern, lobby);
    bob.heard("the flood is over");
    var _ = slow.client().location("elsewhere"); // the answer waits behind the flood
    bob.seesAway(slow);
    double before = sockets(stern);

    String who = "{\"user\":\"%s\"}".formatted(slow.id());
    assertThat(stern.command("/v1/admin/kick", who).status()).isEqualTo(204);

    bob.seesGone(slow);
    await().atMost(Duration.ofSeconds(30)).until(() -> sockets(stern) == before - 1);
  }

  private static double sockets(TestNode node) {
    return node.metric("presence_connections");
  }

  /// How many clients the node has closed because they do not read.
  private static double sentAway(TestNode node) {
    return node.metric("presence_closes_total{code=\"4408\"}");
  }

  private static void floods(TestNode node, String lobby) {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    List<TestClient> speakers =
        IntStream.range(0, SPEAKERS).mapToObj(i -> node.person("speaker").joins(lobby)).toList();
    for (TestClient speaker : speakers) {
      all.add(Story.later(0, () -> speaker.saysManyTimes(LONG, WORDS)));
    }
    Story.join(all);
    speakers.getFirst().says("the flood is over");
  }
}
