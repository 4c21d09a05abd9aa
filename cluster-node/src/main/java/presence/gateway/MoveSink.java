package presence.gateway;

import java.util.List;

/// Another way to one client than its WebSocket, for moves only: they may be lost or overtaken on
/// it, since the newest replaces all before.
///
/// Called by the client's connection, in the order in which the moves were made.
@FunctionalInterface
public interface MoveSink {
  /// There is no other way.
  MoveSink NONE = (piece, moves) -> false;

  /// Takes moves of this world for the client, unless the way is closed just now: then they go over
  /// the WebSocket.
  boolean take(String piece, List<Moves> moves);
}
