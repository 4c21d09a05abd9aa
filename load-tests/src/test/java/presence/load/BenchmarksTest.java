package presence.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import presence.load.bench.ChangesBenchmark;
import presence.load.bench.CodecBenchmark;
import presence.load.bench.FrameBenchmark;
import presence.load.bench.InstanceBenchmark;
import presence.load.bench.LeaseBenchmark;
import presence.load.bench.MailboxBenchmark;

/// Every benchmark runs. What it costs is not judged here.
class BenchmarksTest {
  private static final List<Class<?>> ALL =
      List.of(
          ChangesBenchmark.class,
          CodecBenchmark.class,
          FrameBenchmark.class,
          InstanceBenchmark.class,
          LeaseBenchmark.class,
          MailboxBenchmark.class);

  @Test
  @Timeout(60)
  void eachRunsOnceWithoutAnError() throws Exception {
    List<String> ran =
        runOnce().stream().map(each -> each.getParams().getBenchmark()).distinct().toList();
    assertThat(ran).containsExactlyInAnyOrderElementsOf(benchmarks().toList());
  }

  private static Stream<String> benchmarks() {
    return ALL.stream()
        .flatMap(each -> Arrays.stream(each.getMethods()))
        .filter(each -> each.isAnnotationPresent(Benchmark.class))
        .map(BenchmarksTest::name);
  }

  private static String name(Method method) {
    return method.getDeclaringClass().getName() + "." + method.getName();
  }

  /// In this JVM, one call of each, with the smallest sizes but every message.
  private static Collection<RunResult> runOnce() throws RunnerException {
    ChainedOptionsBuilder once =
        new OptionsBuilder()
            .forks(0)
            .mode(Mode.SingleShotTime)
            .warmupIterations(0)
            .measurementIterations(1)
            .param("people", "10")
            .param("size", "10")
            .param("letters", "1")
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true);
    ALL.forEach(each -> once.include(each.getName().replace(".", "\\.")));
    return new Runner(once.build()).run();
  }
}
