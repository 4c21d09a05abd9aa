package presence.simulation.whole;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.simulation.Simulated;
import presence.simulation.Simulation;

/// The promises of sessions and instances, for many seeds. By hand: `-Dpresence.seeds=5000`, or one
/// with `-Dpresence.seed=42`.
@Timeout(300)
@Simulated
class ClusterSimulationTest {
  private static final int STEPS = 70;

  @Test
  void whateverClientsDoEverybodySeesOneTruth() {
    Simulation<ClusterScenario.Stage, Step> simulation =
        new Simulation<>(new ClusterScenario(STEPS, false));
    simulation.check(50);
    assertThat(simulation.deliveries()).isPositive();
  }

  @Test
  void whateverFailsNobodyIsAnnouncedForIt() {
    Simulation<ClusterScenario.Stage, Step> simulation =
        new Simulation<>(new ClusterScenario(STEPS, true));
    simulation.check(100);
    assertThat(simulation.deliveries()).isPositive();
  }
}
