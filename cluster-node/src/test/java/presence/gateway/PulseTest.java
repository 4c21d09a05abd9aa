package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.gateway.Pulse.Finding;

class PulseTest {
  private static final long PING_MS = 25_000;
  private static final long ROUND_TRIP_MS = 40;
  private static final int FEELS = 2_000;

  private final Random random = new Random(1);
  private final Pulse pulse = new Pulse(Duration.ofMillis(PING_MS), 0);
  private long now;

  private Finding next() {
    now += pulse.untilNext(now, random).toMillis();
    return pulse.feel(now);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, ROUND_TRIP_MS, 1_500})
  void whoAnswersIsAskedOnceAPeriodAndFeltHardlyMoreOften(long roundTrip) {
    int asked = 0;
    long heardAt = 0;
    boolean answers = false;
    for (int i = 0; i < FEELS; i++) {
      long next = now + pulse.untilNext(now, random).toMillis();
      if (answers) {
        heardAt = now + roundTrip;
        pulse.heard(heardAt);
      }
      now = next;
      Finding found = pulse.feel(now);
      assertThat(found).isNotEqualTo(Finding.GONE);
      answers = found == Finding.QUIET;
      if (answers) {
        asked++;
        assertThat(now - heardAt).isBetween(PING_MS * 9 / 10, PING_MS);
      }
    }
    assertThat(asked).isGreaterThan(FEELS * 3 / 5);
    assertThat((double) now / asked).isBetween(PING_MS * 0.9, PING_MS * 1.1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 100, PING_MS / 10, PING_MS})
  void whoSaysNothingIsAskedInTimeAndGoneAfterTwoPeriods(long sinceConnected) {
    now = sinceConnected;
    pulse.heard(now);
    long askedFirst = 0;
    Finding found = next();
    for (; found != Finding.GONE; found = next()) {
      askedFirst = found == Finding.QUIET && askedFirst == 0 ? now : askedFirst;
    }
    assertThat(askedFirst - sinceConnected).isBetween(PING_MS * 9 / 10, PING_MS);
    assertThat(now - sinceConnected).isBetween(2 * PING_MS, 2 * PING_MS + 1);
  }

  @Test
  void aClockThatIsSetBackDelaysNothing() {
    now = 10 * PING_MS;
    pulse.heard(now);
    now -= 5 * PING_MS;
    assertThat(pulse.feel(now)).isEqualTo(Finding.WELL);
    long back = now;
    Finding found = next();
    while (found != Finding.GONE) {
      found = next();
    }
    assertThat(now - back).isBetween(2 * PING_MS, 2 * PING_MS + 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3_000, PING_MS / 2})
  void whoSpeaksIsNotAsked(long every) {
    for (int i = 0; i < FEELS; i++) {
      long due = now + pulse.untilNext(now, random).toMillis();
      long last = now + (due - now) / every * every;
      pulse.heard(last);
      now = due;
      assertThat(pulse.feel(now)).isEqualTo(Finding.WELL);
    }
  }

  /// A thousand sockets, connected at any time: what they do together is done by few turns of few
  /// threads.
  @Test
  void theSocketsOfANodeAreFeltOnABeatThatIsTheSameForAll() {
    Set<Long> moments = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      long connected = random.nextLong(PING_MS);
      moments.add(
          connected
              + new Pulse(Duration.ofMillis(PING_MS), connected)
                  .untilNext(connected, random)
                  .toMillis());
    }
    assertThat(moments).hasSizeBetween(40, 60);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 10, 19, 50, 99})
  void howeverShortThePeriodWhoSaysNothingIsAskedAndThenGone(long ping) {
    Pulse hasty = new Pulse(Duration.ofMillis(ping), 0);
    Finding found = Finding.WELL;
    boolean asked = false;
    while (found != Finding.GONE) {
      now += hasty.untilNext(now, random).toMillis();
      found = hasty.feel(now);
      asked |= found == Finding.QUIET;
    }
    assertThat(asked).isTrue();
    assertThat(now).isBetween(2 * ping, 2 * ping + 1);
  }
}
