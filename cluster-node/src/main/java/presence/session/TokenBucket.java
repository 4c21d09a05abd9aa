package presence.session;

import java.time.Duration;

/// A rate with a burst. Immutable.
///
/// @param tokens what is left, full at `burst`
/// @param at milliseconds since 1970 for which `tokens` holds
record TokenBucket(double tokens, long at, Rate rate) {

  static TokenBucket full(Rate rate, long now) {
    return new TokenBucket(rate.burst(), now, rate);
  }

  /// The bucket as it has filled up until now.
  TokenBucket refilled(long now) {
    double gained = Math.max(0, now - at) * rate.perMillisecond();
    return new TokenBucket(Math.min(rate.burst(), tokens + gained), Math.max(at, now), rate);
  }

  boolean has() {
    return tokens >= 1;
  }

  /// The bucket with one token less.
  TokenBucket taken() {
    return new TokenBucket(tokens - 1, at, rate);
  }

  /// How long until there is a token.
  Duration untilNext() {
    return has()
        ? Duration.ZERO
        : Duration.ofMillis((long) Math.ceil((1 - tokens) / rate.perMillisecond()));
  }
}
