package presence.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.load.across.Killed;
import presence.load.across.Part;
import presence.load.across.Reattach;
import presence.load.across.Spread;
import presence.load.across.Visible;
import presence.load.process.ThreeNodes;

/// The scenario itself stays alive, and what must hold does. How long anything takes, and what it
/// costs, is not judged here: a build may run on a machine that is busy with others. By hand,
/// because three nodes take a minute of it.
@Tag("by-hand")
class AcrossNodesTest {
  private static final Duration WHATEVER = Duration.ofMinutes(2);
  private static final Duration GRACE = Duration.ofSeconds(30);

  @Test
  @Timeout(300)
  void whoIsWithOneNodeIsSeenWithTheOthers() throws Exception {
    Duration warm = Duration.ZERO;
    Duration span = Duration.ofSeconds(2);
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("visible", new Visible.Plan(10, warm, span, 5, WHATEVER, WHATEVER));
    parts.put("reattach", new Reattach.Plan(10, warm, span, 40, 10, 0, WHATEVER));
    assertThat(AcrossNodes.run(parts, GRACE, ThreeNodes.BRIEF, false).failed()).isFalse();
  }

  @Test
  @Timeout(300)
  void allComeBackFromANodeThatIsKilled() throws Exception {
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("spread", new Spread.Plan(12, 20, 320, Duration.ZERO, 1, Duration.ZERO, 1_000));
    parts.put("killed", new Killed.Plan(100, 20, GRACE, WHATEVER));
    assertThat(AcrossNodes.run(parts, GRACE, ThreeNodes.BRIEF, false).failed()).isFalse();
  }
}
