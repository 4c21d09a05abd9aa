package presence.instance;

import java.util.List;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.Counts;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// Follows a stream as a client does.
final class Streams {
  private Streams() {}

  /// What a client sees that comes before the first change.
  static ServerMessage.Presence emptyPresence(long epoch) {
    return new ServerMessage.Presence(
        "room", epoch, 0, RosterMode.FULL, List.of(), List.of(), Counts.NONE, true, null, null);
  }

  static View apply(View view, Change change) {
    return switch (change) {
      case Change.People people -> view.apply(people.delta());
      case Change.Message message -> view.apply(message.message());
    };
  }
}
