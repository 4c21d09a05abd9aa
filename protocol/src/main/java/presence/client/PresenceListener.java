package presence.client;

import presence.protocol.InvalidMessage;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// Hears what happens to one client, in order and never two calls at once. A call that takes long
/// holds up this client (and, with it, what the server may send it), no other.
public interface PresenceListener {
  /// A text frame came in, exactly as the server sent it; its messages follow.
  default void frame(String text) {}

  /// A message came in; every one does, before the client acts on it.
  default void received(ServerMessage message) {}

  /// A frame came in that is none of this protocol. It is skipped; a gap it leaves is found later.
  default void unreadable(InvalidMessage why) {}

  /// The session is attached to a new socket.
  default void opened(ServerMessage.Welcome welcome) {}

  /// After [#opened]: it is the same session as before, and nothing was missed for good.
  default void resumed(ServerMessage.Welcome welcome) {}

  /// An instance's stream went on: this is the cut it stands at now.
  default void changed(View view) {}

  /// Somebody wrote to this person or session. Each message comes once, in order per sender; when
  /// this returns it is acknowledged, and its sender learns that it was delivered.
  default void direct(ServerMessage.Direct message) {}

  /// What became of a direct message sent from here, or from another session of this person. Once
  /// for each.
  default void outcome(ServerMessage.Outcome outcome) {}

  /// The session is no member of this instance any more, against the client's will.
  default void left(String instance, PresenceException why) {}

  /// The session is out of this world, not by the client's will: another session of the person has
  /// the avatar, the world is full, or, as *gone*, it may not come in again after a reconnect.
  default void outOf(String piece, ServerMessage.Parting why) {}

  /// A socket that was open is not any more. The client comes back by itself unless [#ended]
  /// follows.
  default void closed(int code, String reason) {}

  /// The client stays away until it is told to connect.
  default void ended(PresenceException why) {}
}
