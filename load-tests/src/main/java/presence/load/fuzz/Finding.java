package presence.load.fuzz;

/// A case that did harm.
///
/// @param why what is not as it must be
public record Finding(String target, long number, Throwable why) {
  @Override
  public String toString() {
    return "case %d, %s: %s".formatted(number, target, why);
  }
}
