package presence.gateway;

import presence.protocol.Spot;

/// The worlds that clients of this node are in.
public final class WorldRelays {

  public sealed interface Command {}

  /// A client's avatar is here now, by whatever way that came. Who is no member of the world moves
  /// nothing.
  ///
  /// @param epoch of the client's connection; of two moves the one with the greater epoch holds,
  ///   then the one with the greater `seq`
  public record Move(String piece, String session, long epoch, Spot pos, long seq)
      implements Command {}

  private WorldRelays() {}
}
