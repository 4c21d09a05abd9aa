package presence.world;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import presence.cluster.Remote;
import presence.protocol.ServerMessage.Parting;

/// Who is in a world. Immutable.
///
/// | a session's word | it has an avatar | it has none | its stay is over |
/// |---|---|---|---|
/// | a stay | live | live; who has its id is taken over | unchanged |
/// | a stay as a ghost | ghost, since the first such word | ghost | unchanged |
/// | no stay | left | left | left |
///
/// A stay is over when the session left, when another session took its avatar over, or when its
/// ghost did not come back in time. Only a stay that was entered later can follow.
final class Avatars {
  /// The last word of a session that has no avatar any more.
  ///
  /// @param n every stay entered up to this step is over
  /// @param id the avatar it had
  /// @param told whether the session knows
  record Departed(long n, long at, String id, Parting why, boolean told) implements Remote {}

  static final Avatars NONE =
      new Avatars(HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

  private final PMap<String, Figure> figures;
  private final PMap<String, String> ids;
  private final PMap<String, Departed> departed;

  private Avatars(
      PMap<String, Figure> figures, PMap<String, String> ids, PMap<String, Departed> departed) {
    this.figures = figures;
    this.ids = ids;
    this.departed = departed;
  }

  static Avatars of(Collection<Figure> figures, Map<String, Departed> departed) {
    Avatars all = new Avatars(NONE.figures, NONE.ids, HashTreePMap.from(departed));
    for (Figure figure : figures) {
      all = all.with(figure);
    }
    return all;
  }

  Collection<Figure> figures() {
    return figures.values();
  }

  Map<String, Departed> departed() {
    return departed;
  }

  int size() {
    return figures.size();
  }

  /// Those of them whose client has no socket.
  int ghosts() {
    return (int) figures.values().stream().filter(Figure::isGhost).count();
  }

  boolean isEmpty() {
    return figures.isEmpty();
  }

  /// The avatar of a session.
  Optional<Figure> of(String session) {
    return Optional.ofNullable(ids.get(session)).map(figures::get);
  }

  /// The newest step of the session that is known.
  long stepOf(String session) {
    Departed gone = departed.get(session);
    return of(session).map(Figure::n).orElse(gone == null ? 0 : gone.n());
  }

  /// Whether what the word tells of is over already.
  boolean isOver(Visit word) {
    Departed gone = departed.get(word.session());
    return word.stay() != null
        && of(word.session()).isEmpty()
        && gone != null
        && word.stay().entered() <= gone.n();
  }

  /// The sessions that do not know yet that they have no avatar any more.
  Map<String, Departed> untold() {
    PMap<String, Departed> untold = departed;
    for (Map.Entry<String, Departed> each : departed.entrySet()) {
      if (each.getValue().told()) {
        untold = untold.minus(each.getKey());
      }
    }
    return untold;
  }

  /// After a session's word.
  ///
  /// @param id by which its avatar is known
  /// @param place where its avatar is, if it was there already
  Avatars hear(Visit word, String id, @Nullable Place place, long at) {
    String session = word.session();
    if (word.n() <= stepOf(session) || isOver(word)) {
      return this;
    }
    Stay stay = word.stay();
    if (stay == null) {
      return without(session)
          .departing(session, new Departed(word.n(), at, id, Parting.LEFT, true));
    }
    Figure was = of(session).orElse(null);
    long ghostSince = was != null && was.isGhost() ? was.ghostSince() : at;
    Figure now =
        new Figure(
            id,
            session,
            word.n(),
            stay.entered(),
            stay.person() == null ? null : stay.person().handle(),
            stay.look(),
            placeOf(was, stay, place),
            stay.ghost() ? ghostSince : 0);
    return without(session).takenOver(id, at).with(now);
  }

  private static Place placeOf(@Nullable Figure was, Stay stay, @Nullable Place known) {
    if (was == null || was.entered() != stay.entered()) {
      return Place.at(stay.spot());
    }
    return known == null ? was.place() : known;
  }

  /// After the time of this session's ghost was over.
  Avatars gone(String session, long at) {
    return of(session).map(figure -> parted(figure, at, Parting.GONE, false)).orElse(this);
  }

  /// The session does not exist any more; nobody has to be told.
  Avatars unknown(String session, long at) {
    Avatars left = of(session).map(figure -> parted(figure, at, Parting.GONE, true)).orElse(this);
    Departed known = left.departed.get(session);
    return known == null || known.told()
        ? left
        : left.departing(session, new Departed(known.n(), at, known.id(), known.why(), true));
  }

  private Avatars takenOver(String id, long at) {
    Figure holder = figures.get(id);
    return holder == null ? this : parted(holder, at, Parting.TAKEN_OVER, false);
  }

  private Avatars parted(Figure figure, long at, Parting why, boolean told) {
    return without(figure.session())
        .departing(figure.session(), new Departed(figure.n(), at, figure.id(), why, told));
  }

  private Avatars with(Figure figure) {
    return new Avatars(
        figures.plus(figure.id(), figure),
        ids.plus(figure.session(), figure.id()),
        departed.minus(figure.session()));
  }

  private Avatars without(String session) {
    String id = ids.get(session);
    return id == null ? this : new Avatars(figures.minus(id), ids.minus(session), departed);
  }

  private Avatars departing(String session, Departed last) {
    return new Avatars(figures, ids, departed.plus(session, last));
  }

  /// Without the last words older than this, but for those their sessions do not know of.
  Avatars forgetDeparted(long before) {
    PMap<String, Departed> kept = departed;
    for (Map.Entry<String, Departed> each : departed.entrySet()) {
      if (each.getValue().told() && each.getValue().at() < before) {
        kept = kept.minus(each.getKey());
      }
    }
    return new Avatars(figures, ids, kept);
  }

  /// The avatars that are others than before, or new.
  List<Figure> newSince(Avatars before) {
    List<Figure> news = new ArrayList<>();
    for (Figure figure : figures.values()) {
      if (!figure.equals(before.figures.get(figure.id()))) {
        news.add(figure);
      }
    }
    return news;
  }

  /// The avatars that were there before and are not any more.
  List<Departure> leftSince(Avatars before) {
    List<Departure> left = new ArrayList<>();
    for (Figure figure : before.figures.values()) {
      if (!figures.containsKey(figure.id())) {
        Departed last = departed.get(figure.session());
        left.add(new Departure(figure.id(), last == null ? Parting.LEFT : last.why()));
      }
    }
    return left;
  }
}
