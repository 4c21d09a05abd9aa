package presence.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static presence.instance.Words.people;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ChangesTest {
  /// Changes 4 to 8; each was made at a hundred times its seq.
  private final Changes changes = Changes.of(range(4, 8));

  private static List<Change> range(long first, long last) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(seq -> (Change) people(seq, seq * 100))
        .toList();
  }

  @Test
  @DisplayName("the stream has no gap and no repeat (invariant 5)")
  void onlyWhatComesNextIsAdded() {
    assertThat(changes.plus(people(9, 900)).all()).isEqualTo(range(4, 9));
    assertThatThrownBy(() -> changes.plus(people(8, 900)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> changes.plus(people(10, 900)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Nested
  class Since {
    @Test
    void isWhatFollowed() {
      assertThat(changes.since(5, 8)).contains(range(6, 8));
      assertThat(changes.since(3, 8)).contains(range(4, 8));
    }

    @Test
    void isNothingForWhoIsUpToDate() {
      assertThat(changes.since(8, 8)).contains(List.of());
      assertThat(Changes.NONE.since(0, 0)).contains(List.of());
    }

    @Test
    void endsWhereItIsToldTo() {
      assertThat(changes.since(4, 6)).contains(range(5, 6));
    }

    @Test
    @DisplayName("too long ago, or ahead of the stream: start again (R8)")
    void isUnknownBeyondTheRing() {
      assertThat(changes.since(2, 8)).isEmpty();
      assertThat(changes.since(9, 8)).isEmpty();
      assertThat(Changes.NONE.since(2, 8)).isEmpty();
    }

    @Test
    void isQuickAtTheEndOfALongRing() {
      Changes ring = Changes.of(range(1, 10_000));
      assertTimeout(
          Duration.ofMillis(500),
          () -> {
            for (int flush = 0; flush < 1_000; flush++) {
              assertThat(ring.since(9_999, 10_000)).isPresent();
            }
          });
    }
  }

  @Nested
  class Trim {
    @Test
    void keepsTheNewest() {
      assertThat(changes.trim(2, 0).all()).isEqualTo(range(7, 8));
    }

    @Test
    void dropsWhatIsTooOld() {
      assertThat(changes.trim(100, 600).all()).isEqualTo(range(6, 8));
      assertThat(changes.trim(100, 1_000).all()).isEmpty();
    }

    @Test
    void leavesTheRestAlone() {
      assertThat(changes.trim(5, 400)).isSameAs(changes);
    }

    @Test
    void neverHidesAGap() {
      Changes trimmed = changes.trim(0, 0).plus(people(9, 900));
      assertThat(trimmed.since(8, 9)).contains(range(9, 9));
      assertThat(trimmed.since(7, 9)).isEmpty();
    }
  }

  @Nested
  class PrecededBy {
    @Test
    void whatCameDirectlyBeforeIsPutInFront() {
      assertThat(changes.precededBy(range(1, 3)).all()).isEqualTo(range(1, 8));
    }

    @Test
    void whatIsKnownAlreadyIsNotRepeated() {
      assertThat(changes.precededBy(range(2, 6)).all()).isEqualTo(range(2, 8));
    }

    @Test
    void whatDoesNotFitIsLeftOut() {
      assertThat(changes.precededBy(range(1, 2))).isSameAs(changes);
      assertThat(changes.precededBy(range(5, 8))).isSameAs(changes);
      assertThat(changes.precededBy(List.of())).isSameAs(changes);
    }

    @Test
    void nothingTakesAnything() {
      assertThat(Changes.NONE.precededBy(range(5, 8)).all()).isEqualTo(range(5, 8));
    }
  }
}
