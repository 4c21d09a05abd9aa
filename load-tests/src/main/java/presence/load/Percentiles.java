package presence.load;

import java.util.Arrays;
import java.util.Collection;

/// Measured values in order. A percentile is a value that was measured: the smallest that at least
/// so many percent of all do not exceed (nearest rank).
public final class Percentiles {
  private final long[] sorted;

  private Percentiles(long[] sorted) {
    this.sorted = sorted;
  }

  public static Percentiles of(Collection<Long> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    long[] sorted = values.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return new Percentiles(sorted);
  }

  /// What so many percent do not exceed.
  ///
  /// @param percent above 0 and at most 100
  public long at(double percent) {
    if (percent <= 0 || percent > 100) {
      throw new IllegalArgumentException("there is no percentile " + percent);
    }
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[rank - 1];
  }

  public long max() {
    return at(100);
  }

  public double mean() {
    return Arrays.stream(sorted).average().orElseThrow();
  }
}
