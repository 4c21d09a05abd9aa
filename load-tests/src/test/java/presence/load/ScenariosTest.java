package presence.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ScenariosTest {
  /// All of them at the same time, each in its own instance of one node.
  @Test
  @Timeout(180)
  void everyInvariantHoldsForAFewUsers() {
    assertThat(Scenarios.run(List.of("--smoke"))).isZero();
  }

  @Test
  void whoAsksForHelpOrTheListGetsIt() {
    assertThat(Scenarios.run(List.of("--help"))).isZero();
    assertThat(Scenarios.run(List.of("--list"))).isZero();
  }

  @Test
  void aCommandThatMakesNoSenseIsRefused() {
    List<List<String>> senseless =
        List.of(
            List.of("--fast"),
            List.of("chat"),
            List.of("--only"),
            List.of("--only", "chat,chess"),
            List.of("--users", "1"),
            List.of("--users", "many"),
            List.of("--seconds", "0"),
            List.of("--seed", "1.5"),
            List.of("--target", "127.0.0.1:8889"));

    assertThat(senseless).allSatisfy(each -> assertThat(Scenarios.run(each)).isEqualTo(2));
  }
}
