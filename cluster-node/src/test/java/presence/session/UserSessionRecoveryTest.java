package presence.session;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.session.Stage.ANN;
import static presence.session.Stage.GRACE;
import static presence.session.Stage.to;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.instance.ChatInstance;
import presence.instance.Seat;
import presence.session.Notice.Attached;
import presence.session.Notice.Held;
import presence.session.Notice.Over;
import presence.session.Notice.Replaced;
import presence.testkit.Recorder.Told;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;
import presence.user.Doing;
import presence.user.User;

/// How a session outlives the death of its entity, in every phase.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class UserSessionRecoveryTest {
  private final TestSystem system;
  private final Stage stage;
  private final TestProbe<Notice> connection;
  private final TestProbe<Notice> other;

  UserSessionRecoveryTest(TestSystem system) {
    this.system = system;
    stage = new Stage(system);
    connection = stage.connection;
    other = system.probe();
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  private SessionCommand.Reclaim reclaim(long epoch, Action.Move place) {
    return new SessionCommand.Reclaim(epoch, place, connection.getRef());
  }

  private static final Action.Move NOWHERE_ELSE = new Action.Move(null, null);

  private Attached comesBack() {
    return stage.attaches(new Opening.ByToken("t1", null), "t2", other);
  }

  @Nested
  @DisplayName("its entity dies in the grace (R1, case 18)")
  class ItsEntityDiesInTheGrace {
    private final Instant deadline;

    ItsEntityDiesInTheGrace() {
      stage.opens(ANN, "room");
      stage.entity.tell(new SessionCommand.Detach(1));
      deadline = system.instant().plus(GRACE);
      stage.entity.passes(Duration.ofSeconds(30));
    }

    @Test
    void theDeadlineStays() {
      stage.isAway(Duration.ofSeconds(20));
      stage.isLeasedUntil(deadline);
      stage.acknowledges();
      stage.entity.passes(Duration.ofSeconds(40).minusMillis(1));
      stage.isLeasedUntil(deadline);
      stage.entity.passes(Duration.ofMillis(1));
      assertThat(stage.phase()).isEqualTo(new Lease.Over(EndReason.GRACE_OVER));
    }

    @Test
    void aDeadlineThatPassedMeanwhileIsExecutedAtOnce() {
      stage.isAway(Duration.ofSeconds(100));
      stage.entity.passes(Duration.ofMillis(1));
      assertThat(stage.phase()).isEqualTo(new Lease.Over(EndReason.GRACE_OVER));
    }

    @Test
    @DisplayName("an outage of the whole service does not count (R1, case 20)")
    void anOutageOfTheWholeServiceDoesNotCount() {
      stage.outage(Duration.ofMinutes(10));
      Instant until = system.instant().plus(GRACE);
      stage.isLeasedUntil(until);
      assertThat(stage.entity.lastEvent()).isInstanceOf(SessionEvent.Detached.class);
      stage.entity.restart();
      stage.isLeasedUntil(until);
      assertThat(comesBack().resumed()).isTrue();
    }

    @Test
    @DisplayName("a reclaim of the current epoch ends the grace (R3)")
    void aReclaimEndsTheGrace() {
      stage.entity.restart();
      stage.acknowledges();
      stage.entity.tell(reclaim(1, to("room")));
      connection.expectMessage(new Held(stage.entity.ref(), List.of()));
      stage.isOnline();
      assertThat(stage.open().lease().epoch()).isEqualTo(1);
      assertThat(stage.open().profile().location()).isEqualTo("room");
      stage.entity.passes(GRACE.multipliedBy(2));
      stage.isOnline();
    }

    @Test
    void anOrderOfTheCurrentEpochEndsTheGraceAndIsDone() {
      stage.entity.restart();
      long number = stage.orders(to("room"));
      stage.done(number, null);
      stage.isOnline();
      assertThat(stage.open().profile().location()).isEqualTo("room");
    }
  }

  @Nested
  @DisplayName("its entity dies while it is online (R1, R3, case 17)")
  class ItsEntityDiesWhileOnline {
    ItsEntityDiesWhileOnline() {
      stage.opens(ANN, "room");
      comesBack();
      connection.expectMessageClass(Replaced.class);
    }

    private void reclaims(long epoch, TestProbe<Notice> by) {
      stage.entity.tell(new SessionCommand.Reclaim(epoch, NOWHERE_ELSE, by.getRef()));
    }

    @Test
    void itTellsEverybodyOnceMoreAndNothingNew() {
      Seat before = stage.open().seat("s1", "room");
      stage.entity.restart();
      assertThat(stage.word().seat()).isEqualTo(before);
      assertThat(stage.users.take()).hasSize(1);
      stage.entity.passes(Duration.ofMillis(499));
      stage.nobodyHears();
    }

    @Test
    void whoAcknowledgedIsNotToldAgain() {
      stage.entity.restart();
      stage.acknowledges();
      stage.entity.passes(Duration.ofSeconds(4));
      stage.nobodyHears();
    }

    @Test
    void itsConnectionReclaimsItWithoutANewEpoch() {
      stage.entity.restart();
      stage.entity.passes(Duration.ofSeconds(4));
      reclaims(2, other);
      other.expectMessage(new Held(stage.entity.ref(), List.of()));
      int events = stage.entity.events().size();
      stage.entity.passes(GRACE);
      stage.isOnline();
      assertThat(stage.entity.events()).hasSize(events);
    }

    @Test
    @DisplayName("unclaimed for 5 s, its grace counts from the recovery (R1)")
    void unclaimedItsGraceCountsFromTheRecovery() {
      stage.isAway(Duration.ofSeconds(20));
      Instant recovered = system.instant();
      stage.entity.passes(Duration.ofSeconds(5).minusMillis(1));
      stage.isOnline();
      stage.entity.passes(Duration.ofMillis(1));
      stage.isLeasedUntil(recovered.plus(GRACE));
    }

    @Test
    void itSurvivesAnOutageOfTheWholeService() {
      stage.outage(Duration.ofMinutes(10));
      Instant recovered = system.instant();
      stage.entity.passes(Duration.ofSeconds(5));
      stage.isLeasedUntil(recovered.plus(GRACE));
    }

    @Test
    void anOlderConnectionIsToldThatItWasReplaced() {
      stage.entity.restart();
      reclaims(1, connection);
      connection.expectMessage(new Replaced(2));
      stage.entity.passes(Duration.ofSeconds(5));
      assertThat(stage.phase()).isInstanceOf(Lease.Leased.class);
    }

    @Test
    void theEndOfAConnectionThatReclaimedItIsNoticed() {
      stage.entity.restart();
      reclaims(2, other);
      other.stop();
      stage.entity.await("the grace begins", state -> stage.phase() instanceof Lease.Leased);
    }

    @Test
    @DisplayName("an attach that was written unknown, and whose connection died (R7)")
    void anAttachThatNobodyKnowsOfIsNotHeld() {
      TestProbe<Notice> third = system.probe();
      stage.entity.tellUnknowing(
          stage.attach(new Opening.ByToken("t2", null), "t3", third),
          new SessionEvent.Attached("t3", "t2", Profile.BLANK, Set.of(), 0));
      assertThat(stage.open().lease().epoch()).isEqualTo(3);
      stage.entity.passes(Duration.ofSeconds(5));
      assertThat(stage.phase()).isInstanceOf(Lease.Leased.class);
    }
  }

  @Nested
  @DisplayName("asked by an instance or by somebody who is wrong (R2, R4)")
  class Asked {
    @Test
    void inARollCallItRepeatsItsWord() {
      stage.opens(ANN, "room");
      stage.entity.tell(new SessionCommand.RollCall("room", 1));
      assertThat(stage.word().seat()).isEqualTo(stage.open().seat("s1", "room"));
    }

    @Test
    void byAnInstanceItIsNotInItSaysSo() {
      stage.opens(ANN);
      stage.entity.tell(new SessionCommand.RollCall("room", 1));
      assertThat(stage.word().seat()).isEqualTo(new Seat("s1", 1, null));
    }

    @Test
    void whereThereIsNoneItAnswersAndGoes() {
      TestProbe<Boolean> page = system.probe();
      stage.entity.tell(new SessionCommand.RollCall("room", 7));
      assertThat(stage.instances.take())
          .containsExactly(new Told<>("room", new ChatInstance.Unknown("s1", 7)));
      stage.leavesMemory();
      stage.entity.tell(reclaim(1, NOWHERE_ELSE));
      connection.expectMessage(new Over(EndReason.GRACE_OVER));
      stage.entity.tell(
          new SessionCommand.Order(1, 1, false, new Action.Bye(), connection.getRef()));
      connection.expectMessage(new Over(EndReason.GRACE_OVER));
      stage.entity.tell(new SessionCommand.Quit("t1", page.getRef()));
      page.expectMessage(false);
      assertThat(stage.entity.events()).isEmpty();
    }

    @Test
    void whereThereIsNoneAndNobodyAsksItGoesByItself() {
      stage.entity.passes(Stage.LIMITS.repeatLast());
      stage.leavesMemory();
    }
  }

  @Nested
  class ItsPerson {
    @Test
    void isToldOfItOnceItIsOpen() {
      stage.opens(ANN);
      User.Report report = stage.users.take(User.Report.class).getFirst();
      assertThat(report.session()).isEqualTo("s1");
      assertThat(report.doing()).isEqualTo(new Doing(null, null, Set.of()));
    }

    @Test
    void isToldAgainSoonWhenAnEarlierWordWasLongWithoutAnswer() {
      stage.opens(ANN);
      for (int millis : new int[] {500, 1_000, 2_000, 4_000}) {
        stage.entity.passes(Duration.ofMillis(millis));
      }
      stage.users.take();
      stage.orders(to("chat"));
      assertThat(stage.users.take()).hasSize(1);
      stage.entity.passes(Duration.ofMillis(500));
      assertThat(stage.users.take()).hasSize(1);
    }
  }

  @Test
  void stopsAtOnceWhenToldAndWritesNothing() {
    stage.opens(ANN, "room");
    int events = stage.entity.events().size();
    stage.entity.ref().tell(SessionCommand.Stop.STOP);
    connection.expectTerminated(stage.entity.ref());
    assertThat(stage.entity.events()).hasSize(events);
  }
}
