package presence.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where avatars are, as far as that was told since the world's last restart, and whose moves have
/// not been published. Part of [World].
final class Places {
  /// Movements in one message to a node: about 100 bytes each, far below what a message may be.
  static final int MESSAGE_SIZE = 1_000;

  private record Known(long entered, Place place) {}

  private final Map<String, Known> newest = new HashMap<>();
  private final Set<String> news = new LinkedHashSet<>();

  /// An avatar moves, if that is news of its present stay.
  void move(Figure figure, Stride stride) {
    if (stride.entered() == figure.entered() && stride.place().isAfter(of(figure))) {
      newest.put(figure.session(), new Known(stride.entered(), stride.place()));
      news.add(figure.session());
    }
  }

  Place of(Figure figure) {
    Known known = newest.get(figure.session());
    return known != null && known.entered() == figure.entered() ? known.place() : figure.place();
  }

  /// The avatar where it is now.
  Figure placed(Figure figure) {
    return figure.at(of(figure));
  }

  boolean hasNews() {
    return !news.isEmpty();
  }

  /// The newest place of everybody who has moved since the last call.
  List<Movement> takeNews(Avatars avatars) {
    List<Movement> movements = new ArrayList<>(news.size());
    for (String session : news) {
      avatars.of(session).ifPresent(figure -> movements.add(new Movement(figure.id(), of(figure))));
    }
    news.clear();
    return movements;
  }

  /// Forgets who is not among these.
  void keepOnly(Avatars avatars) {
    newest.keySet().removeIf(session -> avatars.of(session).isEmpty());
  }
}
