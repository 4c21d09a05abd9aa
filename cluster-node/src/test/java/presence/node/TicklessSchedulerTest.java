package presence.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.Scheduler;
import org.apache.pekko.actor.SchedulerException;
import org.apache.pekko.actor.SchedulerTask;
import org.apache.pekko.event.NoLogging$;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.ExecutionContext;
import scala.runtime.BoxedUnit;

class TicklessSchedulerTest {
  private static final Duration SOON = Duration.ofMillis(30);
  private static final Duration NEVER = Duration.ofHours(1);

  private final Config config =
      ConfigFactory.parseString("pekko.scheduler { tick-duration = 5ms, shutdown-timeout = 5s }");
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final ExecutionContext executor =
      ExecutionContext.fromExecutor(
          Runnable::run,
          failure -> {
            failures.add(failure);
            return BoxedUnit.UNIT;
          });
  private final TicklessScheduler scheduler =
      new TicklessScheduler(config, NoLogging$.MODULE$, this::thread);

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work, "timers");
    thread.setUncaughtExceptionHandler((_, failure) -> failures.add(failure));
    threads.add(thread);
    return thread;
  }

  @AfterEach
  void close() {
    scheduler.close();
    assertThat(threads).isNotEmpty().noneMatch(Thread::isAlive);
  }

  private static void awaits(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /// Until a timer that is set now is due.
  private void passes(Duration time) throws InterruptedException {
    CountDownLatch later = new CountDownLatch(1);
    scheduler.scheduleOnce(time, later::countDown, executor);
    awaits(later);
  }

  @Test
  void whatIsDueRunsOnceAndNotBefore() throws InterruptedException {
    Queue<Long> moments = new ConcurrentLinkedQueue<>();
    long set = System.nanoTime();
    Cancellable timer =
        scheduler.scheduleOnce(SOON, () -> moments.add(System.nanoTime()), executor);
    passes(SOON.multipliedBy(3));
    assertThat(moments)
        .singleElement()
        .satisfies(at -> assertThat(at - set).isGreaterThanOrEqualTo(SOON.toNanos()));
    assertThat(timer.isCancelled()).isFalse();
    assertThat(timer.cancel()).isFalse();
  }

  @Test
  void whatIsDueNowRunsNow() {
    AtomicInteger runs = new AtomicInteger();
    Cancellable timer = scheduler.scheduleOnce(Duration.ZERO, runs::incrementAndGet, executor);
    assertThat(runs).hasValue(1);
    assertThat(timer.cancel()).isFalse();
  }

  @Test
  void aTimerThatIsSetLaterAndDueSoonerIsNotKeptWaiting() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(1);
    long before = waits();
    Cancellable far = scheduler.scheduleOnce(NEVER, ran::countDown, executor);
    await().until(() -> waits() > before && isAsleep());
    scheduler.scheduleOnce(SOON, ran::countDown, executor);
    awaits(ran);
    assertThat(far.cancel()).isTrue();
  }

  @Test
  void theyRunInTheOrderInWhichTheyAreDue() throws InterruptedException {
    Queue<Integer> order = new ConcurrentLinkedQueue<>();
    CountDownLatch ran = new CountDownLatch(4);
    for (int each : new int[] {3, 1, 4, 2}) {
      scheduler.scheduleOnce(
          Duration.ofMillis(250).multipliedBy(each),
          () -> {
            order.add(each);
            ran.countDown();
          },
          executor);
    }
    awaits(ran);
    assertThat(order).containsExactly(1, 2, 3, 4);
  }

  @Test
  void whatIsCancelledDoesNotRunAndIsToldOfIt() throws InterruptedException {
    AtomicInteger told = new AtomicInteger();
    AtomicInteger runs = new AtomicInteger();
    SchedulerTask task =
        new SchedulerTask() {
          @Override
          public void run() {
            runs.incrementAndGet();
          }

          @Override
          public void cancelled() {
            told.incrementAndGet();
          }
        };
    Duration second = Duration.ofSeconds(1);
    Cancellable timer = scheduler.scheduleOnce(second, task, executor);
    assertThat(timer.cancel()).isTrue();
    assertThat(timer.cancel()).isFalse();
    assertThat(timer.isCancelled()).isTrue();
    passes(second.plus(SOON));
    assertThat(runs).hasValue(0);
    assertThat(told).hasValue(1);
  }

  @Test
  void whatRecursDoesUntilItIsCancelled() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(5);
    long set = System.nanoTime();
    Cancellable timer =
        scheduler.scheduleAtFixedRate(Duration.ZERO, SOON, runs::countDown, executor);
    awaits(runs);
    assertThat(System.nanoTime() - set).isGreaterThanOrEqualTo(4 * SOON.toNanos());
    assertThat(timer.isCancelled()).isFalse();
    assertThat(timer.cancel()).isTrue();
    assertThat(timer.cancel()).isFalse();
    assertThat(timer.isCancelled()).isTrue();
  }

  @Test
  void atAFixedRateNoRunPutsOffThoseAfterIt() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(20);
    Queue<Long> moments = new ConcurrentLinkedQueue<>();
    scheduler.scheduleAtFixedRate(
        SOON,
        SOON,
        () -> {
          moments.add(System.nanoTime());
          runs.countDown();
          if (moments.size() == 1) {
            await().until(() -> System.nanoTime() - moments.peek() > 15 * SOON.toNanos());
          }
        },
        executor);
    awaits(runs);
    List<Long> all = List.copyOf(moments);
    assertThat(all.get(15) - all.get(1)).isLessThan(14 * SOON.toNanos());
  }

  @Test
  void whatRecursAndIsCancelledByItselfRunsNoMore() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch set = new CountDownLatch(1);
    Cancellable[] timer = new Cancellable[1];
    timer[0] =
        scheduler.scheduleAtFixedRate(
            SOON,
            SOON,
            () -> {
              runs.incrementAndGet();
              awaitUninterruptibly(set);
              assertThat(timer[0].cancel()).isTrue();
            },
            executor);
    set.countDown();
    await().untilAtomic(runs, value -> assertThat(value).isEqualTo(1));
    passes(SOON.multipliedBy(3));
    assertThat(runs).hasValue(1);
    assertThat(failures).isEmpty();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      awaits(latch);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void withAFixedDelayItRecursToo() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(3);
    Cancellable timer = scheduler.scheduleWithFixedDelay(SOON, SOON, runs::countDown, executor);
    awaits(runs);
    assertThat(timer.cancel()).isTrue();
  }

  @Test
  void whoIsGoneIsNotToldAgain() throws InterruptedException {
    AtomicInteger told = new AtomicInteger();
    scheduler.scheduleAtFixedRate(
        SOON,
        SOON,
        () -> {
          told.incrementAndGet();
          throw new SchedulerException("gone");
        },
        executor);
    passes(SOON.multipliedBy(4));
    assertThat(told).hasValue(1);
    assertThat(failures).isEmpty();
  }

  @Test
  void aTaskThatFailsIsReportedAndHoldsUpNobody() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(2);
    IllegalStateException why = new IllegalStateException("a failure");
    Runnable failing =
        () -> {
          ran.countDown();
          throw why;
        };
    scheduler.scheduleOnce(SOON, failing, executor);
    scheduler.scheduleAtFixedRate(SOON, SOON, failing, executor);
    awaits(ran);
    passes(SOON.multipliedBy(2));
    assertThat(failures).containsExactly(why, why);
  }

  @Test
  void anInterruptedThreadGoesOn() throws InterruptedException {
    threads.getFirst().interrupt();
    CountDownLatch ran = new CountDownLatch(1);
    scheduler.scheduleOnce(SOON, ran::countDown, executor);
    awaits(ran);
  }

  /// What is fatal is the system's to judge; timers that others wait for go on.
  @Test
  void whatIsFatalEndsTheThreadAndNotTheTimers() throws InterruptedException {
    StackOverflowError fatal = new StackOverflowError("thrown by a test");
    CountDownLatch ran = new CountDownLatch(10);
    for (int i = 0; i < 10; i++) {
      if (i == 5) {
        scheduler.scheduleOnce(
            SOON,
            () -> {
              throw fatal;
            },
            executor);
      }
      scheduler.scheduleOnce(SOON, ran::countDown, executor);
    }
    awaits(ran);
    await().untilAsserted(() -> assertThat(failures).containsExactly(fatal));
    passes(SOON);
    assertThat(threads).hasSize(2);
  }

  @Test
  void whatIsCancelledLongBeforeItsTimeIsNotKept() {
    WeakReference<Object> cancelled = new WeakReference<>(cancelled());
    await()
        .until(() -> {
          System.gc();
          return cancelled.refersTo(null);
        });
  }

  private Object cancelled() {
    Cancellable timer = scheduler.scheduleOnce(NEVER, () -> {}, executor);
    assertThat(timer.cancel()).isTrue();
    return timer;
  }

  @Test
  void aDelayBeyondAllTimesCanBeCancelled() {
    Duration longest = Duration.ofNanos(Long.MAX_VALUE);
    assertThat(scheduler.scheduleOnce(longest, () -> {}, executor).cancel()).isTrue();
  }

  @Test
  void anIntervalOfNothingIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scheduler.scheduleAtFixedRate(SOON, Duration.ZERO, () -> {}, executor));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> scheduler.scheduleWithFixedDelay(SOON, Duration.ZERO, () -> {}, executor));
  }

  @Test
  void closingRunsOnlyWhatMustBeRun() {
    AtomicInteger must = new AtomicInteger();
    AtomicInteger other = new AtomicInteger();
    Scheduler.TaskRunOnClose task = must::incrementAndGet;
    Scheduler.TaskRunOnClose failing =
        () -> {
          throw new IllegalStateException("a failure");
        };
    Scheduler.TaskRunOnClose again =
        () -> scheduler.scheduleOnce(NEVER, other::incrementAndGet, executor);
    scheduler.scheduleOnce(NEVER, failing, executor);
    scheduler.scheduleOnce(NEVER, again, executor);
    scheduler.scheduleOnce(NEVER, task, executor);
    scheduler.scheduleOnce(NEVER, other::incrementAndGet, executor);
    boolean cancelled = scheduler.scheduleOnce(NEVER, task, executor).cancel();
    scheduler.close();
    scheduler.close();
    assertThat(cancelled).isTrue();
    assertThat(must).hasValue(1);
    assertThat(other).hasValue(0);
  }

  @Test
  void nothingCanBeSetAfterItsEnd() {
    scheduler.close();
    for (Duration delay : List.of(Duration.ZERO, SOON)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> scheduler.scheduleOnce(delay, () -> {}, executor))
          .withCauseInstanceOf(SchedulerException.class);
    }
  }

  @Test
  void whileNothingIsDueItsThreadSleeps() throws InterruptedException {
    Cancellable far = scheduler.scheduleOnce(NEVER, () -> {}, executor);
    CountDownLatch ran = new CountDownLatch(1);
    long before = waits();
    scheduler.scheduleOnce(Duration.ofMillis(500), ran::countDown, executor);
    awaits(ran);
    assertThat(waits() - before).isLessThan(10);
    assertThat(far.cancel()).isTrue();
  }

  @Test
  void whatIsDueAtTheSameTimeIsDoneTogether() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(5_000);
    long before = waits();
    for (long i = ran.getCount(); i > 0; i--) {
      scheduler.scheduleOnce(Duration.ofMillis(200), ran::countDown, executor);
    }
    awaits(ran);
    assertThat(waits() - before).isLessThan(1_000);
  }

  private boolean isAsleep() {
    return threads.getFirst().getState() == Thread.State.TIMED_WAITING;
  }

  private long waits() {
    return ManagementFactory.getThreadMXBean()
        .getThreadInfo(threads.getFirst().threadId())
        .getWaitedCount();
  }

  /// Whatever many threads set and cancel, each task runs once or is cancelled once.
  @Test
  void eachTaskRunsOrIsCancelled() {
    int each = 5_000;
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger cancelled = new AtomicInteger();
    List<Thread> setters = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      Random random = new Random(seed);
      setters.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < each; i++) {
                  Cancellable timer =
                      scheduler.scheduleOnce(
                          Duration.ofMillis(random.nextInt(40)), runs::incrementAndGet, executor);
                  if (random.nextBoolean() && timer.cancel()) {
                    cancelled.incrementAndGet();
                  }
                }
              }));
    }
    await().until(() -> setters.stream().noneMatch(Thread::isAlive));
    await().until(() -> runs.get() + cancelled.get() == setters.size() * each);
    assertThat(cancelled).hasPositiveValue();
    assertThat(failures).isEmpty();
  }
}
