package presence.load.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// What was measured, as people read it: a table of the middle of all rounds with its ratio to
/// Netty, what ours holds of what it is to hold, and what went wrong.
public final class Page {
  private static final String LABEL = "%-50s";

  private final Samples samples;
  private final Size size;
  private final Machine machine;
  private final List<String> absent;
  private final List<String> failures;

  Page(Samples samples, Size size, Machine machine, List<String> absent, List<String> failures) {
    this.samples = samples;
    this.size = size;
    this.machine = machine;
    this.absent = absent;
    this.failures = failures;
  }

  /// Whether a job did not do what it is for, so that there is no number of it.
  public boolean failed() {
    return !failures.isEmpty();
  }

  /// Whether ours holds all it is to hold.
  public boolean holds() {
    return Goal.ALL.stream().allMatch(goal -> goal.holds(samples));
  }

  public String text() {
    StringBuilder page = new StringBuilder();
    page.append(
            "Peers: a room of %,d, messages of %d bytes%n".formatted(size.members(), Texts.BYTES))
        .append(machine)
        .append(System.lineSeparator())
        .append(
            "Processor time of the server, the middle of %d rounds; in brackets × Netty%n%n"
                .formatted(samples.rounds(Job.JOIN)));
    costs(page);
    page.append("%nReceived by each member: frames, KB%n%n".formatted());
    received(page);
    page.append("%nWhat ours is to hold%n%n".formatted());
    Goal.ALL.forEach(goal -> page.append(goal.verdict(samples)).append(System.lineSeparator()));
    absent.forEach(line -> page.append(System.lineSeparator()).append(line));
    failures.forEach(line -> page.append(System.lineSeparator()).append("FAILED ").append(line));
    return page.toString();
  }

  private void costs(StringBuilder page) {
    page.append(LABEL.formatted("")).append(columns("%18s", peer -> peer));
    for (Job job : Job.values()) {
      page.append(LABEL.formatted(job.title() + ", " + job.unit()))
          .append(columns("%18s", peer -> cost(peer, job)));
    }
  }

  private String cost(String peer, Job job) {
    OptionalDouble cost = samples.cost(peer, job);
    if (cost.isEmpty()) {
      return "–";
    }
    OptionalDouble floor = samples.cost(Peer.NETTY, job);
    return floor.isPresent() && !peer.equals(Peer.NETTY) && floor.getAsDouble() > 0
        ? "%.2f (%.2f)".formatted(cost.getAsDouble(), cost.getAsDouble() / floor.getAsDouble())
        : "%.2f".formatted(cost.getAsDouble());
  }

  private void received(StringBuilder page) {
    page.append(LABEL.formatted("")).append(columns("%18s", peer -> peer));
    for (Job job : Job.values()) {
      if (job != Job.CONNECT && job != Job.MEMORY) {
        page.append(LABEL.formatted(job.title()))
            .append(columns("%18s", peer -> received(peer, job)));
      }
    }
  }

  private String received(String peer, Job job) {
    OptionalDouble frames = samples.median(peer, job, Sample::frames);
    OptionalDouble bytes = samples.median(peer, job, Sample::bytes);
    return frames.isEmpty()
        ? "–"
        : "%,.0f %,10.1f".formatted(frames.getAsDouble(), bytes.orElseThrow() / 1024);
  }

  /// A cell of a table for each peer.
  private interface Cell {
    String of(String peer);
  }

  private String columns(String format, Cell cell) {
    return samples.peers().stream()
            .map(peer -> format.formatted(cell.of(peer)))
            .collect(Collectors.joining())
        + System.lineSeparator();
  }

  /// Writes the page and a plot of each job that more than one peer did.
  void write(Path directory) throws IOException {
    Files.writeString(directory.resolve("peers.txt"), text() + System.lineSeparator());
    for (Job job : Job.values()) {
      Bars bars = new Bars(job.title(), job.unit());
      for (String peer : samples.peers()) {
        samples.cost(peer, job).ifPresent(cost -> bars.add(peer, cost));
      }
      if (bars.count() > 1) {
        Files.writeString(
            directory.resolve("peers-" + job.name().toLowerCase(Locale.ROOT) + ".svg"), bars.svg());
      }
    }
  }
}
