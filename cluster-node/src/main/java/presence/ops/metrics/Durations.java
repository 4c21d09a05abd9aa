package presence.ops.metrics;

import java.time.Duration;
import java.util.Arrays;

/// The borders of a histogram of times.
final class Durations {
  private Durations() {}

  static Duration[] millis(long... millis) {
    return Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
