package presence.simulation.whole;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.simulation.Simulated;
import presence.simulation.Simulation;

/// The promises of bans and mutes, for many seeds. By hand: `-Dpresence.seeds=5000`, or one with
/// `-Dpresence.seed=42`.
@Timeout(300)
@Simulated
class SanctionSimulationTest {
  private static final int STEPS = 70;
  private static final int SEEDS = 100;

  @Test
  void whateverFailsADecisionThatWasAnsweredHolds() {
    Simulation<SanctionScenario.Stage, Step> simulation =
        new Simulation<>(new SanctionScenario(STEPS));
    simulation.check(SEEDS);
    assertThat(simulation.deliveries()).isPositive();
  }
}
