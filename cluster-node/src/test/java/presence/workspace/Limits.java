package presence.workspace;

import java.time.Duration;

/// The limits of these tests: those of the configuration, counts small enough to be reached.
final class Limits {
  static final Duration CREATE_GRACE = Duration.ofSeconds(30);
  static final Duration DETACH_GRACE = Duration.ofSeconds(10);
  static final Duration RECLAIM_WAIT = Duration.ofSeconds(5);
  static final Duration SESSIONS_KEPT = Duration.ofDays(7);
  static final Duration REPEAT = Duration.ofMillis(500);
  static final int RING = 10;
  static final int MANY = 3;

  static final WorkspaceLimits LIMITS =
      new WorkspaceLimits(
          CREATE_GRACE,
          DETACH_GRACE,
          RECLAIM_WAIT,
          SESSIONS_KEPT,
          Duration.ofHours(1),
          RING,
          MANY,
          1000,
          MANY,
          MANY,
          MANY,
          MANY,
          REPEAT,
          Duration.ofSeconds(5),
          Duration.ofSeconds(60));

  private Limits() {}
}
