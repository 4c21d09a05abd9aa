package presence.load.fuzz;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Cases by number, one target after the other: what a case is follows from the seed and its number
/// alone.
public final class Campaign implements AutoCloseable {
  /// Longer than any of the node's own patience.
  private static final int HANG_S = 40;

  private final List<Target> targets;
  private final long seed;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("fuzz").factory());

  public Campaign(List<Target> targets, long seed) {
    this.targets = List.copyOf(targets);
    this.seed = seed;
  }

  /// Whose turn the case is.
  public Target target(long number) {
    return targets.get((int) (number % targets.size()));
  }

  /// The input of a case.
  public byte[] input(long number) {
    return target(number).input(new SplittableRandom(seed * 0x9E37_79B9_7F4A_7C15L + number));
  }

  /// Brings a case and says what is wrong afterwards, if anything is.
  public Optional<Finding> attempt(long number) throws InterruptedException {
    Target target = target(number);
    byte[] input = input(number);
    try {
      thread
          .submit(() -> {
            target.take(input);
            return null;
          })
          .get(HANG_S, TimeUnit.SECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      return Optional.of(new Finding(target.name(), number, why));
    } catch (TimeoutException e) {
      return Optional.of(new Finding(target.name(), number, e));
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    targets.forEach(Target::close);
  }
}
