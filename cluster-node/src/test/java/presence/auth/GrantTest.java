package presence.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantTest {
  private static final Grant SOME =
      new Grant(
          Map.of(
              "chat-lobby", Right.SAY,
              "chat-*", Right.JOIN,
              "chat-staff*", Right.SEE,
              "news", Right.SEE,
              "chat-*x", Right.SAY),
          null);

  @ParameterizedTest
  @CsvSource({
    "chat-lobby, true, true, true",
    "chat-lobby2, true, true, false",
    "chat-, true, true, false",
    "chat, false, false, false",
    "chat-staff, true, false, false",
    "chat-staff-2, true, false, false",
    "news, true, false, false",
    "newsroom, false, false, false",
    "CHAT-lobby, false, false, false",
    "chat-yx, true, true, false",
    "'', false, false, false",
  })
  void theLongestNameThatFitsCounts(String instance, boolean see, boolean join, boolean say) {
    assertThat(SOME.maySee(instance)).isEqualTo(see);
    assertThat(SOME.mayJoin(instance)).isEqualTo(join);
    assertThat(SOME.maySay(instance)).isEqualTo(say);
  }

  @Test
  void withoutRulesEverythingIsAllowedAndWithNoneOfThemNothing() {
    assertThat(Grant.ALL.maySay("anywhere")).isTrue();
    assertThat(new Grant(Map.of(), null).maySee("anywhere")).isFalse();
    assertThat(Grant.everywhere(Right.JOIN).mayJoin("anywhere")).isTrue();
    assertThat(Grant.everywhere(Right.JOIN).maySay("anywhere")).isFalse();
  }

  @Test
  void itEndsAtItsEndAndNotBefore() {
    Grant grant = Grant.until(null, Instant.ofEpochMilli(1_000));

    assertThat(grant.hasEnded(999)).isFalse();
    assertThat(grant.hasEnded(1_000)).isTrue();
    assertThat(Grant.ALL.hasEnded(Long.MAX_VALUE)).isFalse();
    assertThat(Grant.until(null, Instant.MAX).until()).as("beyond all numbers").isNull();
  }
}
