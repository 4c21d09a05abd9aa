package presence.testkit;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.typesafe.config.Config;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.testkit.ExplicitlyTriggeredScheduler;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/// The clock and the timers of a system in one: time stands still until a test lets it pass. Unlike
/// the timers of Pekko's `ManualTime` it does not sleep to let actors come to rest; an [Entity]
/// knows when they have, and is asked at every timer: an actor that sets a timer anew while time
/// goes on without it would set it too late.
public final class ManualClock extends ExplicitlyTriggeredScheduler implements InstantSource {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  /// In a week there are more timers than this only if somebody, perhaps of another test, repeats
  /// itself all the time; then time goes on without them.
  private static final int RESTS_MAX = 1_000;

  private final NavigableSet<Long> due = new ConcurrentSkipListSet<>();

  /// Called by the actor system, as its configuration says.
  public ManualClock(Config config, LoggingAdapter log, ThreadFactory threads) {
    super(config, log, threads);
  }

  static ManualClock of(ActorSystem<?> system) {
    return (ManualClock) Adapter.toClassic(system).scheduler();
  }

  @Override
  public Instant instant() {
    return START.plusMillis(currentTimeMs());
  }

  @Override
  public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext executor) {
    due.add(currentTimeMs() + delay.toMillis());
    return super.scheduleOnce(delay, task, executor);
  }

  /// What recurs is nothing to rest for: the runtime's own housekeeping, and there is much of it in
  /// a week.
  @Override
  public Cancellable scheduleWithFixedDelay(
      FiniteDuration first, FiniteDuration then, Runnable task, ExecutionContext executor) {
    Recurring recurring = new Recurring(then, task, executor);
    recurring.next(first);
    return recurring;
  }

  @Override
  public Cancellable schedule(
      FiniteDuration first, FiniteDuration then, Runnable task, ExecutionContext executor) {
    return scheduleWithFixedDelay(first, then, task, executor);
  }

  /// Unlike those of the scheduler beneath it does not run again if its actor cancels it while it
  /// runs.
  private final class Recurring implements Cancellable, Runnable {
    private final FiniteDuration every;
    private final Runnable task;
    private final ExecutionContext executor;
    private boolean cancelled;

    private Recurring(FiniteDuration every, Runnable task, ExecutionContext executor) {
      this.every = every;
      this.task = task;
      this.executor = executor;
    }

    private void next(FiniteDuration after) {
      ManualClock.super.scheduleOnce(after, this, executor);
    }

    @Override
    public void run() {
      if (!isCancelled()) {
        task.run();
        next(every);
      }
    }

    @Override
    public synchronized boolean cancel() {
      boolean was = cancelled;
      cancelled = true;
      return !was;
    }

    @Override
    public synchronized boolean isCancelled() {
      return cancelled;
    }
  }

  /// Lets time pass, from timer to timer; what the last of them tell is on its way when this
  /// returns.
  ///
  /// @param rest called after each time at which a timer was due, returns when the actors have done
  ///   what it told them
  void passes(Duration time, Runnable rest) {
    long until = currentTimeMs() + time.toMillis();
    for (int i = 0; i < RESTS_MAX && !due.isEmpty() && due.first() <= until; i++) {
      advanceTo(due.pollFirst());
      rest.run();
    }
    advanceTo(until);
    due.headSet(until, true).clear();
  }

  private void advanceTo(long until) {
    timePasses(FiniteDuration.create(Math.max(0, until - currentTimeMs()), MILLISECONDS));
  }

  @Override
  public void timePasses(FiniteDuration time) {
    long until = currentTimeMs() + time.toMillis();
    super.scheduleOnce(time, () -> {}, ExecutionContext.parasitic$.MODULE$); // it arrives there
    executeTasks(until);
  }
}
