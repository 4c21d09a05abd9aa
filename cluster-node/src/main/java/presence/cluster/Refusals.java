package presence.cluster;

import java.util.LinkedHashMap;

/// The words of sessions that an entity refused: a repetition of one is refused as well, even if
/// there is room by now. The first refusal may have arrived, and the session takes back what was
/// refused: were the repetition granted, others would see somebody come and go.
///
/// Known is the newest word of each of the last thousand sessions that were refused: a session
/// repeats itself until it has an answer, hardly longer. A new incarnation of the entity knows
/// none.
public final class Refusals {
  private static final int MAX = 1_000;

  private final LinkedHashMap<String, Long> steps = new LinkedHashMap<>();
  private final int max;

  public Refusals() {
    this(MAX);
  }

  Refusals(int max) {
    this.max = max;
  }

  /// The session's step `n` is refused.
  public void add(String session, long n) {
    steps.putLast(session, Math.max(n, steps.getOrDefault(session, n)));
    if (steps.size() > max) {
      steps.pollFirstEntry();
    }
  }

  /// Whether the session's step `n` was refused.
  public boolean has(String session, long n) {
    Long refused = steps.get(session);
    return refused != null && n <= refused;
  }
}
