package presence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RefusalsTest {
  private final Refusals refusals = new Refusals(2);

  @Test
  void aStepOnceRefusedStaysRefusedAndTheNextIsNot() {
    refusals.add("ann", 3);
    assertThat(refusals.has("ann", 3)).isTrue();
    assertThat(refusals.has("ann", 2)).as("a step that is older still").isTrue();
    assertThat(refusals.has("ann", 4)).isFalse();
    assertThat(refusals.has("bob", 3)).isFalse();
    refusals.add("ann", 1);
    assertThat(refusals.has("ann", 3)).as("after an older one came late").isTrue();
  }

  @Test
  void whoWasRefusedLongestAgoIsForgotten() {
    refusals.add("ann", 1);
    refusals.add("bob", 1);
    refusals.add("ann", 2);
    refusals.add("cid", 1);
    assertThat(refusals.has("bob", 1)).isFalse();
    assertThat(refusals.has("ann", 2)).isTrue();
    assertThat(refusals.has("cid", 1)).isTrue();
  }
}
