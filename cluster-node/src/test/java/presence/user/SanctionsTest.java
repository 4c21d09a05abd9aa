package presence.user;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SanctionsTest {
  private static final Sentence SHORT = new Sentence(1_000, "spam", 100);
  private static final Sentence LONG = new Sentence(5_000, null, 100);

  @Nested
  class AMute {
    private final Sanctions muted = Sanctions.NONE.muted("room", SHORT);

    @Test
    void holdsInItsInstanceUntilItsEnd() {
      Silence silence = silenceOf(muted);
      assertThat(silence.endsIn("room", 999)).isEqualTo(1_000);
      assertThat(silence.endsIn("room", 1_000)).isZero();
      assertThat(silence.endsIn("garden", 500)).isZero();
      assertThat(silence.endsEverywhere(500)).isZero();
    }

    @Test
    void holdsInEveryInstanceAndInMailWhenItIsEverywhere() {
      Silence silence = silenceOf(Sanctions.NONE.muted(Sanctions.EVERYWHERE, SHORT));
      assertThat(silence.endsIn("room", 500)).isEqualTo(1_000);
      assertThat(silence.endsEverywhere(500)).isEqualTo(1_000);
    }

    @Test
    void endsWithTheLongerOfTwo() {
      Silence silence = silenceOf(muted.muted(Sanctions.EVERYWHERE, LONG));
      assertThat(silence.endsIn("room", 500)).isEqualTo(5_000);
    }

    @Test
    void replacesTheOneBeforeInTheSamePlace() {
      assertThat(muted.muted("room", LONG).mutes()).containsOnlyKeys("room").containsValue(LONG);
    }

    @Test
    void isForgottenWhenItIsOver() {
      Sanctions both = muted.muted("garden", LONG);
      assertThat(both.at(1_000).mutes()).containsOnlyKeys("garden");
      assertThat(both.at(999)).isSameAs(both);
    }
  }

  @Test
  void everyDecisionIsNewerThanTheOneBefore() {
    Sanctions first = Sanctions.NONE.banned(SHORT);
    assertThat(first.muted("room", LONG).n()).isGreaterThan(first.n());
    assertThat(first.banned(null).n()).isGreaterThan(first.n());
  }

  @Test
  void aBanIsNoMute() {
    assertThat(silenceOf(Sanctions.NONE.banned(LONG)).until()).isEmpty();
  }

  @Test
  void whoWasNeverDecidedAboutHasNothingToHear() {
    assertThat(Sanctions.NONE.silence()).isNull();
  }

  private static Silence silenceOf(Sanctions sanctions) {
    Silence silence = sanctions.silence();
    assertThat(silence).isNotNull();
    return silence == null ? Silence.NONE : silence;
  }
}
