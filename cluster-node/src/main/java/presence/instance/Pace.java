package presence.instance;

import java.time.Duration;

/// How long an instance collects changes before it tells them. Immutable.
///
/// After a quiet time a change is told at once. While changes keep coming the interval doubles from
/// the shortest up to a ceiling that grows with the number of members, because every telling costs
/// one frame for each of them: so the frames a node sends per second stay bounded, not the waiting.
///
/// @param lastAt milliseconds since 1970 of the last flush
/// @param interval the time from that flush to the next
public record Pace(long lastAt, Duration interval, Limits limits) {
  /// How far the interval may go.
  ///
  /// @param shortest between two flushes
  /// @param longest the ceiling for the largest instances
  /// @param perMember how much each member adds to the ceiling
  public record Limits(Duration shortest, Duration longest, Duration perMember) {
    Duration ceiling(int members) {
      Duration floor = shortest.multipliedBy(4);
      Duration grown = perMember.multipliedBy(members);
      Duration ceiling = grown.compareTo(floor) < 0 ? floor : grown;
      return ceiling.compareTo(longest) > 0 ? longest : ceiling;
    }
  }

  static Pace start(Limits limits) {
    return new Pace(Long.MIN_VALUE / 2, limits.shortest(), limits);
  }

  /// How long from `now` until collected changes are due; zero or less: at once. Never longer than
  /// the interval, even when the clock steps back.
  Duration untilDue(long now) {
    long millis = interval.toMillis();
    return Duration.ofMillis(Math.min(millis, lastAt + millis - now));
  }

  /// The pace after a flush at `now` in an instance with this many sessions.
  ///
  /// @param since when the first of what was told came: until then it was quiet, not while it
  ///   waited for a timer that was late
  Pace flushed(long since, long now, int members) {
    boolean quiet = since - lastAt > 2 * interval.toMillis();
    Duration doubled = interval.multipliedBy(2);
    Duration ceiling = limits.ceiling(members);
    Duration next = quiet ? limits.shortest() : doubled.compareTo(ceiling) > 0 ? ceiling : doubled;
    return new Pace(now, next, limits);
  }
}
