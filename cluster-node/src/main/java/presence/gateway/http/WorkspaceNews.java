package presence.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import presence.gateway.Encoded;
import presence.protocol.Position;
import presence.workspace.Change;
import presence.workspace.WorkspaceCommand;
import presence.workspace.WorkspaceView;

/// Changes of a workspace as its readers read them, written once however many these are.
///
/// @param from where a reader stands who lacks them all, and no more
/// @param events one for each change
/// @param whole all of them
record WorkspaceNews(Position from, List<Encoded> events, ByteString whole) {
  private static final JsonMapper JSON = new JsonMapper();

  static WorkspaceNews of(WorkspaceCommand.Changes changes) {
    List<Encoded> events = new ArrayList<>();
    Position at = changes.from();
    for (Change change : changes.changes()) {
      at = new Position(at.epoch(), at.seq() + 1);
      events.add(
          switch (change) {
            case Change.Updated updated -> event("session", at, updated.session());
            case Change.Deleted deleted -> event("session_deleted", at, deleted);
          });
    }
    return new WorkspaceNews(changes.from(), events, ServerSentEvents.of(events));
  }

  Position to() {
    return new Position(from.epoch(), from.seq() + events.size());
  }

  /// What a reader lacks who stands there, between [#from] and [#to].
  ByteString after(Position at) {
    int known = Math.toIntExact(at.seq() - from.seq());
    return known == 0 ? whole : ServerSentEvents.of(events.subList(known, events.size()));
  }

  /// What a reader is shown who starts anew.
  ///
  /// @param again whether the reader had something before
  static ByteString of(WorkspaceView cut, boolean again) {
    List<Encoded> events = new ArrayList<>();
    if (again) {
      events.add(event("resync", null, Map.of()));
    }
    events.add(event("workspace", new Position(cut.epoch(), cut.seq()), cut));
    return ServerSentEvents.of(events);
  }

  /// What a reader is told whose claim is over.
  static ByteString closed() {
    return ServerSentEvents.of(List.of(event("closed", null, Map.of())));
  }

  private static Encoded event(String type, @Nullable Position at, Object data) {
    try {
      return new Encoded(type, at, ByteString.fromArray(JSON.writeValueAsBytes(data)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event that cannot be written: " + data, e);
    }
  }
}
