package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who leaves on purpose is gone at once: no grace.
class LeavingCases {
  @RegisterExtension static final TestNode node = TestNode.inMemory("PRESENCE_GRACE=60s");

  private final String lobby = TestNode.unique("chat-lobby");
  private final TestClient ann = node.person("ann");
  private final TestClient bob = node.person("bob");

  @BeforeEach
  void annAndBobAreInTheLobby() {
    ann.joins(lobby);
    bob.joins(lobby).seesOnline(ann).listens();
  }

  @Case
  @DisplayName("16: bye")
  void byeIsSeenAtOnce() {
    assertIsSeenAtOnce(TestClient::saysBye);
    ann.isClosedWith(1000);
    assertThat(node.get("/v1/users/" + ann.id()).at("online").asBoolean()).isFalse();
    assertThat(ann.comesBack().resumed()).isFalse();
  }

  @Case
  @DisplayName("16: chat:leave")
  void leavingAnInstanceIsSeenAtOnceAndTheSessionStays() {
    assertIsSeenAtOnce(leaver -> leaver.leaves(lobby));
    assertThat(ann.isClosed()).isFalse();
    assertThat(node.get("/v1/users/" + ann.id()).at("online").asBoolean()).isTrue();
  }

  @Case
  @DisplayName("16: POST /v1/leave")
  void aBeaconWithTheResumeTokenIsSeenAtOnce() {
    assertIsSeenAtOnce(
        leaver -> assertThat(node.post("/v1/leave", leaver.token()).status()).isEqualTo(204));
    ann.isClosedWith(1000);
  }

  @Case
  @DisplayName("16: POST /v1/leave after the socket is gone, as a page does that is closed")
  void aBeaconEndsTheGrace() {
    ann.drops();
    assertIsSeenAtOnce(
        leaver -> assertThat(node.post("/v1/leave", leaver.token()).status()).isEqualTo(204));
  }

  private void assertIsSeenAtOnce(Consumer<TestClient> leave) {
    leave.accept(ann);
    bob.hearsLeaveOf(ann); // who waits for that does not wait as long as a grace
    assertThat(bob.heardAbout(ann)).containsExactly("left");
  }
}
