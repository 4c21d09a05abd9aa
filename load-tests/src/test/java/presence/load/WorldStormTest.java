package presence.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorldStormTest {
  /// The scenario itself stays alive. How old the moves are is not judged here: a build may run on
  /// a machine that is busy with others.
  @Test
  @Timeout(180)
  void thirtyAvatarsWalkAboutAndNobodyIsLost() throws Exception {
    assertThat(WorldStorm.run(30, 10, 200, Duration.ofSeconds(2), Duration.ofMinutes(1)).failed())
        .isFalse();
  }
}
