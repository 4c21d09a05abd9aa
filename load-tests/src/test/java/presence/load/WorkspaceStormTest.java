package presence.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkspaceStormTest {
  /// The scenario itself stays alive, and no number is wrong. How long anything takes is not judged
  /// here: a build may run on a machine that is busy with others.
  @Test
  @Timeout(300)
  void theClientsOfTwoWorkspacesAreCountedExactly() throws Exception {
    Duration whatever = Duration.ofMinutes(1);
    WorkspaceStorm.Settings small =
        new WorkspaceStorm.Settings(
            1,
            20,
            2,
            5,
            Duration.ofSeconds(2),
            whatever,
            Duration.ofSeconds(5),
            20,
            whatever,
            false);
    assertThat(WorkspaceStorm.run(small).failed()).isFalse();
  }
}
