package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.cases.TestNode.GRACE_MS;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A socket that is dead, and nobody said so.
class LivenessCases {
  private static final long PING_MS = 3_000;

  @RegisterExtension
  static final TestNode node = TestNode.inMemory("PRESENCE_PING=" + PING_MS + "ms");

  private final TestClient ann = node.person("ann");
  private final TestClient bob = node.person("bob");

  @BeforeEach
  void annAndBobAreInTheLobby() {
    String lobby = TestNode.unique("chat-lobby");
    ann.joins(lobby);
    bob.joins(lobby).seesOnline(ann).listens();
  }

  @Case
  @DisplayName("11: A stops answering, without a close")
  void silenceIsNoticedWithinTwoPingPeriodsAndThenTheGraceBegins() {
    long silentAt = System.currentTimeMillis();
    ann.goesSilent();

    long leftAfter = bob.hearsLeaveOf(ann) - silentAt;

    assertThat(leftAfter).isBetween(PING_MS + GRACE_MS, 3 * PING_MS + GRACE_MS);
    ann.isClosedWith(1001);
    assertThat(bob.heardAbout(ann)).containsExactly("left");
  }

  @Case
  @DisplayName("11: A sends data and never a pong")
  void anyFrameIsASignOfLife() {
    ann.goesSilent();
    for (int i = 0; i < 6; i++) {
      Story.passes(PING_MS / 2);
      ann.goesTo("place-" + i);
    }

    assertThat(ann.isClosed()).isFalse();
    bob.heardNothingAbout(ann);
  }
}
