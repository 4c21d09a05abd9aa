package presence.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.simulation.Simulated;
import presence.simulation.Simulation;

/// Case 53: attach against expiry, release and retirement, in many orders. By hand:
/// `-Dpresence.seeds=5000`, or one with `-Dpresence.seed=42`.
@Timeout(300)
@Simulated
class RaceTest {
  private static final int STEPS = 50;

  @Test
  void whateverClientsDoWhoseStreamIsOpenIsAttachedAndNobodyElse() {
    Simulation<RaceScenario.Stage, Step> simulation =
        new Simulation<>(new RaceScenario(STEPS, false));
    simulation.check(50);
    assertThat(simulation.deliveries()).isPositive();
  }

  @Test
  void whateverFailsNobodyIsCountedWrongForIt() {
    Simulation<RaceScenario.Stage, Step> simulation =
        new Simulation<>(new RaceScenario(STEPS, true));
    simulation.check(200);
    assertThat(simulation.deliveries()).isPositive();
  }
}
