package presence.session;

import java.time.Duration;

/// A rate with a burst, in whole numbers: who waits as long as they are told finds a token.
/// Immutable.
///
/// @param level what is left: a token is `rate.per` in milliseconds, and each millisecond adds
///   `rate.count`
/// @param at milliseconds since 1970 for which `level` holds
public record TokenBucket(long level, long at, Rate rate) {

  public static TokenBucket full(Rate rate, long now) {
    return new TokenBucket(rate.burst() * token(rate), now, rate);
  }

  private static long token(Rate rate) {
    return rate.per().toMillis();
  }

  /// The bucket as it has filled up until now.
  public TokenBucket refilled(long now) {
    long gained = Math.max(0, now - at) * rate.count();
    return new TokenBucket(
        Math.min(rate.burst() * token(rate), level + gained), Math.max(at, now), rate);
  }

  public boolean has() {
    return level >= token(rate);
  }

  /// The bucket with one token less.
  public TokenBucket taken() {
    return new TokenBucket(level - token(rate), at, rate);
  }

  /// How long until there is a token.
  public Duration untilNext() {
    return has()
        ? Duration.ZERO
        : Duration.ofMillis(Math.ceilDiv(token(rate) - level, (long) rate.count()));
  }
}
