package presence.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static presence.session.Stage.ANN;
import static presence.session.Stage.GRACE;
import static presence.session.Stage.KEY;
import static presence.session.Stage.NOBODY;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.cluster.Last;
import presence.instance.ChatInstance;
import presence.instance.Seat;
import presence.protocol.ErrorCode;
import presence.session.Notice.AttachRefused;
import presence.session.Notice.Attached;
import presence.session.Notice.Over;
import presence.session.Notice.Replaced;
import presence.testkit.Recorder.Told;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;
import presence.user.User;

/// How a session ends, and who is told.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class UserSessionEndTest {

  private final TestSystem system;
  private final Stage stage;
  private final TestProbe<Notice> connection;
  private final TestProbe<Notice> other;

  UserSessionEndTest(TestSystem system) {
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

  @Nested
  class WhenTheGraceIsOver {
    private final Instant deadline;

    WhenTheGraceIsOver() {
      stage.opens(ANN, "room", "other");
      stage.entity.tell(new SessionCommand.Detach(1));
      deadline = system.instant().plus(GRACE);
      stage.entity.passes(GRACE.minusMillis(1));
      stage.nobodyHears();
      stage.isLeasedUntil(deadline);
      stage.entity.passes(Duration.ofMillis(1));
    }

    @Test
    @DisplayName("whoever lists it is told, once (invariant 2, case 2)")
    void whoeverListsItIsTold() {
      long n = stage.open().n();
      assertThat(stage.instances.take())
          .extracting(Told::id, each -> ((ChatInstance.Report) each.command()).seat())
          .containsExactlyInAnyOrder(
              tuple("room", new Seat("s1", n, null)), tuple("other", new Seat("s1", n, null)));
      User.Report report = stage.users.take(User.Report.class).getFirst();
      assertThat(report.n()).isEqualTo(n);
      assertThat(report.doing()).isNull();
      assertThat(stage.entity.events()).last().isInstanceOf(SessionEvent.Ending.class);
    }

    @Test
    @DisplayName("it is gone only when all have acknowledged (R4)")
    void itIsGoneOnlyWhenAllHaveAcknowledged() {
      List<Told<ChatInstance.Command>> words = stage.instances.take();
      User.Report report = stage.users.take(User.Report.class).getFirst();
      words.forEach(each -> stage.acknowledges(each.id(), (ChatInstance.Report) each.command()));
      assertThat(stage.phase()).isEqualTo(new Lease.Over(EndReason.GRACE_OVER));
      report.replyTo().tell(new User.Receipt("@ann", report.n()));
      stage.entity.rest();
      stage.isAbsent();
      stage.leavesMemory();
      assertThat(stage.entity.tagged(Last.TAG))
          .hasSize(1)
          .hasOnlyElementsOfType(SessionEvent.Ended.class);
    }

    @Test
    @DisplayName("a word is repeated at longer and longer intervals (R4)")
    void aWordIsRepeatedWithBackOff() {
      ChatInstance.Report lost = reportTo("room");
      for (int millis : new int[] {500, 1_000, 2_000, 4_000, 8_000, 8_000}) {
        stage.entity.passes(Duration.ofMillis(millis - 1));
        stage.nobodyHears();
        stage.entity.passes(Duration.ofMillis(1));
        assertThat(reportTo("room").seat()).isEqualTo(lost.seat());
      }
    }

    @Test
    void onlyWhoHasNotAcknowledgedIsToldAgain() {
      ChatInstance.Report word = reportTo("room");
      stage.acknowledges("room", word);
      stage.entity.passes(Duration.ofMillis(500));
      assertThat(stage.instances.take()).extracting(Told::id).containsExactly("other");
      assertThat(stage.users.take()).hasSize(1);
    }

    /// The word to one instance; what others were told is passed over.
    private ChatInstance.Report reportTo(String instance) {
      stage.users.take();
      return stage.instances.take().stream()
          .filter(each -> each.id().equals(instance))
          .map(each -> (ChatInstance.Report) each.command())
          .reduce((one, two) -> {
            throw new AssertionError("told twice");
          })
          .orElseThrow();
    }

    @Test
    @DisplayName("a restart does not forget whom to tell (R4)")
    void aRestartDoesNotForgetWhomToTell() {
      stage.instances.take();
      stage.entity.restart();
      assertThat(stage.acknowledges())
          .extracting(Told::id)
          .containsExactlyInAnyOrder("room", "other");
      stage.isAbsent();
    }

    @Test
    @DisplayName("the token selects a fresh session (case 2: back at 120 s)")
    void theTokenSelectsNothingAnyMore() {
      stage.entity.tell(stage.attach(new Opening.ByToken("t1", null), "t2", other));
      assertThat(other.expectMessageClass(AttachRefused.class).code())
          .isEqualTo(ErrorCode.RESUME_EXPIRED);
    }

    @Test
    void aLateReclaimIsToldThatItIsOver() {
      stage.entity.tell(reclaim(1, NOWHERE_ELSE));
      connection.expectMessage(new Over(EndReason.GRACE_OVER));
    }
  }

  @Nested
  class OfAKey {
    OfAKey() {
      stage.attaches(new Opening.ByKey(KEY), "t1", connection);
      stage.entity.tell(new SessionCommand.Evict(EndReason.KICKED));
      connection.expectMessage(new Over(EndReason.KICKED));
    }

    @Test
    void waitsUntilEverybodyKnowsBeforeItLivesAgain() {
      stage.entity.tell(stage.attach(new Opening.ByKey(KEY), "t2", other));
      other.expectNoMessage(Duration.ofMillis(50));
      stage.acknowledges();
      stage.isAbsent();
      stage.entity.restart();
      Attached attached = stage.attaches(new Opening.ByKey(KEY), "t2", other);
      assertThat(attached.resumed()).isFalse();
      assertThat(attached.epoch()).isGreaterThan(1);
    }

    @Test
    @DisplayName("and then a late word of the life before changes nothing (invariant 1)")
    void doesNotHearTheLifeBefore() {
      stage.acknowledges();
      stage.entity.restart();
      stage.attaches(new Opening.ByKey(KEY), "t2", other);
      stage.entity.tell(new SessionCommand.Detach(1));
      stage.entity.tell(
          new SessionCommand.Order(1, 9, false, new Action.Bye(), connection.getRef()));
      connection.expectMessageClass(Replaced.class);
      stage.isOnline();
    }
  }

  @Nested
  @DisplayName("an explicit end (cases 14 and 16)")
  class AnExplicitEnd {
    @Test
    void ofBye() {
      stage.opens(ANN, "room");
      stage.orders(new Action.Bye());
      connection.expectMessage(new Over(EndReason.BYE));
      assertThat(stage.acknowledges()).extracting(Told::id).containsExactly("room");
      stage.isAbsent();
    }

    @Test
    void ofWhoeverNobodyListsIsImmediate() {
      stage.opens(NOBODY);
      stage.orders(new Action.Bye());
      stage.isAbsent();
      stage.leavesMemory();
    }

    @Test
    @DisplayName("kick in the grace: one leave, timers inert (case 14)")
    void ofAKickInTheGrace() {
      stage.opens(ANN, "room");
      stage.entity.tell(new SessionCommand.Detach(1));
      stage.entity.tell(new SessionCommand.Evict(EndReason.KICKED));
      stage.entity.tell(new SessionCommand.Evict(EndReason.BANNED));
      assertThat(stage.acknowledges()).hasSize(1);
      stage.isAbsent();
      stage.entity.passes(GRACE.multipliedBy(2));
      stage.nobodyHears();
    }

    @Test
    void byItsTokenIsAnsweredWhenItIsDurable() {
      TestProbe<Boolean> page = system.probe();
      stage.opens(ANN, "room");
      stage.entity.tell(new SessionCommand.Quit("t0", page.getRef()));
      page.expectMessage(false);
      stage.isOnline();
      stage.entity.tellInVain(new SessionCommand.Quit("t1", page.getRef()));
      page.expectNoMessage(Duration.ofMillis(50));
      stage.isOnline();
      stage.entity.tell(new SessionCommand.Quit("t1", page.getRef()));
      page.expectMessage(true);
      assertThat(stage.phase()).isEqualTo(new Lease.Over(EndReason.BYE));
    }
  }
}
