package presence.load.bench;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
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
import presence.protocol.Member;
import presence.user.Address;
import presence.user.MailEvent;
import presence.user.MailLimits;
import presence.user.Mailbox;
import presence.user.Pauses;
import presence.user.Posting;

/// One letter more, and one acknowledged, in a mailbox that holds some.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class MailboxBenchmark {
  private static final long NOW = 1_767_225_600_000L;
  private static final List<String> LIVE = List.of("desk", "phone");

  /// Room for one more than the fullest of these has.
  private static final MailLimits LIMITS =
      new MailLimits(
          2_000,
          1 << 20,
          Duration.ofDays(7),
          Duration.ofHours(24),
          10_000,
          10,
          new Pauses(Duration.ofSeconds(5), Duration.ofMinutes(5)),
          1 << 16,
          new Pauses(Duration.ofSeconds(1), Duration.ofMinutes(1)));

  @Param({"1", "100", "1000"})
  public int letters;

  private Mailbox box = Mailbox.EMPTY;
  private Posting next = posting(0);
  private String oldest = "";

  @Setup
  public void fill() {
    for (int number = 0; number < letters; number++) {
      MailEvent.Accepted event = accepted(box, posting(number));
      oldest = number == 0 ? event.id() : oldest;
      box = box.apply(event, LIVE);
    }
    next = posting(letters);
  }

  private static Posting posting(int number) {
    return new Posting(
        new Address.Person("@bob"),
        new Member("@bob", "@bob", "Bob"),
        new Address.Person("@ann"),
        "x".repeat(100),
        "m-" + number);
  }

  private static MailEvent.Accepted accepted(Mailbox box, Posting posting) {
    if (box.rule(posting, NOW, LIMITS) instanceof Mailbox.Ruling.Take(MailEvent.Accepted event)) {
      return event;
    }
    throw new IllegalStateException("the letter was not accepted");
  }

  @Benchmark
  public Mailbox accept() {
    return box.apply(accepted(box, next), LIVE);
  }

  @Benchmark
  public Mailbox acknowledge() {
    MailEvent event = box.acknowledgement("desk", List.of(oldest), NOW);
    return box.apply(Objects.requireNonNull(event), LIVE);
  }
}
