package presence.auth;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// What the proof of a session allows it, and how long it may speak. Its end is not the end of the
/// session: who is there stays, hears everything, and speaks again once it has proved itself anew.
///
/// @param rights by the name of an instance, or by what its name begins with, followed by `*`; the
///   longest that fits counts. Absent = every right everywhere
/// @param until milliseconds since 1970 from which on it may not speak; absent = for ever
public record Grant(@Nullable Map<String, Right> rights, @Nullable Long until) implements Remote {
  /// Everything, for ever: of who proves a key.
  public static final Grant ALL = new Grant(null, null);

  private static final String ANY = "*";

  public Grant {
    rights = rights == null ? null : Map.copyOf(rights);
  }

  /// This right, everywhere and for ever.
  public static Grant everywhere(Right right) {
    return new Grant(Map.of(ANY, right), null);
  }

  /// Every right of these until then.
  ///
  /// @param rights absent = all
  public static Grant until(@Nullable Map<String, Right> rights, Instant end) {
    return new Grant(
        rights, end.isAfter(Instant.ofEpochMilli(Long.MAX_VALUE)) ? null : end.toEpochMilli());
  }

  public boolean maySee(String instance) {
    return may(Right.SEE, instance);
  }

  public boolean mayJoin(String instance) {
    return may(Right.JOIN, instance);
  }

  /// Whether it may speak there, as long as it has not ended.
  public boolean maySay(String instance) {
    return may(Right.SAY, instance);
  }

  public boolean hasEnded(long now) {
    return until != null && now >= until;
  }

  private boolean may(Right right, String instance) {
    if (rights == null) {
      return true;
    }
    Right has = rights.get(instance);
    for (int length = instance.length(); has == null && length >= 0; length--) {
      has = rights.get(instance.substring(0, length) + ANY);
    }
    return has != null && has.includes(right);
  }
}
