package presence.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long a client waits before it tries again: full jitter, a delay drawn evenly from nothing up
/// to a bound that doubles with each attempt. Thousands that lost one node come back spread out.
///
/// @param base the bound of the first delay
/// @param cap what the bound never exceeds
public record BackOff(Duration base, Duration cap) {
  /// Half a second at first, half a minute at most.
  public static final BackOff STANDARD =
      new BackOff(Duration.ofMillis(500), Duration.ofSeconds(30));

  private static final int DOUBLINGS_MAX = 30; // beyond, any cap is reached

  public BackOff {
    if (base.isNegative() || cap.compareTo(base) < 0) {
      throw new IllegalArgumentException("a back-off needs 0 <= base <= cap");
    }
  }

  /// The delay in milliseconds before attempt number `attempt`, the first being 0.
  public long delayMs(int attempt, RandomGenerator random) {
    long bound = Math.min(cap.toMillis(), base.toMillis() << Math.min(attempt, DOUBLINGS_MAX));
    return random.nextLong(bound + 1);
  }
}
