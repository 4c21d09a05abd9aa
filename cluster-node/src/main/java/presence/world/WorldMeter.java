package presence.world;

/// Hears what the worlds of a node do, for those who measure it. Called by the worlds themselves,
/// so an answer takes no longer than counting does.
public interface WorldMeter {
  /// Hears nothing.
  WorldMeter NONE = new WorldMeter() {};

  /// So many avatars are in a world, after a change or a recovery.
  ///
  /// @param ghosts those of them whose client has no socket
  default void stands(String piece, int avatars, int ghosts) {}

  /// A world is in the memory of this node no longer.
  default void left(String piece) {}

  /// A world tells so many relays where so many avatars are.
  default void tells(int relays, int moves) {}
}
