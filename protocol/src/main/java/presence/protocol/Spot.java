package presence.protocol;

import org.jspecify.annotations.Nullable;

/// A place in a world.
public record Spot(double x, double y, @Nullable Double z) {
  /// Beyond it a double is coarser than a ten-millionth.
  public static final double COORDINATE_MAX = 1e9;

  public Spot {
    check("x", x);
    check("y", y);
    if (z != null) {
      check("z", z);
    }
  }

  private static void check(String field, double value) {
    if (!(Math.abs(value) <= COORDINATE_MAX)) {
      throw Checks.bad("pos." + field + " is a number from -1e9 to 1e9");
    }
  }
}
