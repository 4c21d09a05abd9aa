package presence.load.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import presence.session.Lease;

/// What a lease goes through when its socket is lost: in time, and for good.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class LeaseBenchmark {
  private static final Duration GRACE = Duration.ofSeconds(90);

  private Lease online = Lease.first(1);
  private long now = 1_767_225_600_000L;

  /// A socket is lost and the client comes back with another.
  @Benchmark
  public Lease comesBack() {
    return online.detach(1, now, GRACE).expire(now + 1).attach();
  }

  /// A socket is lost and nobody comes.
  @Benchmark
  public Lease runsOut() {
    return online.detach(1, now, GRACE).expire(now + GRACE.toMillis());
  }

  /// The late word of an older connection.
  @Benchmark
  public Lease staleDetach() {
    return online.detach(0, now, GRACE);
  }
}
