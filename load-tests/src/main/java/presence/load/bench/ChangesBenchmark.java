package presence.load.bench;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import presence.instance.Change;
import presence.instance.Changes;
import presence.protocol.Member;
import presence.protocol.ServerMessage;

/// The ring of an instance's newest changes: one more when it is full, and what a relay missed.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class ChangesBenchmark {
  private static final int MISSED = 10;
  private static final Member ANN = new Member("@ann", "@ann", "Ann");

  @Param({"10", "100", "1000", "10000"})
  public int size;

  private Changes ring = Changes.NONE;
  private Change next = change(1);

  @Setup
  public void fill() {
    for (long seq = 1; seq <= size; seq++) {
      ring = ring.plus(change(seq));
    }
    next = change(size + 1L);
  }

  private static Change change(long seq) {
    return new Change.Message(
        "session", new ServerMessage.Said("lobby", 1, seq, "id", ANN, "hello", seq, null, null));
  }

  /// The newest comes, the oldest goes.
  @Benchmark
  public Changes plus() {
    return ring.plus(next).trim(size, 0);
  }

  /// What followed ten changes ago.
  @Benchmark
  public Optional<List<Change>> since() {
    return ring.since(size - MISSED, size);
  }
}
