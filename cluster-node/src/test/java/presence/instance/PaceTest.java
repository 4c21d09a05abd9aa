package presence.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Pace.Limits LIMITS =
      new Pace.Limits(Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofMillis(1));
  private static final long NOW = 1_000_000;

  private final Pace first = Pace.start(LIMITS).flushed(NOW, NOW, 10);

  @Test
  @DisplayName("here within 100 ms (case 25): after a quiet time a change is told at once")
  void theFirstChangeIsToldAtOnce() {
    assertThat(Pace.start(LIMITS).untilDue(NOW)).isLessThanOrEqualTo(Duration.ZERO);
    assertThat(first.untilDue(NOW + 60)).isLessThanOrEqualTo(Duration.ZERO);
  }

  @Test
  void theNextWaitsTheShortestTime() {
    assertThat(first.untilDue(NOW)).isEqualTo(Duration.ofMillis(50));
    assertThat(first.untilDue(NOW + 20)).isEqualTo(Duration.ofMillis(30));
  }

  @Test
  void whileChangesKeepComingTheTimeDoublesUpToTheCeiling() {
    Pace pace = first;
    long now = NOW;
    for (long expected : new long[] {50, 100, 200, 400, 500, 500}) {
      assertThat(pace.interval()).isEqualTo(Duration.ofMillis(expected));
      now += expected;
      pace = pace.flushed(now, now, 500);
    }
  }

  @Test
  void theCeilingGrowsWithTheMembersAndHasBounds() {
    assertThat(LIMITS.ceiling(1)).isEqualTo(Duration.ofMillis(200));
    assertThat(LIMITS.ceiling(600)).isEqualTo(Duration.ofMillis(600));
    assertThat(LIMITS.ceiling(1_000_000)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void theLongestHoldsAlsoWhereTheShortestIsNotMuchLess() {
    Pace.Limits narrow =
        new Pace.Limits(Duration.ofMillis(400), Duration.ofMillis(500), Duration.ofMillis(1));
    assertThat(narrow.ceiling(1)).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void aQuietTimeStartsItAnew() {
    Pace busy = first.flushed(NOW + 50, NOW + 50, 500).flushed(NOW + 150, NOW + 150, 500);
    assertThat(busy.interval()).isEqualTo(Duration.ofMillis(200));
    assertThat(busy.flushed(NOW + 600, NOW + 600, 500).interval()).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void aLateTimerIsNoQuietTime() {
    Pace waited = first.flushed(NOW + 10, NOW + 130, 500);
    assertThat(waited.interval()).isEqualTo(Duration.ofMillis(100));
    assertThat(waited.untilDue(NOW + 130)).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void aClockThatStepsBackDoesNotHoldChangesBack() {
    assertThat(first.untilDue(NOW - 3_600_000)).isLessThanOrEqualTo(Duration.ofMillis(50));
  }

  @Test
  @DisplayName("a storm of 2,000 joins in 10 s is told in fewer than 80 frames (case 31)")
  void aStormIsToldInFewFrames() {
    Pace pace = Pace.start(LIMITS);
    int members = 0;
    int flushes = 0;
    boolean waiting = false;
    for (long now = NOW; now < NOW + 12_000; now++) {
      if (now < NOW + 10_000 && (now - NOW) % 5 == 0) {
        members++;
        waiting = true;
      }
      if (waiting && !pace.untilDue(now).isPositive()) {
        pace = pace.flushed(now, now, members);
        flushes++;
        waiting = false;
      }
    }
    assertThat(members).isEqualTo(2_000);
    assertThat(waiting).isFalse();
    assertThat(flushes).isLessThan(80);
  }
}
