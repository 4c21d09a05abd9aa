package presence.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;

@Timeout(30)
@ExtendWith(TestSystemExtension.class)
class RehearsalTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TestSystem system;

  RehearsalTest(TestSystem system) {
    this.system = system;
  }

  @Test
  void isOverWhenTheJournalWasRead() {
    assertThat(Rehearsal.of(system.kit().system(), Runnable::run)).succeedsWithin(PATIENCE);
  }
}
