package presence.load.peers;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/// Does something at a fixed rate.
public final class Pace {
  private Pace() {}

  /// Does it so many times, with its number; returns when the last time is over.
  public static void keep(Duration every, int times, IntConsumer task) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    int[] number = {0};
    try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
      ScheduledFuture<?> ticks =
          clock.scheduleAtFixedRate(
              () -> tick(number, times, task, over), 0, every.toNanos(), TimeUnit.NANOSECONDS);
      over.join();
      ticks.cancel(false);
    }
  }

  private static void tick(
      int[] number, int times, IntConsumer task, CompletableFuture<Void> over) {
    try {
      if (number[0] < times) {
        task.accept(number[0]++);
      } else {
        over.complete(null);
      }
    } catch (RuntimeException e) {
      over.completeExceptionally(e);
    }
  }

  /// Measured time, not waiting for anything.
  public static void passes(Duration time) {
    keep(time.isZero() ? Duration.ofNanos(1) : time, 1, _ -> {});
  }
}
