package presence.ops;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import presence.cluster.Remote;
import presence.instance.InstanceMeter;

/// The flushes of a node that took longest lately, slowest first.
public final class SlowFlushes implements InstanceMeter {

  /// A flush.
  ///
  /// @param words that were collected for it
  /// @param millis from the first of them until it was durable
  /// @param at when that was, in milliseconds since 1970
  public record Slow(String instance, int words, long millis, long at) implements Remote {}

  private static final Comparator<Slow> BY_TIME = Comparator.comparingLong(Slow::millis);

  private final int sizeMax;
  private final Duration lately;
  private final InstantSource clock;
  private final PriorityQueue<Slow> slowest = new PriorityQueue<>(BY_TIME);
  private volatile long worthKeeping = -1;

  public SlowFlushes(int sizeMax, Duration lately, InstantSource clock) {
    this.sizeMax = sizeMax;
    this.lately = lately;
    this.clock = clock;
  }

  @Override
  public void flushed(String instance, Flush flush) {
    long millis = flush.delay().toMillis();
    if (millis > worthKeeping) {
      add(new Slow(instance, flush.words(), millis, clock.millis()));
    }
  }

  private synchronized void add(Slow slow) {
    slowest.add(slow);
    if (slowest.size() > sizeMax) {
      slowest.poll();
    }
    rate();
  }

  /// What is kept fills up with the slowest; faster ones need not wait for the lock.
  private void rate() {
    Slow fastest = slowest.peek();
    worthKeeping = slowest.size() < sizeMax || fastest == null ? -1 : fastest.millis();
  }

  public synchronized List<Slow> slowest() {
    long before = clock.millis() - lately.toMillis();
    slowest.removeIf(each -> each.at() < before);
    rate();
    return slowest.stream().sorted(BY_TIME.reversed()).toList();
  }
}
