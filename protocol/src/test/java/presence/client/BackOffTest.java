package presence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
  private final BackOff backOff = new BackOff(Duration.ofMillis(500), Duration.ofSeconds(30));

  @Test
  void theBoundDoublesUpToTheCap() {
    assertThat(IntStream.of(0, 1, 2, 5, 6, 7, 1_000).mapToLong(this::longest).toArray())
        .containsExactly(500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000);
  }

  @Test
  void theDelayIsDrawnEvenlyFromNothingToTheBound() {
    SplittableRandom random = new SplittableRandom(1);
    long[] delays = IntStream.range(0, 10_000).mapToLong(_ -> backOff.delayMs(1, random)).toArray();
    assertThat(LongStream.of(delays).min().orElseThrow()).isBetween(0L, 50L);
    assertThat(LongStream.of(delays).max().orElseThrow()).isBetween(950L, 1_000L);
    assertThat(LongStream.of(delays).average().orElse(0)).isBetween(480.0, 520.0);
  }

  @Test
  void aCapBelowTheBaseIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BackOff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
  }

  private long longest(int attempt) {
    SplittableRandom random = new SplittableRandom(attempt);
    return IntStream.range(0, 300_000)
        .mapToLong(_ -> backOff.delayMs(attempt, random))
        .max()
        .orElse(0);
  }
}
