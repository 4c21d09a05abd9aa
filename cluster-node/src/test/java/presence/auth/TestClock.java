package presence.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that moves when told to.
final class TestClock implements InstantSource {
  static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  private volatile Instant now = START;

  @Override
  public Instant instant() {
    return now;
  }

  /// For one thread at a time.
  void advance(Duration time) {
    now = now.plus(time);
  }
}
