package presence.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  private static final String ANN = "ann";
  private static final String BOB = "bob";

  private Claims claims = Claims.NONE;

  private Claim.Phase phaseOf(String client) {
    return Objects.requireNonNull(claims.of(client), client).phase();
  }

  @Test
  void nobodyHasOne() {
    assertThat(claims.isEmpty()).isTrue();
    assertThat(claims.nextDeadline()).isEmpty();
    assertThat(claims.numbers("s1")).isEqualTo(Numbers.NONE);
    assertThat(claims.detach(ANN, 10).select(ANN, "s1").finish(ANN, "r1")).isEqualTo(claims);
  }

  @Nested
  class AHold {
    @BeforeEach
    void hold() {
      claims = claims.hold(ANN, 1, 30);
    }

    @Test
    void endsAtItsDeadline() {
      assertThat(claims.nextDeadline()).hasValue(30);
      assertThat(claims.due(29)).isEmpty();
      assertThat(claims.due(30)).containsExactly(new Claims.Ended(ANN, 1));
    }

    @Test
    void isMovedToALaterDeadlineOnly() {
      claims = claims.hold(ANN, 1, 40).hold(ANN, 1, 35);
      assertThat(phaseOf(ANN)).isEqualTo(new Claim.Held(40));
    }

    @Test
    void isCountedNowhere() {
      claims = claims.select(ANN, "s1");
      assertThat(claims.numbers("s1")).isEqualTo(Numbers.NONE);
    }

    @Test
    void becomesAnAttachment() {
      claims = claims.attach(ANN, 1);
      assertThat(phaseOf(ANN)).isEqualTo(new Claim.Attached());
      assertThat(claims.due(Long.MAX_VALUE)).isEmpty();
    }
  }

  @Nested
  class AnAttachment {
    @BeforeEach
    void attach() {
      claims = claims.attach(ANN, 1).select(ANN, "s1").start(ANN, "r1", "s2");
    }

    @Test
    void countsWhereItLooksAndWhereItRuns() {
      claims = claims.attach(BOB, 7).select(BOB, "s1");
      assertThat(claims.numbers("s1")).isEqualTo(new Numbers(false, 2, 0));
      assertThat(claims.numbers("s2")).isEqualTo(new Numbers(true, 0, 0));
      assertThat(claims.numbers())
          .containsOnlyKeys("s1", "s2")
          .containsEntry("s1", claims.numbers("s1"))
          .containsEntry("s2", claims.numbers("s2"));
    }

    @Test
    void needsNoHold() {
      assertThat(claims.hold(ANN, 1, 30)).isEqualTo(claims);
    }

    @Test
    void isLeasedWhenItsStreamsAreLostAndKeepsWhatItHad() {
      claims = claims.detach(ANN, 10);
      assertThat(phaseOf(ANN)).isEqualTo(new Claim.Leased(10));
      assertThat(claims.numbers("s1")).isEqualTo(new Numbers(false, 0, 1));
      assertThat(claims.numbers("s2").isBusy()).isTrue();
      assertThat(claims.attach(ANN, 1).numbers("s1")).isEqualTo(new Numbers(false, 1, 0));
    }

    @Test
    void isNotLeasedLongerByARepeatedLoss() {
      assertThat(claims.detach(ANN, 10).detach(ANN, 20)).isEqualTo(claims.detach(ANN, 10));
    }

    @Test
    void isLeasedLongerByAHold() {
      claims = claims.detach(ANN, 10).hold(ANN, 1, 30);
      assertThat(phaseOf(ANN)).isEqualTo(new Claim.Leased(30));
    }

    @Test
    void losesWhatItLooksAtAndRunsWithTheSession() {
      assertThat(claims.forget("s1").numbers()).containsOnlyKeys("s2");
      assertThat(claims.forget("s2").numbers()).containsOnlyKeys("s1");
      assertThat(claims.forget("s3")).isEqualTo(claims);
    }

    @Test
    void endsWithEverything() {
      claims = claims.drop(ANN, 1);
      assertThat(claims.isEmpty()).isTrue();
      assertThat(claims.numbers()).isEmpty();
    }
  }

  @Nested
  class ANewerNumber {
    @BeforeEach
    void attach() {
      claims = claims.attach(ANN, 1).select(ANN, "s1").start(ANN, "r1", "s1");
    }

    @Test
    void beginsAnew() {
      assertThat(claims.attach(ANN, 2).of(ANN)).isEqualTo(Claim.first(2, new Claim.Attached()));
      assertThat(claims.hold(ANN, 2, 30).of(ANN)).isEqualTo(Claim.first(2, new Claim.Held(30)));
    }

    @Test
    void isNotEndedByAnOlderRelease() {
      claims = claims.attach(ANN, 3);
      assertThat(claims.drop(ANN, 2)).isEqualTo(claims);
      assertThat(claims.drop(ANN, 3).isEmpty()).isTrue();
    }
  }

  @Nested
  class Fence {
    @Test
    void barsWhatHasEnded() {
      Fences fences = Fences.NONE.raise(ANN, 4, 100).raise(ANN, 3, 101);
      assertThat(fences.bars(ANN, 4)).isTrue();
      assertThat(fences.bars(ANN, 5)).isFalse();
      assertThat(fences.bars(BOB, 1)).isFalse();
    }

    @Test
    void isForgottenWhenItIsOldAndNotRaised() {
      Fences fences = Fences.NONE.raise(ANN, 1, 100).raise(BOB, 1, 110).raise(ANN, 2, 120);
      assertThat(fences.forget(115).all()).containsOnlyKeys(ANN);
      assertThat(fences.forget(121).all()).isEmpty();
    }
  }
}
