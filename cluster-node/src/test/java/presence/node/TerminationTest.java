package presence.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How long a node may take to leave.
class TerminationTest {
  /// What operators are told to give it before they use force.
  private static final Duration GIVEN = Duration.ofSeconds(110);

  @Test
  void allPhasesOfAShutdownTogetherFitIntoTheTimeANodeIsGiven() {
    var shutdown =
        NodeConfig.load(Map.of())
            .pekko(ConfigFactory.empty())
            .getConfig("pekko.coordinated-shutdown");
    var phases = shutdown.getConfig("phases");
    var longest = Duration.ZERO;
    for (var phase : phases.root().keySet()) {
      var timeout = phase + ".timeout";
      longest =
          longest.plus(
              phases.hasPath(timeout)
                  ? phases.getDuration(timeout)
                  : shutdown.getDuration("default-phase-timeout"));
    }

    assertThat(longest).isBetween(Duration.ofSeconds(60), GIVEN.minusSeconds(5));
  }
}
