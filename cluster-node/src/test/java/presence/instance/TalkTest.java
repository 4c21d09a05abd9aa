package presence.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.instance.Words.message;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("what was said lately (R6: the history, or as long as the memory reaches)")
class TalkTest {
  /// Ten messages of one session, said at 100, 200 … 1000.
  private final Talk talk =
      Talk.of(
          LongStream.rangeClosed(1, 10)
              .mapToObj(seq -> message(seq, seq * 100, "s1", "m" + seq))
              .toList());

  @Test
  void aMessageIsKnownBySessionAndClientId() {
    assertThat(talk.said("s1", "m3")).contains(message(3, 300, "s1", "m3"));
    assertThat(talk.said("s2", "m3")).isEmpty();
    assertThat(talk.said("s1", "m11")).isEmpty();
  }

  @Test
  void theNewestComeOldestFirst() {
    assertThat(talk.newest(2))
        .containsExactly(message(9, 900, "s1", "m9"), message(10, 1_000, "s1", "m10"));
    assertThat(talk.newest(500)).isEqualTo(talk.all());
  }

  @Test
  void anOldMessageIsKeptWhileItIsAmongTheNewest() {
    Talk trimmed = talk.trim(4, 5_000);
    assertThat(trimmed.all()).hasSize(4);
    assertThat(trimmed.said("s1", "m7")).isPresent();
    assertThat(trimmed.said("s1", "m6")).isEmpty();
  }

  @Test
  void aYoungMessageIsKeptHoweverManyFollowed() {
    Talk trimmed = talk.trim(2, 500);
    assertThat(trimmed.said("s1", "m5")).isPresent();
    assertThat(trimmed.said("s1", "m4")).isEmpty();
  }

  @Test
  void nothingToForgetIsNoChange() {
    assertThat(talk.trim(10, 5_000)).isSameAs(talk);
    assertThat(Talk.NONE.newest(5)).isEqualTo(List.of());
  }
}
