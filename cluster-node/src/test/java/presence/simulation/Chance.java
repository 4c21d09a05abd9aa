package presence.simulation;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// Everything a run draws by chance. Also what Pekko draws: uids of actors (and so the hash codes
/// of their refs) and the jitter of supervisors come from [ThreadLocalRandom], so the seed of this
/// thread's one is set along.
public final class Chance implements RandomGenerator {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  /// Chance from a seed, which also becomes the seed of the calling thread's [ThreadLocalRandom].
  Chance(long seed) {
    reseed(seed);
  }

  /// From now on as if made with this seed.
  void reseed(long seed) {
    state = seed;
    // The first use in a thread sets a seed of its own.
    var _ = ThreadLocalRandom.current();
    ThreadField.SEED.set(Thread.currentThread(), nextLong());
  }

  /// A seed for the n-th part of a run: what one part draws does not depend on what the others
  /// drew.
  static long seed(long seed, int n) {
    return mix(seed + mix(n * GOLDEN));
  }

  /// Whether something of this probability happens. Certainties draw nothing.
  boolean happens(double probability) {
    return probability > 0 && (probability >= 1 || nextDouble() < probability);
  }

  @Override
  public long nextLong() {
    state += GOLDEN;
    return mix(state);
  }

  // SplitMix64 (Steele, Lea, Flood).
  private static long mix(long z) {
    var a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    var b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
