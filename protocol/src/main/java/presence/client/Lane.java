package presence.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/// Runs tasks one after the other, in the order they came, on threads it shares with others.
final class Lane implements Executor {
  private static final int TURN = 64; // then others get the thread

  private final Executor workers;
  private final Runnable afterEach;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /// @param afterEach runs behind every task, in its turn
  Lane(Executor workers, Runnable afterEach) {
    this.workers = workers;
    this.afterEach = afterEach;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (waiting.getAndIncrement() == 0) {
      workers.execute(this::run);
    }
  }

  private void run() {
    int left = TURN;
    do {
      Runnable task = tasks.poll();
      if (task != null) {
        runOne(task);
      }
      if (waiting.decrementAndGet() == 0) {
        return;
      }
    } while (--left > 0);
    workers.execute(this::run);
  }

  private void runOne(Runnable task) {
    try {
      task.run();
      afterEach.run();
    } catch (Throwable e) { // whatever it is, the lane goes on
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}
