package presence.user;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// When each of several things that must be repeated is due again. Immutable.
///
/// @param turns of what was done at least once
record Turns<K>(PMap<K, Turn> turns) {
  /// The end of all times: nothing is due before.
  static final long NEVER = Long.MAX_VALUE;

  record Turn(int times, long nextAt) {}

  static <K> Turns<K> none() {
    return new Turns<>(HashTreePMap.empty());
  }

  /// Which of these are due: those never done, and those whose pause is over.
  List<K> due(Collection<K> wanted, long now) {
    List<K> due = new ArrayList<>();
    for (K each : wanted) {
      Turn turn = turns.get(each);
      if (turn == null || turn.nextAt() <= now) {
        due.add(each);
      }
    }
    return due;
  }

  /// These have been done now.
  Turns<K> done(Collection<K> some, long now, Pauses pauses) {
    PMap<K, Turn> next = turns;
    for (K each : some) {
      Turn before = next.get(each);
      int times = before == null ? 1 : before.times() + 1;
      next = next.plus(each, new Turn(times, now + pauses.after(times)));
    }
    return new Turns<>(next);
  }

  /// Only these are still to be done.
  Turns<K> only(Set<K> wanted) {
    List<K> over = turns.keySet().stream().filter(each -> !wanted.contains(each)).toList();
    return over.isEmpty() ? this : new Turns<>(turns.minusAll(over));
  }

  /// When the next is due.
  long nextAt() {
    return turns.values().stream().mapToLong(Turn::nextAt).min().orElse(NEVER);
  }
}
