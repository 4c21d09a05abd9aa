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
  private final long beatMs;
  private long lastHeard;

  Pulse(Duration ping, long now) {
    pingMs = ping.toMillis();
    jitterMs = pingMs / 10;
    beatMs = Math.max(1, pingMs / 50);
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
  ///
  /// It is a little less, by chance, so that the sockets of a node do not speak all at once; and on
  /// a beat of the clock, the same for all of them, so that some hundred do: a thread that is
  /// awake, with its data at hand, does their work for half of what it costs each alone.
  Duration untilNext(long now, RandomGenerator random) {
    long quiet = now - lastHeard;
    long next = pingMs - beatMs - random.nextLong(Math.max(1, jitterMs - beatMs));
    next =
        isQuiet(quiet)
            ? Math.min(untilBeat(now, next), 2 * pingMs - quiet)
            : untilBeat(now, next - quiet);
    return Duration.ofMillis(Math.max(1, next));
  }

  /// How long it is to the first beat that comes no sooner.
  private long untilBeat(long now, long after) {
    return Math.ceilDiv(now + after, beatMs) * beatMs - now;
  }
}
