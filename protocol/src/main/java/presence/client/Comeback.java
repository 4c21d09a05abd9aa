package presence.client;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import presence.protocol.ServerMessage;

/// How long to stay away after a loss: as the server said, or else by chance. Serial.
final class Comeback {
  /// A connection that lasted less does not reset the back-off: a server that welcomes and dies
  /// must not be hammered.
  private static final long STEADY_MS = 10_000;

  private static final long NEVER = Long.MAX_VALUE;

  private final BackOff backOff;
  private final RandomGenerator random;
  private int attempt;
  private long welcomedAt = NEVER;
  private long backAt = NEVER;

  Comeback(BackOff backOff, RandomGenerator random) {
    this.backOff = backOff;
    this.random = random;
  }

  void welcomed(long now) {
    welcomedAt = now;
  }

  /// The node drains and names a time for this very client.
  void closing(long now, long reconnectAfterMs) {
    backAt = now + reconnectAfterMs;
  }

  /// The loss is the first of its kind again.
  void reset() {
    attempt = 0;
  }

  /// The delay after the loss of a socket, or of the attempt at one.
  ///
  /// @param refusal why the server would not have it, if it said so
  long delayMs(long now, ServerMessage.@Nullable Error refusal) {
    if (welcomedAt != NEVER && now - welcomedAt >= STEADY_MS) {
      reset();
    }
    long named = backAt;
    welcomedAt = NEVER;
    backAt = NEVER;
    if (named != NEVER) {
      return Math.max(0, named - now);
    }
    Long after = refusal == null ? null : refusal.retryAfterMs();
    return (after == null ? 0 : after) + backOff.delayMs(attempt++, random);
  }
}
