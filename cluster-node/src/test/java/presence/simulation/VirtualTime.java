package presence.simulation;

import com.typesafe.config.Config;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/// The clock and the timers of the actor system: nothing is due before [#advance] says so, and what
/// is due at the same moment comes in the order in which it was scheduled.
///
/// (Pekko's `ExplicitlyTriggeredScheduler` takes timers of the same moment in the order of their
/// identity hashes, and sleeps 100 ms of real time at every advance.)
///
/// Timers are of two kinds. What the harness owes (a message on its way, a write in the journal) is
/// *owed*: a world is at rest when nothing is. What actors schedule is not: a keep-alive never
/// ends.
public final class VirtualTime extends AbstractScheduler implements InstantSource {

  /// The moment at which every world begins.
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private long now;
  private long scheduled;
  private int owed;

  /// Called by Pekko.
  public VirtualTime(Config config, LoggingAdapter log, ThreadFactory threads) {}

  @Override
  public Instant instant() {
    return START.plusNanos(now);
  }

  /// Nanoseconds since [#START].
  long nanos() {
    return now;
  }

  /// Back to the start, with no timer.
  void reset() {
    timers.clear();
    now = 0;
    owed = 0;
  }

  /// Whether the harness has something scheduled.
  boolean owes() {
    return owed > 0;
  }

  /// Something the harness owes at a moment, in nanoseconds since the start.
  void owe(long at, Runnable task) {
    owed++;
    var _ =
        add(
            new Timer(
                Math.max(at, now),
                0,
                Runnable::run,
                () -> {
                  owed--;
                  task.run();
                }));
  }

  /// Moves the clock to the next timer and starts it, if it is due at `limit` or before.
  boolean advance(long limit) {
    for (var next = timers.peek(); next != null; next = timers.peek()) {
      if (next.cancelled) {
        timers.remove();
      } else if (next.due > limit) {
        return false;
      } else {
        timers.remove();
        now = Math.max(now, next.due);
        next.fire();
        return true;
      }
    }
    return false;
  }

  /// Moves the clock, when no timer is left on the way.
  void moveTo(long moment) {
    now = Math.max(now, moment);
  }

  @Override
  public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext executor) {
    return add(new Timer(now + Math.max(0, delay.toNanos()), 0, executor::execute, task));
  }

  @Override
  @Deprecated
  public Cancellable schedule(
      FiniteDuration delay, FiniteDuration interval, Runnable task, ExecutionContext executor) {
    var due = now + Math.max(0, delay.toNanos());
    return add(new Timer(due, interval.toNanos(), executor::execute, task));
  }

  @Override
  public double maxFrequency() {
    return Duration.ofSeconds(1).toNanos();
  }

  private Timer add(Timer timer) {
    timer.order = scheduled++;
    timers.add(timer);
    return timer;
  }

  private final class Timer implements Cancellable, Comparable<Timer> {
    private long due;
    private long order;
    private final long interval;
    private final java.util.concurrent.Executor executor;
    private final Runnable task;
    private boolean fired;
    private boolean cancelled;

    Timer(long due, long interval, java.util.concurrent.Executor executor, Runnable task) {
      this.due = due;
      this.interval = interval;
      this.executor = executor;
      this.task = task;
    }

    void fire() {
      if (interval > 0) {
        due += interval;
        var _ = add(this);
      } else {
        fired = true;
      }
      executor.execute(task);
    }

    @Override
    public boolean cancel() {
      var first = !fired && !cancelled;
      cancelled = true;
      return first;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public int compareTo(Timer other) {
      var byTime = Long.compare(due, other.due);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
