package presence.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import presence.instance.InstanceMeter;

class SlowFlushesTest {
  private Instant now = Instant.EPOCH;
  private final SlowFlushes flushes = new SlowFlushes(3, Duration.ofMinutes(10), () -> now);

  private void took(String instance, long millis) {
    flushes.flushed(instance, new InstanceMeter.Flush(1, Duration.ofMillis(millis), List.of()));
  }

  @Test
  void theSlowestAreKeptInTheirOrder() {
    took("a", 5);
    took("b", 50);
    took("c", 20);
    took("d", 30);
    took("e", 1);

    assertThat(flushes.slowest())
        .extracting(SlowFlushes.Slow::instance)
        .containsExactly("b", "d", "c");
  }

  @Test
  void whatIsLongAgoMakesRoomForFasterOnes() {
    took("a", 50);
    took("b", 60);
    took("c", 70);
    now = now.plus(Duration.ofMinutes(11));

    assertThat(flushes.slowest()).isEmpty();
    took("d", 1);
    assertThat(flushes.slowest()).extracting(SlowFlushes.Slow::instance).containsExactly("d");
  }
}
