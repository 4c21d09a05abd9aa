package presence.protocol;

/// A place in an instance's stream of changes.
///
/// @param epoch milliseconds of the instance's first event; another epoch is another stream
/// @param seq how many changes the stream has had; 0 is the empty beginning
public record Position(long epoch, long seq) {
  public Position {
    Checks.integer("epoch", epoch);
    Checks.integer("seq", seq);
  }
}
