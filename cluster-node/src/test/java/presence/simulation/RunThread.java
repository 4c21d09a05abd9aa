package presence.simulation;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// The thread of a run. [java.util.concurrent.ThreadLocalRandom] adds the number of its thread to
/// everything it draws, so runs that shall be the same in every JVM need a thread of the same
/// number.
final class RunThread {

  // No JVM counts so far.
  private static final long NUMBER = 1L << 40;

  private RunThread() {}

  /// Does something on a run's thread; one at a time.
  static synchronized <T> T call(Callable<T> task) {
    var result = new FutureTask<>(task);
    var thread = Thread.ofPlatform().daemon().name("run").unstarted(result);
    ThreadField.NUMBER.set(thread, NUMBER);
    thread.start();
    try {
      thread.join();
      return result.get();
    } catch (InterruptedException e) {
      throw new IllegalStateException("the run takes too long", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the run cannot be played", e.getCause());
    }
  }
}
