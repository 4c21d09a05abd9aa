package presence.session;

import java.time.Duration;

/// How often one session may do what. They live with the session, so a reconnect does not refill
/// them.
final class Buckets {
  private final Meter chat;
  private final Meter direct;
  private final Meter location;
  private final Meter joins;
  private final Meter emits;

  Buckets(SessionLimits limits, long now) {
    chat = new Meter(limits.chat(), now);
    direct = new Meter(limits.direct(), now);
    location = new Meter(limits.location(), now);
    joins = new Meter(limits.joins(), now);
    emits = new Meter(limits.emits(), now);
  }

  Meter chat() {
    return chat;
  }

  Meter direct() {
    return direct;
  }

  Meter location() {
    return location;
  }

  Meter joins() {
    return joins;
  }

  Meter emits() {
    return emits;
  }

  /// One bucket as it stands now.
  static final class Meter {
    private TokenBucket bucket;

    Meter(Rate rate, long now) {
      bucket = TokenBucket.full(rate, now);
    }

    /// Whether it may be done now; if so, it counts as done.
    boolean take(long now) {
      bucket = bucket.refilled(now);
      boolean may = bucket.has();
      if (may) {
        bucket = bucket.taken();
      }
      return may;
    }

    Duration untilNext(long now) {
      bucket = bucket.refilled(now);
      return bucket.untilNext();
    }
  }
}
