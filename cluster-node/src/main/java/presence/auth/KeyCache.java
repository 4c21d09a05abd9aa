package presence.auth;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The issuer's keys as last fetched, and when the next fetch may be.
///
/// @param keys stay in use however old they are, until a fetch brings others
/// @param triedAt when the last fetch ended, in success or failure; null before the first
/// @param reachable whether it succeeded
/// @param fetchedAt when the keys came; null while there are none
record KeyCache(
    KeySet keys, @Nullable Instant triedAt, boolean reachable, @Nullable Instant fetchedAt) {
  static final KeyCache EMPTY = new KeyCache(KeySet.EMPTY, null, true, null);

  KeyCache fetched(KeySet newKeys, Instant now) {
    return new KeyCache(newKeys, now, true, now);
  }

  KeyCache failed(Instant now) {
    return new KeyCache(keys, now, false, fetchedAt);
  }

  /// Whether the issuer may be asked now, for a key that is not here.
  boolean mayFetch(Instant now, KeyRefresh refresh) {
    return triedAt == null || since(triedAt, now, reachable ? refresh.pause() : refresh.retry());
  }

  /// Whether the keys should be fetched anew though none is missing.
  boolean stale(Instant now, KeyRefresh refresh) {
    return fetchedAt != null && since(fetchedAt, now, refresh.age()) && mayFetch(now, refresh);
  }

  /// A clock set back counts as time passed: better one fetch too many than none for an hour.
  private static boolean since(Instant then, Instant now, Duration time) {
    return Duration.between(then, now).abs().compareTo(time) >= 0;
  }
}
