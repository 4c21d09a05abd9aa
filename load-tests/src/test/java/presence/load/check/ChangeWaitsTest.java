package presence.load.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import presence.load.record.Line;

class ChangeWaitsTest {
  private static Diary looks(Diary diary, int second) {
    return diary.line(new Line.Looks(second * 1_000L, "room", second % 2 == 0));
  }

  private static Diary told(Diary diary, int second, int seq) {
    return diary.delta(
        second, seq, "'joined':[],'left':[],'here':[],'away':['ann']", Diary.counts(2));
  }

  private static long longest(Diary... diaries) {
    return ChangeWaits.longest(Arrays.stream(diaries).map(Diary::recording).toList());
  }

  /// Somebody who is told of two changes.
  private static Diary bob(int first, int second) {
    return told(told(Diary.of("bob").joins(1), first, 1), second, 2);
  }

  @Test
  void countsFromTheChangeThatWasMade() {
    Diary ann = looks(Diary.of("ann").joins(1), 17);
    assertThat(longest(ann, bob(10, 20))).isEqualTo(3_000);
  }

  @Test
  void countsFromTheLastThatWasToldIfChangesAreMadeAllTheTime() {
    Diary ann = Diary.of("ann").joins(1);
    for (int second = 5; second < 30; second++) {
      looks(ann, second);
    }
    assertThat(longest(ann, bob(10, 20))).isEqualTo(10_000);
  }

  @Test
  void nobodyWaitsForWhatNobodyDid() {
    assertThat(longest(Diary.of("ann").joins(1), bob(10, 20))).isZero();
  }

  @Test
  void timeWithoutASocketIsNoWaiting() {
    Diary ann = looks(Diary.of("ann").joins(1), 10);
    Diary bob = told(Diary.of("bob").joins(1), 10, 1).closed(11).welcome(18, true);
    assertThat(longest(ann, told(bob, 20, 2))).isEqualTo(3_000); // 10 to 11, 18 to 20
  }

  @Test
  void whatTheMemberCouldNotSayWasNotMade() {
    Diary ann = looks(Diary.of("ann").joins(1).closed(10), 11).welcome(18, true);
    assertThat(longest(ann, bob(10, 20))).isEqualTo(2_000);
  }

  @Test
  void whatWasLostWithTheSocketIsMadeWhenItIsSaidAgain() {
    Diary ann = looks(Diary.of("ann").joins(1), 11).closed(11).welcome(18, true);
    assertThat(longest(ann, bob(10, 20))).isEqualTo(2_000);
  }
}
