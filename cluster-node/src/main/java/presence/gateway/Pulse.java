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
  private long lastHeard;

  Pulse(Duration ping, long now) {
    pingMs = ping.toMillis();
    lastHeard = now;
  }

  void heard(long now) {
    lastHeard = now;
  }

  Finding feel(long now) {
    long quiet = now - lastHeard;
    return quiet >= 2 * pingMs ? Finding.GONE : quiet >= pingMs ? Finding.QUIET : Finding.WELL;
  }

  /// When to feel it again: a ping period from now or from the last frame, a little less by chance,
  /// so that the sockets of a node do not speak all at once.
  Duration untilNext(long now, RandomGenerator random) {
    long next = Math.max(pingMs / 10, pingMs - (now - lastHeard) % pingMs);
    long jitter = random.nextLong(Math.max(1, pingMs / 10));
    return Duration.ofMillis(Math.max(1, next - jitter));
  }
}
