package presence.workspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import presence.protocol.Position;
import presence.workspace.WorkspaceCommand.Changes;
import presence.workspace.WorkspaceCommand.Cut;
import presence.workspace.WorkspaceCommand.Feed;

/// What brings a stream from where it stands to where the workspace is.
final class Feeds {
  /// Changes in one message: with the longest names of all about 130 KB, half of the largest
  /// message between nodes.
  static final int PART = 100;

  private Feeds() {}

  /// The changes since then, in order; or a cut, when they are not known any more.
  static List<Feed> since(String id, WorkspaceState now, Position from) {
    Optional<List<Change>> missed = now.since(from);
    if (missed.isEmpty()) {
      return List.of(new Cut(now.view(id)));
    }
    List<Change> changes = missed.get();
    List<Feed> parts = new ArrayList<>();
    for (int first = 0; first < changes.size(); first += PART) {
      parts.add(
          new Changes(
              new Position(from.epoch(), from.seq() + first),
              changes.subList(first, Math.min(first + PART, changes.size()))));
    }
    return parts;
  }
}
