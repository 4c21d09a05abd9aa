package presence.world;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import presence.world.World.Report;

/// What waits for the next flush of a world: the newest word of each session in the order in which
/// they came, and the sessions that do not exist. Nothing of it is acknowledged yet. Part of
/// [World].
final class Pending {
  private final Map<String, Report> words = new LinkedHashMap<>();
  private final Set<String> unknown = new LinkedHashSet<>();

  void add(Report word) {
    words.merge(
        word.visit().session(), word, (old, now) -> old.visit().n() > now.visit().n() ? old : now);
  }

  void addUnknown(String session) {
    unknown.add(session);
  }

  boolean isEmpty() {
    return words.isEmpty() && unknown.isEmpty();
  }

  boolean hasWordOf(String session) {
    return words.containsKey(session);
  }

  /// Whether the session's word is that it is there.
  boolean isArriving(String session) {
    Report word = words.get(session);
    return word != null && word.visit().stay() != null;
  }

  /// How many sessions will be there that are not yet.
  long arriving(Avatars avatars) {
    return words.keySet().stream()
        .filter(each -> isArriving(each) && avatars.of(each).isEmpty())
        .count();
  }

  /// The words that have waited longest; they wait no more.
  List<Report> takeWords(int max) {
    List<Report> taken = words.values().stream().limit(max).toList();
    taken.forEach(each -> words.remove(each.visit().session()));
    return taken;
  }

  /// The sessions that do not exist; none is left.
  List<String> takeUnknown() {
    List<String> taken = List.copyOf(unknown);
    unknown.clear();
    return taken;
  }
}
