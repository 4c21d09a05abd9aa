package presence.user;

import java.time.Duration;

/// The pauses between repetitions: each is twice the one before, up to the last.
public record Pauses(Duration first, Duration last) {
  private static final int DOUBLINGS_MAX = 20;

  /// The pause after something was done `times` times, in milliseconds.
  long after(int times) {
    long doubled = first.toMillis() << Math.clamp(times - 1L, 0, DOUBLINGS_MAX);
    return Math.min(doubled, last.toMillis());
  }
}
