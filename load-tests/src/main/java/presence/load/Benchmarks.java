package presence.load;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Measures the pure values of `presence.load.bench` with JMH, each in a JVM of its own: time and
/// bytes of one call. Arguments are JMH's, the first a pattern of names: `Codec -f 3`.
public final class Benchmarks {
  private Benchmarks() {}

  public static void main(String[] args) throws Exception {
    new Runner(
            new OptionsBuilder()
                .parent(new CommandLineOptions(args))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .build())
        .run();
  }
}
