package presence.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import presence.load.process.NodeProcess;

/// How long a node takes from the start of its process to its `ready` line, with an empty journal.
///
/// System properties: `runs` (5), `start.max` (8,000 ms).
public final class StartTime {
  private StartTime() {}

  public static void main(String[] args) {
    int runs = Integer.getInteger("runs", 5);
    long maxMillis = Long.getLong("start.max", 8_000);
    Report report = new Report("StartTime: an empty journal, %d runs".formatted(runs));
    List<Long> millis = new ArrayList<>();
    for (int run = 1; run <= runs; run++) {
      try (NodeProcess node = NodeProcess.start(Map.of())) {
        millis.add(node.startTime().toMillis());
        report.note(
            "run " + run,
            "%,d ms, %,d ms of CPU".formatted(millis.getLast(), node.cpu().toMillis()));
      }
    }
    long median = Percentiles.of(millis).at(50);
    report.check(
        median <= maxMillis, "median", "%,d ms, at most %,d ms".formatted(median, maxMillis));
    report.exit();
  }
}
