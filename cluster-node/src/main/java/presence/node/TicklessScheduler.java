package presence.node;

import com.typesafe.config.Config;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.Scheduler;
import org.apache.pekko.actor.SchedulerException;
import org.apache.pekko.actor.SchedulerTask;
import org.apache.pekko.event.LoggingAdapter;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/// The timers of the actor system. Their thread sleeps until something is due, where Pekko's own
/// turns a wheel a hundred times a second, and so makes each timer late by up to two ticks.
///
/// `pekko.scheduler.tick-duration` is the grain: what is due within the same one is done together,
/// at its end, so however many timers there are the thread wakes no more often than that. Nothing
/// is ever done early.
///
/// A timer that is cancelled leaves an empty shell until it would have been due.
public final class TicklessScheduler extends AbstractScheduler implements Closeable {
  private static final String CLOSED = "cannot enqueue after timer shutdown";

  /// Three lifetimes of a machine, and far from where sums of nanoseconds overflow.
  private static final long FOREVER = Duration.ofDays(36_500).toNanos();

  private final LoggingAdapter log;
  private final long grain;
  private final Duration shutdownMax;
  private final long began = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition earlier = lock.newCondition();

  /// What is due at the end of each grain, by its number since the beginning. Guarded by the lock.
  private final TreeMap<Long, List<Timer>> due = new TreeMap<>();

  /// Guarded by the lock.
  private boolean closed;

  private final Thread thread;

  /// Called by the actor system, as its configuration says.
  public TicklessScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
    this.log = log;
    grain = config.getDuration("pekko.scheduler.tick-duration").toNanos();
    shutdownMax = config.getDuration("pekko.scheduler.shutdown-timeout");
    thread = threads.newThread(this::run);
    thread.start();
  }

  @Override
  public double maxFrequency() {
    return (double) TimeUnit.SECONDS.toNanos(1) / grain;
  }

  @Override
  public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext executor) {
    Timer timer = new Timer(task, executor);
    set(timer, delay.toNanos());
    return timer;
  }

  /// At a fixed rate: a run that is late does not put off those after it.
  @Override
  @Deprecated
  public Cancellable schedule(
      FiniteDuration first, FiniteDuration interval, Runnable task, ExecutionContext executor) {
    if (interval.length() <= 0) {
      throw new IllegalArgumentException("the interval must be more than nothing: " + interval);
    }
    Recurring recurring = new Recurring(task, executor, interval.toNanos());
    recurring.begin(first.toNanos());
    return recurring;
  }

  /// Runs what must be run before the end; whatever else waits never is.
  @Override
  public void close() {
    List<Timer> left = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      due.values().forEach(left::addAll);
      due.clear();
      earlier.signal();
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(shutdownMax)) {
        log.warning("The timers did not stop within {}", shutdownMax);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    left.forEach(this::runLast);
  }

  private void runLast(Timer timer) {
    if (timer.get() instanceof Scheduler.TaskRunOnClose task && timer.become(Spent.DONE) != null) {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.error(e, "A timer's task failed at the end of the system");
      }
    }
  }

  private long now() {
    return System.nanoTime() - began;
  }

  private void set(Timer timer, long delay) {
    if (delay <= 0) {
      if (isClosed()) {
        throw closed();
      }
      timer.fire();
      return;
    }
    long slot = Math.ceilDiv(now() + Math.min(delay, FOREVER), grain);
    lock.lock();
    try {
      if (closed) {
        throw closed();
      }
      boolean isFirst = due.isEmpty() || slot < due.firstKey();
      due.computeIfAbsent(slot, _ -> new ArrayList<>(1)).add(timer);
      if (isFirst) {
        earlier.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /// As Pekko's own scheduler says it, whose recurring timers look for the cause.
  private static IllegalStateException closed() {
    return new IllegalStateException(CLOSED, new SchedulerException(CLOSED));
  }

  private void run() {
    for (List<Timer> timers = next(); timers != null; timers = next()) {
      timers.forEach(Timer::fire);
    }
  }

  /// Waits for what is due next; nothing = closed.
  private @Nullable List<Timer> next() {
    lock.lock();
    try {
      while (!closed) {
        Map.Entry<Long, List<Timer>> first = due.firstEntry();
        long wait = first == null ? FOREVER : first.getKey() * grain - now();
        if (first != null && wait <= 0) {
          due.pollFirstEntry();
          return first.getValue();
        }
        try {
          long _ = earlier.awaitNanos(wait);
        } catch (InterruptedException e) {
          log.debug("Only their end ends the timers, not a task that interrupts them: {}", e);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /// What a timer holds once there is nothing to run any more.
  private enum Spent implements Runnable {
    DONE,
    CANCELLED;

    @Override
    public void run() {}
  }

  /// A task until it is handed to its executor or cancelled, whichever is first.
  private static final class Timer extends AtomicReference<Runnable> implements Cancellable {
    private static final long serialVersionUID = 1;

    private final transient ExecutionContext executor;

    Timer(Runnable task, ExecutionContext executor) {
      super(task);
      this.executor = executor;
    }

    /// The task, if it was this call that took it.
    @Nullable Runnable become(Spent spent) {
      Runnable task = get();
      while (!(task instanceof Spent)) {
        if (compareAndSet(task, spent)) {
          return task;
        }
        task = get();
      }
      return null;
    }

    void fire() {
      Runnable task = become(Spent.DONE);
      if (task != null) {
        execute(task);
      }
    }

    private void execute(Runnable task) {
      try {
        executor.execute(task);
      } catch (RuntimeException | Error e) {
        executor.reportFailure(e);
      }
    }

    @Override
    public boolean cancel() {
      Runnable task = become(Spent.CANCELLED);
      if (task instanceof SchedulerTask told) {
        execute(told::cancelled);
      }
      return task != null;
    }

    @Override
    public boolean isCancelled() {
      return get() == Spent.CANCELLED;
    }
  }

  /// A task that is run again and again, each time by a timer of its own.
  private final class Recurring implements Cancellable, SchedulerTask {
    private final Runnable task;
    private final ExecutionContext executor;
    private final long interval;
    private final AtomicReference<@Nullable Timer> next = new AtomicReference<>();

    /// Only touched by the run whose turn it is.
    private long dueAt;

    Recurring(Runnable task, ExecutionContext executor, long interval) {
      this.task = task;
      this.executor = executor;
      this.interval = interval;
    }

    void begin(long delay) {
      dueAt = now() + delay;
      Timer first = new Timer(this, executor);
      next.set(first);
      set(first, delay);
    }

    @Override
    public void run() {
      Timer before = next.get();
      if (before == null) {
        return;
      }
      try {
        task.run();
        dueAt += interval;
        Timer after = new Timer(this, executor);
        if (next.compareAndSet(before, after)) {
          set(after, Math.max(1, dueAt - now()));
        }
      } catch (SchedulerException gone) {
        log.debug("A recurring timer has nobody to tell any more: {}", gone.getMessage());
      } catch (IllegalStateException e) {
        if (!(e.getCause() instanceof SchedulerException)) {
          throw e;
        }
      }
    }

    @Override
    public void cancelled() {
      if (task instanceof SchedulerTask told) {
        told.cancelled();
      }
    }

    @Override
    public boolean cancel() {
      Timer last = next.getAndSet(null);
      if (last == null) {
        return false;
      }
      boolean _ = last.cancel();
      return true;
    }

    @Override
    public boolean isCancelled() {
      return next.get() == null;
    }
  }
}
