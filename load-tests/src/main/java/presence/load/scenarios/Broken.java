package presence.load.scenarios;

/// An invariant does not hold; the message says in what.
public final class Broken extends RuntimeException {
  Broken(String why) {
    super(why);
  }
}
