package presence.gateway;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// When a client was heard last, and what its silence means.
final class Pulse {
  enum Finding {
    WELL,
    /// Long enough to ask.
    QUIET,
    /// Asked, and no answer.
    GONE
  }

  private final long pingMs;
  private final long jitterMs;
  private long lastHeard;

  Pulse(Duration ping, long now) {
    pingMs = ping.toMillis();
    jitterMs = pingMs / 10;
    lastHeard = now;
  }

  void heard(long now) {
    lastHeard = now;
  }

  Finding feel(long now) {
    lastHeard = Math.min(lastHeard, now); // the clock was set back
    long quiet = now - lastHeard;
    return quiet >= 2 * pingMs ? Finding.GONE : isQuiet(quiet) ? Finding.QUIET : Finding.WELL;
  }

  private boolean isQuiet(long quiet) {
    return quiet >= pingMs - jitterMs;
  }

  /// When to feel it again, right after it was felt: once a ping period for a client that answers.
  /// It is a little less, by chance, so that the sockets of a node do not speak all at once.
  Duration untilNext(long now, RandomGenerator random) {
    long quiet = now - lastHeard;
    long next = pingMs - random.nextLong(Math.max(1, jitterMs));
    next = isQuiet(quiet) ? Math.min(next, 2 * pingMs - quiet) : next - quiet;
    return Duration.ofMillis(Math.max(1, next));
  }
}
