package presence.load.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import presence.instance.Flushed;
import presence.instance.InstanceLimits;
import presence.instance.InstanceState;
import presence.instance.Pace;
import presence.instance.Seat;
import presence.instance.Standing;
import presence.protocol.Member;

/// One flush of an instance and the fold of its event into the roster and the stream. Values do not
/// change, so each call does the same step from the same state.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class InstanceBenchmark {
  private static final long NOW = 1_767_225_600_000L;

  /// As in `presence.conf`.
  private static final InstanceLimits LIMITS =
      new InstanceLimits(
          0,
          0,
          500,
          10_000,
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          1_000,
          new Pace.Limits(Duration.ofMillis(20), Duration.ofSeconds(1), Duration.ofNanos(250_000)));

  /// Who is in it; half of them look at it.
  @Param({"10", "100", "1000", "10000"})
  public int people;

  private InstanceState state = InstanceState.empty("lobby");
  private List<Seat> oneLeaves = List.of();
  private List<Seat> allTurn = List.of();
  private Flushed leaving = new Flushed(NOW, 0, List.of(), List.of());
  private Flushed turning = leaving;
  private Flushed speaking = leaving;

  @Setup
  public void fill() {
    for (int number = 0; number < people; number++) {
      Seat comes = seat(number, 1, number % 2 == 0);
      state = state.apply(state.flush(List.of(comes), List.of(), NOW), LIMITS);
    }
    oneLeaves = List.of(new Seat(session(people / 2), 2, null));
    allTurn =
        IntStream.range(0, people).mapToObj(number -> seat(number, 2, number % 2 != 0)).toList();
    leaving = state.flush(oneLeaves, List.of(), NOW + 1);
    turning = state.flush(allTurn, List.of(), NOW + 1);
    Flushed.Speech speech = new Flushed.Speech(session(0), member(0), "x".repeat(100), "m-1");
    speaking = state.flush(List.of(), List.of(speech), NOW + 1);
  }

  private static Seat seat(int number, long n, boolean looks) {
    return new Seat(session(number), n, new Standing(member(number), looks));
  }

  private static String session(int number) {
    return "a-session-id-has-forty-characters-%06d".formatted(number);
  }

  private static Member member(int number) {
    String handle = "@guest-" + number;
    return new Member(handle, handle, "Guest " + number);
  }

  /// From the word of one who leaves to the event.
  @Benchmark
  public Flushed flushOne() {
    return state.flush(oneLeaves, List.of(), NOW + 1);
  }

  @Benchmark
  public InstanceState foldOne() {
    return state.apply(leaving, LIMITS);
  }

  /// Everybody who looked looks away, and everybody else looks.
  @Benchmark
  public Flushed flushAll() {
    return state.flush(allTurn, List.of(), NOW + 1);
  }

  @Benchmark
  public InstanceState foldAll() {
    return state.apply(turning, LIMITS);
  }

  /// One chat message.
  @Benchmark
  public InstanceState foldMessage() {
    return state.apply(speaking, LIMITS);
  }
}
