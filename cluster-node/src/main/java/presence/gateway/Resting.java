package presence.gateway;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import presence.protocol.Step;

/// The moves in one world that were told on a way where they may be lost. The next one replaces it;
/// but of whoever rests the last may be missing for ever, unless it is told once more on a way that
/// is sure.
final class Resting {
  private record Told(Step step, long at) {}

  private final Map<String, Told> told = new LinkedHashMap<>(0); // the oldest first

  void told(List<Step> steps, long now) {
    for (Step step : steps) {
      told.remove(step.id());
      told.put(step.id(), new Told(step, now));
    }
  }

  /// These are told on the way that is sure.
  void replaced(List<Step> steps) {
    if (!told.isEmpty()) {
      steps.forEach(step -> told.remove(step.id()));
    }
  }

  /// Where these avatars are is told by other means, or they are gone.
  void forget(Iterable<String> ids) {
    ids.forEach(told::remove);
  }

  void forgetAll() {
    told.clear();
  }

  /// When the one that rests longest was told of.
  OptionalLong oldest() {
    return told.values().stream().mapToLong(Told::at).findFirst();
  }

  /// The last moves of whoever has not moved since this time. They are not given again.
  List<Step> takeOlderThan(long time) {
    List<Step> steps = new ArrayList<>();
    for (Iterator<Told> all = told.values().iterator(); all.hasNext(); ) {
      Told each = all.next();
      if (each.at() > time) {
        break;
      }
      steps.add(each.step());
      all.remove();
    }
    return steps;
  }
}
