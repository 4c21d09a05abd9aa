package presence.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DrainStormTest {
  private static final Duration GRACE = Duration.ofSeconds(15);
  private static final Duration TIME_OF_A_POD = Duration.ofSeconds(115);

  /// The scenario itself stays alive, and nobody sees anything. How long anything takes is not
  /// judged here: a build may run on a machine that is busy with others.
  @Test
  @Timeout(300)
  void aHundredClientsGoOnElsewhere() throws Exception {
    assertThat(DrainStorm.run(100, 20, GRACE, TIME_OF_A_POD, false).failed()).isFalse();
  }
}
