package presence.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JoinStormTest {
  /// The scenario itself stays alive. How long it takes is not judged here: a build may run on a
  /// machine that is busy with others.
  @Test
  @Timeout(180)
  void twoHundredClientsEndWithTheSameSet() throws Exception {
    Duration patient = Duration.ofSeconds(100);
    assertThat(JoinStorm.run(200, true, patient).failed()).isFalse();
  }
}
