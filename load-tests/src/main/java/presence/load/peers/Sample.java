package presence.load.peers;

import java.util.Locale;

/// What one job of one round gave.
///
/// @param peer whose server it was
/// @param cost in the job's unit
/// @param frames the most that any member received
/// @param bytes of their payloads, the most again
/// @param seconds it took
record Sample(String peer, Job job, double cost, long frames, long bytes, double seconds) {
  String line() {
    return String.format(
        Locale.ROOT, "%s\t%s\t%.4f\t%d\t%d\t%.3f", peer, job, cost, frames, bytes, seconds);
  }

  static Sample parse(String line) {
    String[] parts = line.split("\t", -1);
    return new Sample(
        parts[0],
        Job.valueOf(parts[1]),
        Double.parseDouble(parts[2]),
        Long.parseLong(parts[3]),
        Long.parseLong(parts[4]),
        Double.parseDouble(parts[5]));
  }
}
