package presence.user;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;
import presence.cluster.Remote;

/// Who is banned or muted, in the order of their ids. Immutable.
///
/// @param persons with the last word of each; one for whom nothing is in force any more is kept for
///   a while
record RegisterState(PSortedMap<String, Word> persons) {
  /// Half of what may be sent between nodes (256 KiB).
  private static final int PAGE_WEIGHT_MAX = 128 * 1024;

  static final RegisterState EMPTY = new RegisterState(TreePMap.empty());

  /// The last word of a person.
  record Word(Sanctions sanctions, long at) implements Remote {
    /// Whether nothing of it is worth keeping.
    private boolean isOld(long now, long forgetAfterMillis) {
      return at < now - forgetAfterMillis && sanctions.at(now).isEmpty();
    }
  }

  long numberOf(String person) {
    Word word = persons.get(person);
    return word == null ? 0 : word.sanctions().n();
  }

  /// The state after an event; what was over long before is forgotten with it.
  RegisterState apply(RegisterEvent event, long forgetAfterMillis) {
    return switch (event) {
      case RegisterEvent.Entered entered -> {
        List<String> old = new ArrayList<>();
        persons.forEach((person, word) -> {
          if (word.isOld(entered.at(), forgetAfterMillis)) {
            old.add(person);
          }
        });
        yield new RegisterState(
            persons
                .minusAll(old)
                .plus(entered.person(), new Word(entered.sanctions(), entered.at())));
      }
    };
  }

  /// Those behind a person for whom something is in force.
  Register.Page page(String after, int limit, long now) {
    List<Register.Line> lines = new ArrayList<>();
    int weight = 0;
    for (Map.Entry<String, Word> each : persons.tailMap(after, false).entrySet()) {
      Sanctions sanctions = each.getValue().sanctions().at(now);
      if (!sanctions.isEmpty()) {
        weight += each.getKey().length() + sanctions.weight();
        if (lines.size() == limit || (weight > PAGE_WEIGHT_MAX && !lines.isEmpty())) {
          return new Register.Page(lines, true);
        }
        lines.add(new Register.Line(each.getKey(), sanctions));
      }
    }
    return new Register.Page(lines, false);
  }

  /// The state as it is written to the journal.
  record Snapshot(Map<String, Word> persons) implements Remote {
    RegisterState state() {
      return new RegisterState(TreePMap.from(persons));
    }
  }

  Snapshot snapshot() {
    return new Snapshot(persons);
  }
}
