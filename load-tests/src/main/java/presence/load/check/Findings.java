package presence.load.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How often each rule was put to the test, and where it did not hold.
public final class Findings {
  private final Map<Rule, Long> checked = new EnumMap<>(Rule.class);
  private final Map<Rule, List<String>> violations = new EnumMap<>(Rule.class);

  /// @param where format of what is said if it does not hold
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be the one use of its library
  void check(Rule rule, boolean holds, String where, Object... arguments) {
    checked.merge(rule, 1L, Long::sum);
    if (!holds) {
      violations.computeIfAbsent(rule, _ -> new ArrayList<>()).add(where.formatted(arguments));
    }
  }

  /// How often the rule was put to the test; 0 = the recordings say nothing about it.
  public long checked(Rule rule) {
    return checked.getOrDefault(rule, 0L);
  }

  public List<String> violations(Rule rule) {
    return List.copyOf(violations.getOrDefault(rule, List.of()));
  }

  public boolean allHold() {
    return violations.isEmpty();
  }
}
