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
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
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
import scala.util.control.NonFatal;

/// The timers of the actor system. Their thread sleeps until something is due, where Pekko's own
/// turns a wheel a hundred times a second, and so makes each timer late by up to two ticks.
///
/// `pekko.scheduler.tick-duration` is the grain: what is due within the same one is done together,
/// at its end, however much it is. Nothing is ever done early.
///
/// A timer that is cancelled some seconds before it would have been due leaves an empty shell until
/// then.
public final class TicklessScheduler extends AbstractScheduler implements Closeable {
  private static final String CLOSED = "cannot enqueue after timer shutdown";

  /// Three lifetimes of a machine, and far from where sums of nanoseconds overflow.
  private static final long FOREVER = Duration.ofDays(36_500).toNanos();

  /// In grains: 5 s. What is cancelled sooner than this before its time is not worth a look for it;
  /// the shells of what is further away could become many.
  private static final long SOON = 1_000;

  private final LoggingAdapter log;
  private final ThreadFactory threads;
  private final long grain;
  private final Duration shutdownMax;
  private final long began = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition earlier = lock.newCondition();

  /// What is due at the end of each grain, by its number since the beginning. Guarded by the lock.
  private final TreeMap<Long, List<Timer>> due = new TreeMap<>();

  /// Set under the lock.
  private volatile boolean closed;

  private volatile Thread thread;

  /// Called by the actor system, as its configuration says.
  public TicklessScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
    this.log = log;
    this.threads = threads;
    grain = config.getDuration("pekko.scheduler.tick-duration").toNanos();
    shutdownMax = config.getDuration("pekko.scheduler.shutdown-timeout");
    thread = threads.newThread(() -> run(List.of()));
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

  @Override
  public Cancellable scheduleWithFixedDelay(
      FiniteDuration first, FiniteDuration delay, Runnable task, ExecutionContext executor) {
    requireSome(delay);
    return super.scheduleWithFixedDelay(first, delay, task, executor);
  }

  /// At a fixed rate: a run that is late does not put off those after it.
  @Override
  @Deprecated
  public Cancellable schedule(
      FiniteDuration first, FiniteDuration interval, Runnable task, ExecutionContext executor) {
    requireSome(interval);
    Recurring recurring = new Recurring(task, executor, interval.toNanos());
    recurring.begin(first.toNanos());
    return recurring;
  }

  private static void requireSome(FiniteDuration between) {
    if (between.length() <= 0) {
      throw new IllegalArgumentException("something recurs without a pause: " + between);
    }
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
    if (timer.task instanceof Scheduler.TaskRunOnClose
        && timer.become(Spent.DONE) instanceof Scheduler.TaskRunOnClose last) {
      try {
        last.run();
      } catch (Throwable e) {
        if (!NonFatal.apply(e)) {
          throw e;
        }
        log.error(e, "A timer's task failed at the end of the system");
      }
    }
  }

  private long now() {
    return System.nanoTime() - began;
  }

  private void set(Timer timer, long delay) {
    if (delay <= 0) {
      if (closed) {
        throw closed();
      }
      timer.fireNow();
      return;
    }
    long slot = slot(delay);
    lock.lock();
    try {
      if (closed) {
        throw closed();
      }
      boolean isFirst = due.isEmpty() || slot < due.firstKey();
      timer.slot = slot;
      if (timer.task instanceof Spent) {
        return; // cancelled meanwhile
      }
      due.computeIfAbsent(slot, _ -> new ArrayList<>(1)).add(timer);
      if (isFirst) {
        earlier.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The grain at whose end the delay is over.
  private long slot(long delay) {
    return Math.ceilDiv(now() + Math.min(delay, FOREVER), grain);
  }

  /// Forgets a timer that was cancelled long before its time.
  private void forget(Timer timer) {
    if (timer.slot <= slot(0) + SOON) {
      return;
    }
    lock.lock();
    try {
      List<Timer> same = due.get(timer.slot);
      if (same != null && same.remove(timer) && same.isEmpty()) {
        due.remove(timer.slot);
      }
    } finally {
      lock.unlock();
    }
  }

  /// As Pekko's own scheduler says it, whose recurring timers look for the cause.
  private static IllegalStateException closed() {
    return new IllegalStateException(CLOSED, new SchedulerException(CLOSED));
  }

  /// Fires what is due until the end. What is fatal ends the thread, so that the system learns of
  /// it; should that live on, another thread goes on with what is left.
  private void run(List<Timer> left) {
    List<Timer> timers = left;
    try {
      while (timers != null) {
        timers.forEach(Timer::fire);
        timers = next();
      }
    } catch (Throwable e) {
      List<Timer> rest = timers == null ? List.of() : timers;
      log.error(e, "The thread of the timers failed; another one goes on");
      Thread other = threads.newThread(() -> run(rest));
      other.start();
      thread = other;
      throw e;
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
  private final class Timer implements Cancellable {
    private static final AtomicReferenceFieldUpdater<Timer, Runnable> TASK =
        AtomicReferenceFieldUpdater.newUpdater(Timer.class, Runnable.class, "task");

    private final ExecutionContext executor;
    private volatile Runnable task;

    /// When it is due; 0 = it is not set yet.
    private volatile long slot;

    Timer(Runnable task, ExecutionContext executor) {
      this.task = task;
      this.executor = executor;
    }

    /// The task, if it was this call that took it.
    @Nullable Runnable become(Spent spent) {
      Runnable taken = TASK.getAndUpdate(this, now -> now instanceof Spent ? now : spent);
      return taken instanceof Spent ? null : taken;
    }

    /// For who asks for what is due already, and learns if it fails.
    void fireNow() {
      Runnable taken = become(Spent.DONE);
      if (taken != null) {
        executor.execute(taken);
      }
    }

    void fire() {
      try {
        fireNow();
      } catch (Throwable e) {
        if (!NonFatal.apply(e)) {
          throw e;
        }
        executor.reportFailure(e);
      }
    }

    @Override
    public boolean cancel() {
      Runnable taken = become(Spent.CANCELLED);
      if (taken == null) {
        return false;
      }
      forget(this);
      if (taken instanceof SchedulerTask told) {
        executor.execute(told::cancelled);
      }
      return true;
    }

    @Override
    public boolean isCancelled() {
      return task == Spent.CANCELLED;
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
