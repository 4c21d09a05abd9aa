package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Welcome;

/// All nodes are gone, and start again on the same journal.
@Timeout(120)
class RestartCases {
  private static final long RECLAIM_WAIT_MS = 500;
  private static final long GRACE_MS = 8_000;

  @TempDir Path directory;

  private final String lobby = TestNode.unique("chat-lobby");

  @Test
  @DisplayName("20, R1: killed, and started again")
  void leasesAndWordsOutliveTheDeathOfEverything() {
    try (TestNode node =
        TestNode.mortal(
            directory,
            "PRESENCE_GRACE=" + GRACE_MS + "ms",
            "PRESENCE_SESSION_RECLAIM_WAIT=" + RECLAIM_WAIT_MS + "ms")) {
      node.start();
      TestClient ann = node.person("ann").joins(lobby).goesTo("chat");
      TestClient bob = node.person("bob").joins(lobby).seesHere(ann);
      TestClient carl = node.person("carl").joins(lobby);
      TestClient dora = node.person("dora").joins(lobby);
      ann.says("written down");
      bob.seesOnline(carl).seesOnline(dora).listens();

      carl.drops();
      node.kill();
      ann.isLost();
      bob.isLost();
      Story.passes(GRACE_MS); // an outage longer than the grace
      long formedAfter = System.currentTimeMillis();
      node.start();
      var over = Story.over(RECLAIM_WAIT_MS + GRACE_MS);

      assertIsTheSame(carl, carl.comesBack());
      assertIsTheSame(bob, bob.comesBack());
      assertIsTheSame(ann, ann.comesBack());
      long left = bob.hearsLeaveOf(dora);
      assertThat(left - formedAfter).isGreaterThanOrEqualTo(GRACE_MS);
      assertThat(left).isLessThan(over.join() + 1_000);
      assertThat(bob.heardAbout(dora)).containsExactly("left");
      assertThat(bob.heardAbout(ann)).isEmpty();
      assertThat(bob.heardAbout(carl)).isEmpty();
      assertThat(bob.view().here()).contains(ann.id());
      assertHistoryHas(node.person("eve").joins(lobby), "written down");

      bob.listens();
      node.stop();
      ann.isClosedWith(1012);
      bob.isClosedWith(1012);
      node.start();
      assertIsTheSame(bob, bob.comesBack());
      assertIsTheSame(ann, ann.comesBack());
      assertThat(bob.heardAbout(ann)).isEmpty();
    }
  }

  private static void assertIsTheSame(TestClient client, Welcome now) {
    assertThat(now.resumed()).as("%s goes on", client.id()).isTrue();
  }

  private static void assertHistoryHas(TestClient newcomer, String text) {
    newcomer
        .transcript()
        .await(
            0,
            "the history",
            heard ->
                heard.message() instanceof ServerMessage.History history
                        && history.messages().stream().anyMatch(each -> each.text().equals(text))
                    ? history
                    : null);
  }
}
