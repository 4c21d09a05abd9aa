package presence.gateway;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import presence.protocol.Spot;
import presence.protocol.Step;
import presence.world.Place;

/// Where everybody in one world is, in cells of a grid, and who has moved lately.
///
/// Who is in a cell or in one of the eight around it is *near*. Each turn tells everybody of every
/// move near them, up to a bound, and of some avatars further off that moved since they were last
/// told of, in rotation. So what one is told in a turn is bounded, whoever moves, and in the end
/// everybody knows where everybody is.
public final class Plain {
  /// The bounds of one turn; config keys under `presence.world`.
  ///
  /// @param radius the side of a cell; absent = everybody is near
  /// @param nearMax moves near one that one is told, beside one of each cell
  /// @param farMax moves told to those who are not near
  public record Limits(@Nullable Double radius, int nearMax, int farMax) {}

  record Cell(long x, long y) {
    private static final Cell ONLY = new Cell(0, 0);

    boolean isNear(Cell other) {
      return Math.abs(x - other.x) <= 1 && Math.abs(y - other.y) <= 1;
    }

    /// Itself and the eight around it.
    Stream<Cell> around() {
      return LongStream.rangeClosed(x - 1, x + 1)
          .boxed()
          .flatMap(column ->
              LongStream.rangeClosed(y - 1, y + 1).mapToObj(row -> new Cell(column, row)));
    }
  }

  /// What is to be told in one turn: to those near each cell, and to all others.
  record Turn(Map<Cell, List<Step>> near, Map<Cell, List<Step>> far) {}

  private record Standing(Place place, Cell cell) {}

  private final Limits limits;
  private final Map<String, Standing> standings = new HashMap<>();
  private final Map<Cell, Set<String>> cells = new HashMap<>();
  private final Map<Cell, Set<String>> nearNews = new LinkedHashMap<>();
  private final Set<String> farNews = new LinkedHashSet<>();

  Plain(Limits limits) {
    this.limits = limits;
  }

  /// An avatar is here, and everybody knows.
  void appear(String id, Place place) {
    remove(id);
    Cell cell = cell(place.spot());
    standings.put(id, new Standing(place, cell));
    cells.computeIfAbsent(cell, _ -> new LinkedHashSet<>()).add(id);
  }

  /// An avatar is here now. Who was near it where it was before is told as well.
  void move(String id, Place place) {
    Standing before = standings.get(id);
    if (before == null) {
      return;
    }
    Cell cell = cell(place.spot());
    standings.put(id, new Standing(place, cell));
    if (!cell.equals(before.cell())) {
      leave(id, before.cell());
      cells.computeIfAbsent(cell, _ -> new LinkedHashSet<>()).add(id);
      news(before.cell()).add(id);
    }
    news(cell).add(id);
    farNews.add(id);
  }

  private Set<String> news(Cell cell) {
    return nearNews.computeIfAbsent(cell, _ -> new LinkedHashSet<>());
  }

  void remove(String id) {
    Standing before = standings.remove(id);
    if (before != null) {
      leave(id, before.cell());
      nearNews.values().removeIf(ids -> ids.remove(id) && ids.isEmpty());
      farNews.remove(id);
    }
  }

  private void leave(String id, Cell cell) {
    Set<String> ids = cells.get(cell);
    if (ids != null && ids.remove(id) && ids.isEmpty()) {
      cells.remove(cell);
    }
  }

  @Nullable Place placeOf(String id) {
    Standing standing = standings.get(id);
    return standing == null ? null : standing.place();
  }

  @Nullable Cell cellOf(String id) {
    Standing standing = standings.get(id);
    return standing == null ? null : standing.cell();
  }

  boolean hasNews() {
    return !nearNews.isEmpty() || !farNews.isEmpty();
  }

  /// What is to be told now; the rest is left for the next turns.
  Turn turn() {
    Map<Cell, Integer> due = due();
    Map<Cell, List<Step>> near = new LinkedHashMap<>();
    nearNews.forEach((cell, ids) -> near.put(cell, takeSome(ids, share(cell, ids.size(), due))));
    nearNews.values().removeIf(Set::isEmpty);
    return new Turn(near, far());
  }

  /// How many moves are to be told in each cell where somebody is.
  private Map<Cell, Integer> due() {
    Map<Cell, Integer> due = new HashMap<>();
    nearNews.forEach((cell, ids) ->
        cell.around()
            .filter(cells::containsKey)
            .forEach(each -> due.merge(each, ids.size(), Integer::sum)));
    return due;
  }

  /// How many of a cell's moves are told, so that nobody near it is told too much of all cells
  /// around; one at least.
  private int share(Cell cell, int moves, Map<Cell, Integer> due) {
    int most = cell.around().mapToInt(each -> due.getOrDefault(each, 0)).max().orElse(0);
    return most <= limits.nearMax()
        ? moves
        : Math.toIntExact(Math.max(1, (long) moves * limits.nearMax() / most));
  }

  private List<Step> takeSome(Set<String> ids, int max) {
    List<Step> steps = new ArrayList<>(Math.min(ids.size(), max));
    for (Iterator<String> all = ids.iterator(); all.hasNext() && steps.size() < max; ) {
      steps.add(step(all.next()));
      all.remove();
    }
    return steps;
  }

  /// Not before those near have been told: who goes there meanwhile is shown what is near then.
  private Map<Cell, List<Step>> far() {
    Map<Cell, List<Step>> far = new LinkedHashMap<>();
    int told = 0;
    for (Iterator<String> all = farNews.iterator(); all.hasNext() && told < limits.farMax(); ) {
      String id = all.next();
      Cell cell = standing(id).cell();
      Set<String> untold = nearNews.get(cell);
      if (untold == null || !untold.contains(id)) {
        far.computeIfAbsent(cell, _ -> new ArrayList<>()).add(step(id));
        all.remove();
        told++;
      }
    }
    return far;
  }

  /// Where everybody is who is near the one cell and not near the other.
  List<Cell> newlyNear(Cell now, @Nullable Cell before) {
    return now.around()
        .filter(cell -> cells.containsKey(cell) && (before == null || !cell.isNear(before)))
        .toList();
  }

  /// Everybody in this cell.
  List<Step> in(Cell cell) {
    Collection<String> ids = cells.getOrDefault(cell, Set.of());
    return ids.stream().map(this::step).toList();
  }

  private Step step(String id) {
    Place place = standing(id).place();
    return new Step(id, place.spot(), place.seq());
  }

  private Standing standing(String id) {
    Standing standing = standings.get(id);
    if (standing == null) {
      throw new IllegalStateException("nobody is " + id);
    }
    return standing;
  }

  private Cell cell(Spot spot) {
    Double side = limits.radius();
    return side == null
        ? Cell.ONLY
        : new Cell((long) Math.floor(spot.x() / side), (long) Math.floor(spot.y() / side));
  }
}
