package presence.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Finds a short list that still fails: leaves out halves, then quarters, and so on down to single
/// elements, until nothing more can be left out or the tries are used up (delta debugging).
final class Shrinker<T> {

  private final Predicate<List<T>> fails;
  private int tries;

  /// @param fails whether a list fails as the first one did
  /// @param tries how often that may be asked
  Shrinker(Predicate<List<T>> fails, int tries) {
    this.fails = fails;
    this.tries = tries;
  }

  /// The shortest list that was found, in the order of the given one, which is known to fail.
  List<T> shrink(List<T> failing) {
    var shortest = failing;
    for (var chunk = Math.max(1, failing.size() / 2); tries > 0; chunk = Math.max(1, chunk / 2)) {
      var before = shortest.size();
      shortest = without(shortest, chunk);
      if (chunk == 1 && shortest.size() == before) {
        break;
      }
    }
    return shortest;
  }

  private List<T> without(List<T> failing, int chunk) {
    var shortest = failing;
    var start = 0;
    while (start < shortest.size() && tries > 0) {
      var candidate = new ArrayList<>(shortest);
      candidate.subList(start, Math.min(start + chunk, candidate.size())).clear();
      tries--;
      if (fails.test(candidate)) {
        shortest = candidate;
      } else {
        start += chunk;
      }
    }
    return shortest;
  }
}
