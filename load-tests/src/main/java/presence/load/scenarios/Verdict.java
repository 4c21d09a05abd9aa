package presence.load.scenarios;

import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a scenario ended.
///
/// @param must hold
/// @param did what was done; absent if it came to no end
/// @param why the invariant does not hold; absent if it does
public record Verdict(
    String name, String must, Duration took, @Nullable String did, @Nullable String why) {

  public boolean holds() {
    return why == null;
  }

  void print(PrintStream out) {
    out.println(name);
    out.println("  must  " + must);
    if (did != null) {
      out.println("  did   " + did);
    }
    String seconds = "%.1f s".formatted(took.toMillis() / 1e3);
    out.println(holds() ? "  OK    " + seconds : "  FAILED after " + seconds + ": " + why);
  }
}
