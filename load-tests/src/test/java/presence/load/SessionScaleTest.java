package presence.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SessionScaleTest {
  /// Starts quickly. Heartbeats of a cluster of one go to nobody: that they are late says only that
  /// the machine is busy, which is not judged here.
  private static final List<String> FLAGS =
      List.of(
          "-Xmx512m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dpekko.cluster.failure-detector.heartbeat-interval=60s");

  /// The scenario itself stays alive. What it costs is not judged here.
  @Test
  @Timeout(180)
  void twoHundredSessionsAreAllCounted() throws Exception {
    SessionScale.Plan plan = new SessionScale.Plan(20, 10, 100, 0, Duration.ZERO, false, FLAGS);
    assertThat(SessionScale.run(List.of(200), plan, 1.5).failed()).isFalse();
  }
}
