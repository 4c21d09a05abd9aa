package presence.simulation.whole;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.simulation.Simulated;
import presence.simulation.Simulation;

/// The promises of worlds, for many seeds. By hand: `-Dpresence.seeds=5000`, or one with
/// `-Dpresence.seed=42`.
@Timeout(300)
@Simulated
class WorldSimulationTest {
  private static final int STEPS = 60;

  @Test
  void whateverClientsDoEverybodySeesOneWorld() {
    play(new WorldScenario(STEPS, false), 100);
  }

  @Test
  void whateverFailsWorldsHoldWhatSessionsHold() {
    play(new WorldScenario(STEPS, true), 150);
  }

  private static void play(WorldScenario scenario, int seeds) {
    Simulation<ClusterScenario.Stage, Step> simulation = new Simulation<>(scenario);
    simulation.check(seeds);
    assertThat(simulation.deliveries()).isPositive();
  }
}
