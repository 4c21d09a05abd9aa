package presence.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GarbageStormTest {
  /// The scenario itself stays alive, and nobody honest is refused. How long words take is not
  /// judged here: a build may run on a machine that is busy with others.
  @Test
  @Timeout(180)
  void somebodyWantsANodeForThemselvesAndOthersTalk() throws Exception {
    GarbageStorm.Size size = new GarbageStorm.Size(100, 50, 10);
    assertThat(
            GarbageStorm.run(size, Duration.ofSeconds(2), GarbageStorm.Limits.ON, 10_000).failed())
        .isFalse();
  }
}
