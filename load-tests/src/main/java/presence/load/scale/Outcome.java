package presence.load.scale;

import java.util.stream.Stream;

/// What became of a step.
///
/// @param done how often it was done
/// @param repeated how often it had to be asked again, because no answer came
/// @param complaint the first thing that went wrong; empty = nothing did
public record Outcome(long done, long repeated, String complaint) {
  static final Outcome NOTHING = new Outcome(0, 0, "");

  Outcome plus(Outcome other) {
    String first =
        Stream.of(complaint, other.complaint)
            .filter(each -> !each.isEmpty())
            .findFirst()
            .orElse("");
    return new Outcome(done + other.done, repeated + other.repeated, first);
  }

  /// As one line.
  String line() {
    return done + " " + repeated + " " + complaint.replace('\n', ' ');
  }

  /// Reads a line.
  public static Outcome parse(String line) {
    String[] parts = line.split(" ", 3);
    return new Outcome(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
  }
}
