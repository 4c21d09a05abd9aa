package presence.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LeaseTest {
  private static final Duration GRACE = Duration.ofSeconds(90);
  private static final long NOW = 1_000_000;
  private static final long DEADLINE = NOW + 90_000;

  private final Lease online = new Lease(3, new Lease.Online());
  private final Lease leased = online.detach(3, NOW, GRACE);
  private final Lease over = online.end(EndReason.KICKED);

  @Nested
  class Online {
    @Test
    void anAttachTakesTheNextEpoch() {
      assertThat(online.attach()).isEqualTo(new Lease(4, new Lease.Online()));
    }

    @Test
    void aDetachStartsTheGrace() {
      assertThat(leased).isEqualTo(new Lease(3, new Lease.Leased(NOW, DEADLINE)));
    }

    @Test
    void aReclaimChangesNothing() {
      assertThat(online.reclaim(3)).isEqualTo(online);
    }

    @Test
    void noDeadlinePasses() {
      assertThat(online.expire(Long.MAX_VALUE)).isEqualTo(online);
    }

    @Test
    void anEndIsOver() {
      assertThat(over).isEqualTo(new Lease(3, new Lease.Over(EndReason.KICKED)));
    }

    @Test
    void anOutageChangesNothing() {
      assertThat(online.recovered(NOW, GRACE)).isEqualTo(online);
    }
  }

  @Nested
  class Leased {
    @Test
    void anAttachTakesTheNextEpochAndEndsTheGrace() {
      assertThat(leased.attach()).isEqualTo(new Lease(4, new Lease.Online()));
    }

    @Test
    @DisplayName("a repeated detach does not move the deadline (invariant 2)")
    void aRepeatedDetachDoesNotMoveTheDeadline() {
      assertThat(leased.detach(3, NOW + 5_000, GRACE)).isEqualTo(leased);
    }

    @Test
    @DisplayName("a reclaim of the current epoch ends the grace, without a new epoch (R3)")
    void aReclaimEndsTheGrace() {
      assertThat(leased.reclaim(3)).isEqualTo(online);
    }

    @Test
    @DisplayName("back at 89 s: still there; at 90 s: over (case 2)")
    void itIsOverExactlyAtTheDeadline() {
      assertThat(leased.expire(DEADLINE - 1)).isEqualTo(leased);
      assertThat(leased.expire(DEADLINE))
          .isEqualTo(new Lease(3, new Lease.Over(EndReason.GRACE_OVER)));
    }

    @Test
    @DisplayName("each return starts the deadline anew (case 3)")
    void theNextDetachHasItsOwnDeadline() {
      Lease again = leased.attach().detach(4, NOW + 60_000, GRACE);
      assertThat(again).isEqualTo(new Lease(4, new Lease.Leased(NOW + 60_000, DEADLINE + 60_000)));
    }
  }

  @Nested
  class Over {
    @Test
    void nothingBringsItBack() {
      assertThat(over.attach()).isEqualTo(over);
      assertThat(over.reclaim(3)).isEqualTo(over);
      assertThat(over.detach(3, NOW, GRACE)).isEqualTo(over);
      assertThat(over.expire(Long.MAX_VALUE)).isEqualTo(over);
      assertThat(over.recovered(Long.MAX_VALUE / 2, GRACE)).isEqualTo(over);
    }

    @Test
    void theFirstReasonStays() {
      assertThat(over.end(EndReason.BYE)).isEqualTo(over);
    }

    @Test
    void noEpochIsCurrent() {
      assertThat(over.isCurrent(3)).isFalse();
    }
  }

  @Nested
  @DisplayName("a message of another epoch (invariant 1)")
  class AnotherEpoch {
    @Test
    void detachesNothing() {
      assertThat(online.detach(2, NOW, GRACE)).isEqualTo(online);
      assertThat(online.detach(4, NOW, GRACE)).isEqualTo(online);
    }

    @Test
    void reclaimsNothing() {
      assertThat(leased.reclaim(2)).isEqualTo(leased);
      assertThat(leased.reclaim(4)).isEqualTo(leased);
    }
  }

  @Nested
  @DisplayName("an outage of the whole service (R1)")
  class AnOutage {
    @Test
    void givesWhoWasLeasedAFullGraceSinceTheClusterFormed() {
      long formedAt = NOW + 600_000;
      assertThat(leased.recovered(formedAt, GRACE))
          .isEqualTo(new Lease(3, new Lease.Leased(NOW, formedAt + 90_000)));
    }

    @Test
    void neverShortensADeadline() {
      assertThat(leased.recovered(NOW + 1, Duration.ofSeconds(1))).isEqualTo(leased);
    }

    @Test
    void isToldApartFromTheMoveOfOneSession() {
      assertThat(leased.recovered(NOW - 1, GRACE)).isEqualTo(leased);
      assertThat(leased.recovered(NOW, GRACE)).isEqualTo(leased);
    }

    @Test
    void countsOnceHoweverOftenTheSessionRecovers() {
      Lease once = leased.recovered(NOW + 600_000, GRACE);
      assertThat(once.recovered(NOW + 600_000, GRACE)).isEqualTo(once);
    }
  }
}
