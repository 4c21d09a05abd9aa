package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.protocol.ServerMessage.Delta;

/// What is over before it could be told.
class FlapCases {
  private static final long FLUSH_MS = 1_000;
  private static final int ROUNDS_MAX = 10;

  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory(
          "PRESENCE_INSTANCE_FLUSH_MIN=" + FLUSH_MS + "ms",
          "PRESENCE_INSTANCE_FLUSH_MAX=" + FLUSH_MS + "ms",
          "PRESENCE_RATES_LOCATION_PER_MINUTE=60000",
          "PRESENCE_RATES_LOCATION_BURST=1000");

  @Case
  @DisplayName("30: there and back again inside one flush")
  void aFlapIsNotTold() {
    String room = TestNode.unique("room");
    TestClient ann = node.person("ann").joins(room);
    TestClient bob = node.person("bob").joins(room).seesOnline(ann);
    int flaps = 0;
    int told = 0;
    for (int i = 0; i < ROUNDS_MAX && flaps < 2; i++) {
      bob.listens(); // a flush: the next one is not due before its pause is over
      ann.goesTo(room).goesTo("elsewhere").goesTo(room).goesTo(null);
      List<String> heard = bob.heardAbout(ann);
      assertThat(heard).isSubsetOf("here", "away");
      flaps += heard.isEmpty() ? 1 : 0;
      told += heard.size();
    }

    assertThat(flaps).as("rounds without a frame; %d were told", told).isGreaterThanOrEqualTo(2);
    assertThat(bob.view().here()).isEmpty();
    assertThat(bob.heard(Delta.class))
        .as("no delta says nothing")
        .noneMatch(delta -> delta.toString().contains("joined=[], left=[], here=[], away=[]"));
  }
}
