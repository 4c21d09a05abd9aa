package presence.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private final Growth growth = new Growth();

  @Test
  void aSmallInstanceTellsEach80Ms() {
    told(1, 0);
    told(100, 400);
    told(200, 800);
    assertThat(growth.tellings()).isEqualTo(10, within(1e-9));
  }

  @Test
  void aLargeOneAQuarterOfAMillisecondForEachMember() {
    told(1_000, 5_000);
    told(2_000, 6_000);
    told(2_001, 7_000);
    assertThat(growth.tellings()).isEqualTo(4 + 2, within(1e-9));
  }

  @Test
  void andTheLargestEachSecond() {
    told(40_000, 0);
    told(50_000, 3_000);
    assertThat(growth.tellings()).isEqualTo(3, within(1e-9));
  }

  @Test
  void whoHearsItLaterAddsNothing() {
    told(1_000, 0);
    told(2_000, 1_000);
    told(1_500, 2_000);
    told(2_000, 3_000);
    assertThat(growth.tellings()).isEqualTo(4, within(1e-9));
  }

  @Test
  void nothingIsToldOfNobody() {
    told(1, 9_000);
    assertThat(growth.tellings()).isZero();
  }

  private void told(long sessions, long millis) {
    growth.told(sessions, TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
