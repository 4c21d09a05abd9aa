package presence.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.Scheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import scala.concurrent.ExecutionContext;

/// Time that only tests move, whatever actors do meanwhile.
@ExtendWith(TestSystemExtension.class)
@Timeout(30)
class ManualClockTest {
  private final TestSystem system;
  private final Scheduler timers;
  private final Instant start;
  private final List<String> done = new ArrayList<>();

  ManualClockTest(TestSystem system) {
    this.system = system;
    this.timers = system.kit().system().scheduler();
    this.start = system.instant();
  }

  private Cancellable after(int millis, Runnable task) {
    return timers.scheduleOnce(
        Duration.ofMillis(millis), task, ExecutionContext.parasitic$.MODULE$);
  }

  private Cancellable every(int millis, Runnable task) {
    return timers.scheduleAtFixedRate(
        Duration.ofMillis(millis),
        Duration.ofMillis(millis),
        task,
        ExecutionContext.parasitic$.MODULE$);
  }

  private void passes(int millis) {
    system.passes(Duration.ofMillis(millis));
  }

  /// Writes down that something is done, and after how many milliseconds.
  private void done(String what) {
    done.add(what + " at " + Duration.between(start, system.instant()).toMillis());
  }

  @Test
  void timersComeAtTheirTimeAndThoseOfOneMomentAsTheyWereSet() {
    var _ = after(7, () -> done("third"));
    var _ = after(5, () -> done("first"));
    var _ = after(5, () -> done("second"));
    passes(4);
    assertThat(done).isEmpty();
    passes(10);
    assertThat(done).containsExactly("first at 5", "second at 5", "third at 7");
    assertThat(system.instant()).isEqualTo(start.plusMillis(14));
  }

  @Test
  void aTimerSetByATimerComesInTheSamePassage() {
    var _ =
        after(
            5,
            () -> {
              var _ = after(3, () -> done("second"));
              done("first");
            });
    passes(8);
    assertThat(done).containsExactly("first at 5", "second at 8");
  }

  @Test
  void whatRecursDoesSoUntilItIsCancelled() {
    Cancellable each = every(4, () -> done("again"));
    passes(9);
    assertThat(each.cancel()).isTrue();
    passes(9);
    assertThat(done).containsExactly("again at 4", "again at 8");
    assertThat(each.isCancelled()).isTrue();
    assertThat(each.cancel()).isFalse();
  }

  @Test
  void aCancelledTimerDoesNotCome() {
    Cancellable never = after(5, () -> done("never"));
    var _ = after(4, () -> assertThat(never.cancel()).isTrue());
    passes(9);
    assertThat(done).isEmpty();
  }

  @Test
  void whatIsDueAtOnceIsDoneByWhoeverAsksForItWhileTimePasses() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch passed = new CountDownLatch(1);
    try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Cancellable> asked =
          other.submit(() ->
              after(
                  0,
                  () -> {
                    begun.countDown();
                    awaits(passed);
                    done("it");
                  }));
      begun.await();
      passes(5);
      assertThat(done).isEmpty();
      passed.countDown();
      assertThat(asked.get().cancel()).isFalse();
    }
    assertThat(done).containsExactly("it at 5");
    assertThat(system.instant()).isEqualTo(start.plusMillis(5));
  }

  private static void awaits(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
