package presence.gateway;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import presence.protocol.Avatar;
import presence.protocol.Json;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Parting;
import presence.world.Departure;
import presence.world.Figure;
import presence.world.Place;
import presence.world.Stride;
import presence.world.World;

/// A replica of who is in one world, as one node knows it. What it becomes is told as the
/// difference to what it was, so that whatever was missed on the way, nobody is told a thing twice:
/// joined and left alternate, ghost and returned alternate.
final class Crowd {
  private final String piece;
  private final Plain plain;
  private final Map<String, Figure> figures = new LinkedHashMap<>();
  private final Map<String, String> ids = new HashMap<>();
  private Position at = Position.NOWHERE;

  /// @param plain is told where everybody is
  Crowd(String piece, Plain plain) {
    this.piece = piece;
    this.plain = plain;
  }

  /// How far the world's stream is known; 0:0 = not at all.
  Position at() {
    return at;
  }

  boolean hasReached(Position position) {
    return at.epoch() == position.epoch()
        ? at.seq() >= position.seq()
        : at.epoch() > position.epoch();
  }

  /// Whether the changes are the next ones.
  boolean isFollowedBy(World.Published news) {
    return news.from() == at.seq() && (at.seq() == 0 || news.at().epoch() == at.epoch());
  }

  /// The avatar of a session.
  Optional<Figure> of(String session) {
    return Optional.ofNullable(ids.get(session)).map(figures::get);
  }

  /// After these changes; returns what is told of them.
  List<ServerMessage> apply(World.Published news) {
    List<ServerMessage> told = new ArrayList<>();
    news.left().forEach(each -> leave(each, told));
    news.figures().forEach(each -> show(each, told));
    at = news.at();
    return told;
  }

  /// After what was missed: these are all who are in the world now; returns what is told of it.
  List<ServerMessage> become(Position now, Collection<Figure> all) {
    List<ServerMessage> told = new ArrayList<>();
    Set<String> present = new HashSet<>();
    all.forEach(each -> present.add(each.id()));
    for (String id : List.copyOf(figures.keySet())) {
      if (!present.contains(id)) {
        leave(new Departure(id, Parting.LEFT), told);
      }
    }
    all.forEach(each -> show(each, told));
    at = now;
    return told;
  }

  private void leave(Departure departure, List<ServerMessage> told) {
    Figure was = figures.remove(departure.id());
    if (was != null) {
      ids.remove(was.session(), was.id());
      plain.remove(was.id());
      told.add(new ServerMessage.Exited(piece, departure.id(), departure.why()));
    }
  }

  private void show(Figure figure, List<ServerMessage> told) {
    String id = figure.id();
    Figure was = figures.get(id);
    if (was != null && startsAnew(was, figure)) {
      leave(new Departure(id, Parting.CHANGED), told);
      was = null;
    }
    Place place = was == null ? figure.place() : newest(was, figure);
    remember(figure, was);
    if (was == null) {
      plain.appear(id, place);
      told.add(
          new ServerMessage.Entered(
              piece, id, figure.handle(), new Json(figure.look()), place.spot()));
    }
    boolean wasGhost = was != null && was.isGhost();
    if (figure.isGhost() && !wasGhost) {
      told.add(new ServerMessage.Ghosted(piece, id));
    } else if (wasGhost && !figure.isGhost()) {
      plain.appear(id, place);
      told.add(new ServerMessage.Returned(piece, id, place.spot()));
    } else if (was != null && !place.equals(plain.placeOf(id))) {
      plain.move(id, place);
    }
  }

  /// A ghost may return in another stay; what looks different, or stood there before, starts anew.
  private static boolean startsAnew(Figure was, Figure now) {
    boolean another = was.entered() != now.entered() || !was.session().equals(now.session());
    boolean returns = was.isGhost() && !now.isGhost();
    return !was.look().equals(now.look())
        || !Objects.equals(was.handle(), now.handle())
        || (another && !returns);
  }

  private Place newest(Figure was, Figure now) {
    Place known = plain.placeOf(now.id());
    boolean same = was.entered() == now.entered() && was.session().equals(now.session());
    return same && known != null && known.isAfter(now.place()) ? known : now.place();
  }

  private void remember(Figure figure, @Nullable Figure was) {
    if (was != null) {
      ids.remove(was.session(), was.id());
    }
    figures.put(figure.id(), figure);
    ids.put(figure.session(), figure.id());
  }

  /// The newest place of everybody who has moved.
  List<Stride> strides() {
    List<Stride> strides = new ArrayList<>();
    for (Figure each : figures.values()) {
      Place place = plain.placeOf(each.id());
      if (place != null && place.epoch() > 0) {
        strides.add(new Stride(each.session(), each.entered(), place));
      }
    }
    return strides;
  }

  /// Everybody but one, as they are now.
  List<Avatar> others(String self) {
    List<Avatar> others = new ArrayList<>(figures.size());
    for (Figure each : figures.values()) {
      if (!each.id().equals(self)) {
        Place place = plain.placeOf(each.id());
        others.add(
            new Avatar(
                each.id(),
                each.handle(),
                new Json(each.look()),
                place == null ? each.place().spot() : place.spot(),
                each.isGhost()));
      }
    }
    return others;
  }
}
