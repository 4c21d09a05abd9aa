package presence.simulation;

/// A step with its place in the run it was made for. Chance during a step depends on this number
/// and not on the steps before it, so that leaving some out changes little for the rest.
public record Planned<S>(int n, S step) {

  /// A step as a report prints it.
  public static <S> Planned<S> at(int n, S step) {
    return new Planned<>(n, step);
  }

  @Override
  public String toString() {
    return "at(%d, %s)".formatted(n, JavaSource.of(step));
  }
}
