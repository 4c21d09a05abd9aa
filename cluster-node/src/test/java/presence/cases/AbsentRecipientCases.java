package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.cases.DirectCases.assertRefused;
import static presence.cases.DirectCases.connected;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage.Accepted;
import presence.protocol.ServerMessage.Direct;
import presence.protocol.ServerMessage.Fate;

/// Direct messages to those who are away for a while.
class AbsentRecipientCases {
  private static final long GRACE_MS = 6_000;
  private static final long PUSH_AFTER_MS = 4_000;

  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory(
          "PRESENCE_GRACE=" + GRACE_MS + "ms", "PRESENCE_MAIL_PUSH_AFTER=" + PUSH_AFTER_MS + "ms");

  @Case
  @DisplayName("36: sent in the grace")
  void whatWasSentInTheGraceIsThereAtTheReattachInOrderAndOnce() {
    TestClient ann = connected(node.person("ann"));
    String room = TestNode.unique("room");
    TestClient bob = node.person("bob").joins(room).drops();
    node.awaitConnections(room, 0);
    List<Accepted> sent =
        List.of(ann.writesTo(bob, "one"), ann.writesTo(bob, "two"), ann.writesTo(bob, "three"));

    assertThat(bob.comesBack().resumed()).isTrue();
    long back = System.currentTimeMillis();
    bob.gets("three");
    assertThat(System.currentTimeMillis() - back)
        .as("not only when it is pushed again")
        .isLessThan(PUSH_AFTER_MS);
    sent.forEach(each -> assertThat(ann.learns(each)).isEqualTo(Fate.DELIVERED));
    Story.passes(PUSH_AFTER_MS + 500);
    assertThat(bob.pushes()).extracting(Direct::text).containsExactly("one", "two", "three");
    assertThat(bob.pushes()).noneMatch(Direct::redelivered);
  }

  @Case
  @DisplayName("37: never back, and then somebody of the same identity")
  void whatNobodyCameForIsKeptForTheNextSession() {
    TestClient ann = connected(node.person("ann"));
    TestClient bob = connected(node.person("bob"));
    bob.drops();
    Accepted inTheGrace = ann.writesTo(bob, "in the grace");
    Story.passes(GRACE_MS + 1_000);
    Accepted afterwards = ann.writesTo(bob, "afterwards");
    assertThat(ann.knows(inTheGrace)).isFalse();

    ann.saysBye();
    TestClient later = connected(bob.inAnotherTab());
    later.isGiven(ann, List.of("in the grace", "afterwards"));
    TestClient annLater = connected(ann.inAnotherTab());
    assertThat(annLater.learns(inTheGrace)).isEqualTo(Fate.DELIVERED);
    assertThat(annLater.learns(afterwards)).isEqualTo(Fate.DELIVERED);
  }

  @Case
  @DisplayName("39: pushed, not acked, and the socket dies")
  void whatWasPushedAndNotAcknowledgedIsPushedAgainAfterTheReattach() {
    TestClient ann = connected(node.person("ann"));
    TestClient bob = connected(node.person("bob").keepsSilent());
    Accepted sent = ann.writesTo(bob, "psst");
    bob.gets("psst");
    bob.drops().speaksAgain();
    assertThat(ann.knows(sent)).isFalse();

    int lost = bob.pushes().size();
    bob.comesBack();
    assertThat(ann.learns(sent)).isEqualTo(Fate.DELIVERED);
    Direct again = bob.pushes().get(lost);
    assertThat(again.id()).isEqualTo(sent.id());
    assertThat(again.redelivered()).isTrue();
    bob.isGiven(ann, List.of("psst"));
  }

  @Test
  @Timeout(120)
  @DisplayName("41: the same once more, after a kill")
  void aRepeatIsKnownAfterTheDeathOfTheNode(@TempDir Path directory) {
    try (TestNode mortal = TestNode.mortal(directory, "PRESENCE_GRACE=30s").start()) {
      TestClient ann = connected(mortal.person("ann"));
      TestClient bob = connected(mortal.person("bob"));
      bob.drops();
      Accepted sent = ann.writesTo(bob.id(), "psst", "d1");
      mortal.kill();
      ann.isLost();
      mortal.start();

      ann.comesBack();
      assertThat(ann.writesTo(bob.id(), "psst", "d1").id()).isEqualTo(sent.id());
      assertRefused(ann, bob.id(), "hush", "d1", ErrorCode.CONFLICT);
      bob.comesBack();
      assertThat(ann.learns(sent)).isEqualTo(Fate.DELIVERED);
      bob.isGiven(ann, List.of("psst"));
    }
  }
}
