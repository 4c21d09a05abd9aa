package presence.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static presence.simulation.Planned.at;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.simulation.Ledger.Rest;
import presence.simulation.Ledger.Send;
import presence.simulation.Ledger.Spoil;

@Timeout(60)
class SimulationTest {

  private static final long SEED = 7;

  private final Simulation<?, ?> careful = new Simulation<>(new Ledger(100, true));
  private final Simulation<Ledger.Stage, Ledger.Step> careless =
      new Simulation<>(new Ledger(100, false));

  @Test
  void aScenarioThatIsRightHoldsForEverySeed() {
    assertThatCode(() -> careful.check(50)).doesNotThrowAnyException();
  }

  @Test
  void theSameSeedGivesTheSameTrace() {
    var first = careful.record(SEED);
    var other = careful.record(SEED + 1);
    var again = careful.record(SEED);

    assertThat(first).hasSizeGreaterThan(500).isNotEqualTo(other);
    assertThat(again).isEqualTo(first);
  }

  @Test
  void theSameSeedGivesTheSameTraceInAnotherJvm() throws Exception {
    var java = new File(System.getProperty("java.home"), "bin/java").getPath();
    var process =
        new ProcessBuilder(
                java,
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Recorder.class.getName(),
                Long.toString(SEED))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var there = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(there.lines().toList()).isEqualTo(careful.record(SEED));
  }

  /// Prints the trace of a seed.
  static final class Recorder {
    public static void main(String[] args) {
      new Simulation<>(new Ledger(100, true))
          .record(Long.parseLong(args[0]))
          .forEach(System.out::println);
    }
  }

  @Test
  void aFailureIsReportedWithItsSeedAndTheFewestStepsAndTheTrace() {
    assertThatThrownBy(() -> careless.check(50))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Broken: what is announced was sent")
        .hasMessageContaining("seed 1, 2 of its 100 steps")
        .hasMessageContaining("simulation.replay(1L, List.of(")
        .hasMessageContaining("new Send(")
        .hasMessageContaining("<- Add[n=1");
  }

  @Test
  void reportedStepsCanBePastedAndFailAgain() {
    List<Planned<Ledger.Step>> steps =
        List.of(
            at(3, new Spoil("a", Fault.FAIL_AFTER)),
            at(8, new Send("a", 5)),
            at(9, new Rest(Duration.ofSeconds(5))));

    assertThatThrownBy(() -> careless.replay(1L, steps))
        .hasMessageContaining("at(3, new Spoil(\"a\", Fault.FAIL_AFTER))")
        .hasMessageContaining("at(8, new Send(\"a\", 5))");
    assertThatCode(() -> new Simulation<>(new Ledger(100, true)).replay(1L, steps))
        .doesNotThrowAnyException();
  }

  @Test
  void theCommandLineChoosesTheSeed() {
    System.setProperty("presence.seed", "3");
    try {
      assertThatThrownBy(() -> careless.check(50)).hasMessageContaining("seed 3, ");
    } finally {
      System.clearProperty("presence.seed");
    }
  }

  @Test
  void stepsArePrintedAsJava() {
    assertThat(JavaSource.of(new Rest(Duration.ofMillis(1500))))
        .isEqualTo("new Rest(Duration.ofMillis(1500))");
    assertThat(JavaSource.of(new Send("a\"b", 1))).isEqualTo("new Send(\"a\\\"b\", 1)");
    assertThat(JavaSource.of(List.of(1L, Fault.HANG_AFTER)))
        .isEqualTo("List.of(1L, Fault.HANG_AFTER)");
  }
}
