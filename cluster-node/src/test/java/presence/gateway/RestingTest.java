package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import presence.protocol.Spot;
import presence.protocol.Step;

class RestingTest {
  private final Resting resting = new Resting();

  private static Step step(String id, long seq) {
    return new Step(id, new Spot(seq, 0, null), seq);
  }

  @Test
  void theLastMoveOfWhoeverRestsIsGivenOnce() {
    resting.told(List.of(step("@ann", 1), step("@bob", 1)), 10);
    resting.told(List.of(step("@ann", 2)), 20);

    assertThat(resting.oldest()).hasValue(10);
    assertThat(resting.takeOlderThan(19)).containsExactly(step("@bob", 1));
    assertThat(resting.oldest()).hasValue(20);
    assertThat(resting.takeOlderThan(20)).containsExactly(step("@ann", 2));
    assertThat(resting.takeOlderThan(100)).isEmpty();
    assertThat(resting.oldest()).isEmpty();
  }

  @Test
  void whatIsSureOrGoneIsNotGiven() {
    resting.told(List.of(step("@ann", 1), step("@bob", 1), step("@cid", 1)), 10);
    resting.forget(List.of("@ann", "@dan"));
    assertThat(resting.takeOlderThan(10)).containsExactly(step("@bob", 1), step("@cid", 1));

    resting.told(List.of(step("@ann", 2)), 20);
    resting.forgetAll();
    assertThat(resting.takeOlderThan(20)).isEmpty();
  }
}
