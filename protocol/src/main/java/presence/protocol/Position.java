package presence.protocol;

/// A place in an instance's stream of changes.
///
/// @param epoch milliseconds of the instance's first event; another epoch is another stream
/// @param seq how many changes the stream has had; 0 is the empty beginning
public record Position(long epoch, long seq) {
  /// Before the beginning of every stream.
  public static final Position NOWHERE = new Position(0, 0);

  public Position {
    Checks.integer("epoch", epoch);
    Checks.integer("seq", seq);
  }

  /// Whether it is further on: in the same stream, or in a newer one.
  public boolean isAfter(Position other) {
    return epoch > other.epoch || (epoch == other.epoch && seq > other.seq);
  }
}
