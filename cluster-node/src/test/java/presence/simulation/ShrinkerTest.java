package presence.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

  private final List<Integer> hundred = IntStream.range(0, 100).boxed().toList();

  @Test
  void whatIsNotNeededIsLeftOut() {
    var shrinker = new Shrinker<Integer>(list -> list.containsAll(List.of(13, 57, 58)), 1000);

    assertThat(shrinker.shrink(hundred)).containsExactly(13, 57, 58);
  }

  @Test
  void aSingleElementIsFound() {
    assertThat(new Shrinker<Integer>(list -> list.contains(99), 1000).shrink(hundred))
        .containsExactly(99);
  }

  @Test
  void nothingIsLeftOfWhatAlwaysFails() {
    assertThat(new Shrinker<Integer>(list -> true, 1000).shrink(hundred)).isEmpty();
  }

  @Test
  void elementsThatAreNeededTogetherStay() {
    var shrinker = new Shrinker<Integer>(list -> list.size() >= 40, 1000);

    assertThat(shrinker.shrink(hundred)).hasSize(40);
  }

  @Test
  void itGivesUpAfterSoManyTries() {
    var asked = new AtomicInteger();
    var shrinker =
        new Shrinker<Integer>(
            list -> {
              asked.incrementAndGet();
              return list.contains(1) && list.contains(98);
            },
            10);

    assertThat(shrinker.shrink(hundred)).contains(1, 98).hasSizeLessThan(100);
    assertThat(asked).hasValue(10);
  }
}
