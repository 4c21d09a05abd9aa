package presence.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JoinStormTest {
  /// The scenario itself stays alive. What it costs is not judged here: a build may run on a
  /// machine that is busy with others.
  @Test
  @Timeout(180)
  void twoHundredClientsEndWithTheSameSet() throws Exception {
    JoinStorm.Bounds lenient = new JoinStorm.Bounds(10_000, 100_000);
    assertThat(JoinStorm.run(200, true, lenient).failed()).isFalse();
  }
}
