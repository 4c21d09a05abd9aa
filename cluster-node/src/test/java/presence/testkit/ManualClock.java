package presence.testkit;

import com.typesafe.config.Config;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.SchedulerException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.event.LoggingAdapter;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/// The clock and the timers of a system in one: time stands still until a test lets it pass. Unlike
/// the timers of Pekko's `ManualTime` it does not sleep to let actors come to rest; an [Entity]
/// knows when they have, and is asked at every timer: an actor that sets a timer anew while time
/// goes on without it would set it too late. And only the test moves time: with Pekko's, an actor
/// that sets a timer for this moment runs whatever is due, and may set the clock back.
public final class ManualClock extends AbstractScheduler implements InstantSource {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  /// No entity that rests sets more timers than this while a test lets time pass.
  private static final int RESTS_MAX = 1_000;

  /// Those of the same moment come in the order in which they were set.
  private final NavigableSet<Timer> timers =
      new TreeSet<>(
          Comparator.<Timer>comparingLong(each -> each.due).thenComparingLong(each -> each.number));

  private long set;
  private volatile long now;

  /// Called by the actor system, as its configuration says.
  public ManualClock(Config config, LoggingAdapter log, ThreadFactory threads) {}

  static ManualClock of(ActorSystem<?> system) {
    return (ManualClock) Adapter.toClassic(system).scheduler();
  }

  @Override
  public Instant instant() {
    return START.plusMillis(now);
  }

  @Override
  public double maxFrequency() {
    return Duration.ofSeconds(1).toMillis();
  }

  @Override
  public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext executor) {
    return add(delay, new Timer(task));
  }

  /// What recurs is nothing to rest for: the runtime's own housekeeping, and there is much of it in
  /// a week.
  @Override
  public Cancellable scheduleWithFixedDelay(
      FiniteDuration first, FiniteDuration then, Runnable task, ExecutionContext executor) {
    return add(first, new Timer(task, then));
  }

  @Override
  @Deprecated
  public Cancellable schedule(
      FiniteDuration first, FiniteDuration then, Runnable task, ExecutionContext executor) {
    return add(first, new Timer(task, then));
  }

  /// What is due at once is done by whoever asks for it.
  private Timer add(FiniteDuration after, Timer timer) {
    if (after.toMillis() > 0) {
      put(after, timer);
    } else {
      timer.run();
    }
    return timer;
  }

  private synchronized void put(FiniteDuration after, Timer timer) {
    timer.due = now + after.toMillis();
    timer.number = set++;
    timers.add(timer);
  }

  /// Lets time pass, from timer to timer; what the last of them tell is on its way when this
  /// returns.
  ///
  /// @param rest called after each timer, returns when the actors have done what it told them
  void passes(Duration time, Runnable rest) {
    long until = now + time.toMillis();
    int rests = 0;
    for (Timer timer = next(until); timer != null; timer = next(until)) {
      timer.run();
      if (timer.every == null) {
        if (rests++ == RESTS_MAX) {
          throw new IllegalStateException(
              "somebody, perhaps of another test, repeats himself: stop him there");
        }
        rest.run();
      }
    }
  }

  /// Moves time to the next timer and takes it, or to the end.
  private synchronized @Nullable Timer next(long until) {
    if (timers.isEmpty() || timers.first().due > until) {
      now = until;
      return null;
    }
    Timer timer = timers.removeFirst();
    now = timer.due;
    return timer;
  }

  private synchronized void forget(Timer timer) {
    timers.remove(timer);
  }

  private final class Timer implements Cancellable {
    private final Runnable task;
    private final @Nullable FiniteDuration every;
    private long due;
    private long number;
    private boolean started;
    private boolean cancelled;

    private Timer(Runnable task) {
      this(task, null);
    }

    private Timer(Runnable task, @Nullable FiniteDuration every) {
      this.task = task;
      this.every = every;
    }

    private void run() {
      if (!start()) {
        return;
      }
      try {
        task.run();
      } catch (SchedulerException receiverIsGone) {
        cancel();
      }
      if (every != null && !isCancelled()) {
        put(every, this);
      }
    }

    private synchronized boolean start() {
      started = true;
      return !cancelled;
    }

    @Override
    public boolean cancel() {
      forget(this);
      return cancelOnce();
    }

    private synchronized boolean cancelOnce() {
      boolean first = !cancelled && (every != null || !started);
      cancelled = true;
      return first;
    }

    @Override
    public synchronized boolean isCancelled() {
      return cancelled;
    }
  }
}
