package presence.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import presence.user.MailWords;

class TokenBucketTest {
  private static final Rate CHAT = new Rate(60, Duration.ofMinutes(1), 10);
  private static final long NOW = 1_000_000;

  private TokenBucket bucket = TokenBucket.full(CHAT, NOW);

  private int takeAllAt(long now) {
    bucket = bucket.refilled(now);
    int taken = 0;
    while (bucket.has()) {
      bucket = bucket.taken();
      taken++;
    }
    return taken;
  }

  @Test
  @DisplayName("the 11th within the burst has to wait (case 44)")
  void theBurstIsWhatMayBeDoneAtOnce() {
    assertThat(takeAllAt(NOW)).isEqualTo(10);
    assertThat(bucket.untilNext()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void itFillsAtItsRate() {
    takeAllAt(NOW);
    assertThat(takeAllAt(NOW + 3_000)).isEqualTo(3);
  }

  @Test
  void itNeverHoldsMoreThanTheBurst() {
    assertThat(takeAllAt(NOW + 3_600_000)).isEqualTo(10);
  }

  @Test
  void aClockThatStepsBackGivesNothingAndTakesNothing() {
    takeAllAt(NOW);
    assertThat(takeAllAt(NOW - 60_000)).isZero();
    assertThat(takeAllAt(NOW + 1_000)).isEqualTo(1);
  }

  @Test
  void whoWaitsAsLongAsToldMayAlwaysGoOn() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      Rate rate =
          new Rate(
              1 + random.nextInt(97),
              Duration.ofMillis(1 + random.nextInt(100_000)),
              1 + random.nextInt(50));
      long now = NOW + random.nextInt(1_000_000);
      bucket = TokenBucket.full(rate, now);
      for (int step = 0; step < 5; step++) {
        takeAllAt(now);
        now += random.nextInt(20);
        bucket = bucket.refilled(now);
        now += bucket.untilNext().toMillis();
        bucket = bucket.refilled(now);
        assertThat(bucket.has()).as("%s in round %s", rate, round).isTrue();
      }
    }
  }

  @Nested
  class Meters {
    @Test
    void areIndependentOfEachOther() {
      Rate once = new Rate(1, Duration.ofSeconds(1), 1);
      Buckets buckets =
          new Buckets(
              new SessionLimits(
                  Duration.ZERO,
                  Duration.ZERO,
                  Duration.ZERO,
                  Duration.ZERO,
                  0,
                  0,
                  0,
                  0,
                  MailWords.LIMITS,
                  once,
                  once,
                  once,
                  once,
                  once),
              NOW);
      assertThat(buckets.chat().take(NOW)).isTrue();
      assertThat(buckets.chat().take(NOW)).isFalse();
      assertThat(buckets.chat().untilNext(NOW + 400)).isEqualTo(Duration.ofMillis(600));
      assertThat(buckets.location().take(NOW)).isTrue();
      assertThat(buckets.joins().take(NOW)).isTrue();
      assertThat(buckets.emits().take(NOW)).isTrue();
    }
  }
}
