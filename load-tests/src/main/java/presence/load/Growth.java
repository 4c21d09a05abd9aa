package presence.load;

import java.time.Duration;

/// How an instance grew, by when anybody first knew of so many sessions, and how often a node with
/// the settings it is shipped with tells of that: the more members, the longer it collects.
final class Growth {
  private static final Duration SHORTEST = Duration.ofMillis(80);
  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final Duration PER_MEMBER = Duration.ofNanos(250_000);

  private long sessions;
  private long since;
  private double tellings;

  /// Somebody was told that there are so many sessions.
  ///
  /// @param at nanoseconds by a clock that does not jump
  void told(long now, long at) {
    if (now > sessions) {
      tellings += sessions == 0 ? 0 : (double) (at - since) / interval().toNanos();
      sessions = now;
      since = at;
    }
  }

  /// From one telling to the next while changes keep coming.
  private Duration interval() {
    Duration grown = PER_MEMBER.multipliedBy(sessions);
    Duration atLeast = grown.compareTo(SHORTEST) < 0 ? SHORTEST : grown;
    return atLeast.compareTo(LONGEST) > 0 ? LONGEST : atLeast;
  }

  /// How often it is told from the first session to the last.
  double tellings() {
    return tellings;
  }
}
