package presence.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ReplayWindowTest {
  private final ReplayWindow window = new ReplayWindow();

  @Test
  void letsEachNumberThroughOnce() {
    assertThat(window.admit(1)).isTrue();
    assertThat(window.admit(1)).isFalse();
    assertThat(window.admit(3)).isTrue();
    assertThat(window.admit(2)).isTrue();
    assertThat(window.admit(2)).isFalse();
    assertThat(window.newest()).isEqualTo(3);
  }

  @Test
  void refusesWhatIsNoNumber() {
    assertThat(window.admit(0)).isFalse();
    assertThat(window.admit(-1)).isFalse();
    assertThat(window.admit(Long.MIN_VALUE)).isFalse();
  }

  @Test
  void refusesWhatIsTooOldToTell() {
    window.admit(5_000);

    assertThat(window.admit(5_000 - ReplayWindow.WIDTH)).isFalse();
    assertThat(window.admit(5_000 - ReplayWindow.WIDTH + 1)).isTrue();
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.SECONDS)
  void isNotHeldUpByTheHighestNumberThereIs() {
    assertThat(window.admit(Long.MAX_VALUE - 1)).isTrue();
    assertThat(window.admit(Long.MAX_VALUE)).isTrue();
    assertThat(window.admit(Long.MAX_VALUE)).isFalse();
    assertThat(window.admit(Long.MAX_VALUE - 2)).isTrue();
  }

  /// Against a set that forgets nothing.
  @Test
  void isRightInAnyOrder() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      ReplayWindow any = new ReplayWindow();
      Set<Long> admitted = new HashSet<>();
      long newest = 0;
      for (int i = 0; i < 2_000; i++) {
        long number =
            Math.max(1, newest + random.nextLong(-1_100, random.nextInt(50) == 0 ? 2_500 : 8));
        boolean expected = number > newest - ReplayWindow.WIDTH && admitted.add(number);
        assertThat(any.admit(number))
            .as("%d after %d, seed %d", number, newest, seed)
            .isEqualTo(expected);
        newest = Math.max(newest, number);
      }
    }
  }
}
