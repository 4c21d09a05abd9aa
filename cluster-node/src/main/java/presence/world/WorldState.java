package presence.world;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import presence.cluster.Remote;
import presence.protocol.Position;

/// What a world has written down: who is in it, and how far its stream is. Immutable.
record WorldState(String piece, Position at, Avatars avatars) {

  static WorldState empty(String piece) {
    return new WorldState(piece, Position.NOWHERE, Avatars.NONE);
  }

  /// Whether anything ever happened here.
  boolean exists() {
    return at.epoch() != 0;
  }

  /// The state after a flush.
  WorldState apply(Flushed event, WorldLimits limits) {
    Avatars now = avatars;
    for (Flushed.Word word : event.words()) {
      now = now.hear(word.visit(), word.id(), word.place(), event.at());
    }
    for (String session : event.gone()) {
      now = now.gone(session, event.at());
    }
    for (String session : event.unknown()) {
      now = now.unknown(session, event.at());
    }
    return new WorldState(
        piece,
        new Position(exists() ? at.epoch() : event.at(), event.seq()),
        now.forgetDeparted(event.at() - limits.departedAge().toMillis()));
  }

  /// The sessions whose ghosts have not come back in time.
  List<String> overdue(long now, ToLongFunction<Figure> deadline) {
    return ghosts()
        .filter(ghost -> deadline.applyAsLong(ghost) <= now)
        .map(Figure::session)
        .toList();
  }

  /// When the time of a ghost is over next.
  OptionalLong nextDeadline(ToLongFunction<Figure> deadline) {
    return ghosts().mapToLong(deadline).min();
  }

  private Stream<Figure> ghosts() {
    return avatars.figures().stream().filter(Figure::isGhost);
  }

  /// The state as it is written to the journal.
  Snapshot snapshot() {
    return new Snapshot(piece, at, List.copyOf(avatars.figures()), avatars.departed());
  }

  /// A state in plain lists.
  record Snapshot(
      String piece, Position at, List<Figure> figures, Map<String, Avatars.Departed> departed)
      implements Remote {
    WorldState state() {
      return new WorldState(piece, at, Avatars.of(figures, departed));
    }
  }
}
