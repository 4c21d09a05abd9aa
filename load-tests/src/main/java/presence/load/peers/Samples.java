package presence.load.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// What was measured, in all rounds; the middle of them counts.
final class Samples {
  private final List<Sample> all = new ArrayList<>();

  /// Those of a file; none if there is none.
  static Samples read(Path file) throws IOException {
    Samples samples = new Samples();
    if (Files.exists(file)) {
      try (Stream<String> lines = Files.lines(file)) {
        lines.map(Sample::parse).forEach(samples::add);
      }
    }
    return samples;
  }

  void write(Path file) throws IOException {
    Files.write(file, all.stream().map(Sample::line).toList());
  }

  void add(Sample sample) {
    all.add(sample);
  }

  /// The peers that were measured, in the order in which they came.
  List<String> peers() {
    return all.stream().map(Sample::peer).distinct().toList();
  }

  OptionalDouble cost(String peer, Job job) {
    return median(peer, job, Sample::cost);
  }

  /// The middle one; of an even number, the higher of the two.
  OptionalDouble median(String peer, Job job, ToDoubleFunction<Sample> measure) {
    double[] values = of(peer, job).mapToDouble(measure).sorted().toArray();
    return values.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(values[values.length / 2]);
  }

  /// How often each peer did a job, at least.
  int rounds(Job job) {
    return peers().stream().mapToInt(peer -> (int) of(peer, job).count()).min().orElse(0);
  }

  private Stream<Sample> of(String peer, Job job) {
    return all.stream().filter(each -> each.peer().equals(peer) && each.job() == job);
  }
}
