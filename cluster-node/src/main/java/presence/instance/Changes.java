package presence.instance;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/// The newest part of an instance's stream, without a gap, for those who missed some of it.
/// Immutable.
public final class Changes {
  public static final Changes NONE = new Changes(TreePVector.empty());

  private final PVector<Change> ring;

  private Changes(PVector<Change> ring) {
    this.ring = ring;
  }

  public static Changes of(List<Change> changes) {
    return new Changes(TreePVector.from(changes));
  }

  /// The changes with one more.
  ///
  /// @throws IllegalArgumentException when it does not come next
  public Changes plus(Change change) {
    if (!ring.isEmpty() && change.seq() != last().seq() + 1) {
      throw new IllegalArgumentException(
          "seq " + change.seq() + " does not follow " + last().seq());
    }
    return new Changes(ring.plus(change));
  }

  /// The changes with what came directly before them put in front; themselves when it does not fit.
  public Changes precededBy(List<Change> earlier) {
    List<Change> missing =
        ring.isEmpty()
            ? earlier
            : earlier.stream().filter(each -> each.seq() < ring.getFirst().seq()).toList();
    boolean fits =
        ring.isEmpty()
            || (!missing.isEmpty() && missing.getLast().seq() == ring.getFirst().seq() - 1);
    return fits ? new Changes(ring.plusAll(0, missing)) : this;
  }

  /// The changes without those beyond the newest `sizeMax` and those made before `oldest`.
  public Changes trim(int sizeMax, long oldest) {
    int drop = Math.max(0, ring.size() - sizeMax);
    while (drop < ring.size() && ring.get(drop).at() < oldest) {
      drop++;
    }
    return drop == 0 ? this : new Changes(ring.subList(drop, ring.size()));
  }

  /// What followed `seq`, up to `until`; empty when these changes do not reach back that far.
  public Optional<List<Change>> since(long seq, long until) {
    if (seq == until) {
      return Optional.of(List.of());
    }
    if (ring.isEmpty() || seq > until || ring.getFirst().seq() > seq + 1) {
      return Optional.empty();
    }
    int first = (int) (seq + 1 - ring.getFirst().seq());
    int end = (int) Math.min(ring.size(), until + 1 - ring.getFirst().seq());
    return Optional.of(part(ring, first, end));
  }

  /// A part of a list, in time that grows with the part: the list's own `subList` takes away the
  /// rest one by one.
  static <T> List<T> part(List<T> whole, int first, int end) {
    return IntStream.range(first, end).mapToObj(whole::get).toList();
  }

  /// All of them, oldest first.
  public List<Change> all() {
    return ring;
  }

  private Change last() {
    return ring.get(ring.size() - 1);
  }
}
