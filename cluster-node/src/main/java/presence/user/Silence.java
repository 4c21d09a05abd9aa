package presence.user;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import presence.cluster.Remote;

/// Where a person must be silent, and until when (milliseconds since 1970): what their sessions are
/// told. Immutable.
///
/// @param n the number of the decision; a greater one is newer
/// @param until by instance; [Sanctions#EVERYWHERE] is all of them, and mail
public record Silence(long n, Map<String, Long> until) implements Remote {

  /// Nothing was ever decided.
  public static final Silence NONE = new Silence(0, Map.of());

  public Silence {
    until = Collections.unmodifiableMap(new TreeMap<>(until));
  }

  /// When the person may speak again in an instance; 0 = they may now.
  public long endsIn(String instance, long now) {
    return Math.max(endsIn(now, instance), endsEverywhere(now));
  }

  /// When the person may speak again where no instance is concerned; 0 = they may now.
  public long endsEverywhere(long now) {
    return endsIn(now, Sanctions.EVERYWHERE);
  }

  private long endsIn(long now, String where) {
    long end = until.getOrDefault(where, 0L);
    return now < end ? end : 0;
  }

  /// A session's answer: it has heard this decision, or there is no such session.
  public record Heard(String session, long n) implements Remote {}
}
