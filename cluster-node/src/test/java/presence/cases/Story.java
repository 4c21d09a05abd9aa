package presence.cases;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Time and simultaneity, where they are part of what a case tells.
final class Story {
  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private static final long LONGEST_MIN = 2; // the timeouts of the tests are stricter

  private Story() {}

  /// Time goes by in which nobody does anything. Never a way to wait for something.
  static void passes(long millis) {
    await()
        .pollDelay(Duration.ofMillis(millis))
        .atMost(Duration.ofMillis(millis + 10_000))
        .until(() -> true);
  }

  /// Does several things at the same moment, and waits for all.
  static void atOnce(Runnable... what) {
    join(List.of(what).stream().map(each -> later(0, each)).toList());
  }

  static CompletableFuture<Void> later(long millis, Runnable what) {
    return CompletableFuture.runAsync(
        what, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, THREADS));
  }

  /// When this time is over for a thread of this machine, which may be late like any other.
  static CompletableFuture<Long> over(long millis) {
    return CompletableFuture.supplyAsync(
        System::currentTimeMillis,
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, THREADS));
  }

  static void join(List<CompletableFuture<Void>> all) {
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .orTimeout(LONGEST_MIN, TimeUnit.MINUTES)
        .join();
  }
}
