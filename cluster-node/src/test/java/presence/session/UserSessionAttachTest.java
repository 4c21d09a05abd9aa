package presence.session;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.session.Stage.ANN;
import static presence.session.Stage.BOB;
import static presence.session.Stage.GRACE;
import static presence.session.Stage.KEY;
import static presence.session.Stage.NOBODY;
import static presence.session.Stage.NOTHING;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.auth.Principal;
import presence.instance.Seat;
import presence.instance.Standing;
import presence.protocol.ErrorCode;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.Setting;
import presence.session.Notice.AttachRefused;
import presence.session.Notice.Attached;
import presence.session.Notice.Replaced;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;

/// How connections get a session, take it from each other, and lose it.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class UserSessionAttachTest {
  private final Stage stage;
  private final TestProbe<Notice> first;
  private final TestProbe<Notice> second;
  private final TestProbe<Notice> third;

  UserSessionAttachTest(TestSystem system) {
    stage = new Stage(system);
    first = stage.connection;
    second = system.probe();
    third = system.probe();
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  private static Opening token(String hash) {
    return new Opening.ByToken(hash, null);
  }

  private static Opening key(Principal principal) {
    return new Opening.ByKey(principal);
  }

  private void refused(Opening opening, ErrorCode code) {
    stage.entity.tell(stage.attach(opening, "t9", third));
    assertThat(third.expectMessageClass(AttachRefused.class).code()).isEqualTo(code);
  }

  private static void hearsNothing(TestProbe<Notice> connection) {
    connection.expectNoMessage(Duration.ofMillis(50));
  }

  @Nested
  class WhereThereIsNone {
    @Test
    void aFreshSessionIsOpened() {
      Attached attached = stage.opens(ANN);
      assertThat(attached)
          .isEqualTo(
              new Attached(
                  "s1",
                  1,
                  false,
                  ANN,
                  Profile.BLANK,
                  Map.of(),
                  Map.of(),
                  List.of(),
                  null,
                  stage.entity.ref()));
      assertThat(stage.entity.events()).hasSize(1);
    }

    @Test
    void aKeyOpensItsSession() {
      Attached attached = stage.attaches(key(KEY), "t1", first);
      assertThat(attached.resumed()).isFalse();
      assertThat(attached.principal()).isEqualTo(KEY);
    }

    @Test
    @DisplayName("a token selects nothing (case 9), and no entity stays for it (R2)")
    void aTokenSelectsNothing() {
      refused(token("t1"), ErrorCode.RESUME_EXPIRED);
      assertThat(stage.entity.events()).isEmpty();
      stage.leavesMemory();
    }

    @Test
    @DisplayName("an attach is answered only when it is durable (R2, R7)")
    void anAttachIsAnsweredOnlyWhenItIsDurable() {
      SessionCommand.Attach attach = stage.attach(new Opening.Fresh(ANN), "t1", first);
      stage.entity.tellInVain(attach);
      hearsNothing(first);
      stage.entity.tell(attach);
      assertThat(first.expectMessageClass(Attached.class).epoch()).isEqualTo(1);
    }

    @Test
    void whoIsAboutToLeaveMemoryOpensNothingMore() {
      refused(token("t1"), ErrorCode.RESUME_EXPIRED);
      stage.entity.tell(stage.attach(key(KEY), "t1", first));
      hearsNothing(first);
      stage.entity.restart();
      assertThat(stage.attaches(key(KEY), "t1", first).resumed()).isFalse();
    }

    @Test
    @DisplayName("of a key whose session ended so long ago that the journal has forgotten it")
    void anotherLifeBeginsBeyondEveryStepOfThoseBefore() {
      stage.attaches(key(KEY), "t1", first);
      for (int i = 0; i < 5; i++) {
        stage.entity.passes(Duration.ofSeconds(10));
        stage.attaches(key(KEY), "t" + (2 + i), first);
      }
      long last = stage.entity.state().n();
      stage.entity.close(); // and its journal forgets it
      stage.system.passes(Duration.ofHours(3));
      stage.entity.start();
      assertThat(stage.attaches(key(KEY), "t9", second).epoch()).isGreaterThan(last);
      assertThat(stage.entity.state().n()).isGreaterThan(last);
    }
  }

  @Nested
  @DisplayName("a repeated attach (R2)")
  class ARepeatedAttach {
    @Test
    void getsTheSameAnswer() {
      Attached once = stage.opens(ANN);
      assertThat(stage.opens(ANN)).isEqualTo(once);
      assertThat(stage.entity.events()).hasSize(1);
    }

    @Test
    void getsTheSameAnswerAfterARestart() {
      stage.opens(ANN);
      stage.attaches(token("t1"), "t2", second);
      stage.entity.restart();
      Attached again = stage.attaches(token("t1"), "t2", second);
      assertThat(again.epoch()).isEqualTo(2);
      assertThat(again.resumed()).isTrue();
      assertThat(stage.entity.events()).hasSize(2);
    }

    @Test
    @DisplayName("that comes late displaces nobody (case 7)")
    void thatComesLateDisplacesNobody() {
      stage.attaches(key(KEY), "t1", first);
      long newest = stage.attaches(key(KEY), "t2", second).epoch();
      first.expectMessage(new Replaced(newest));
      stage.entity.tell(stage.attach(key(KEY), "t1", first));
      first.expectMessage(new Replaced(newest));
      hearsNothing(second);
      assertThat(stage.open().lease().epoch()).isEqualTo(newest);
    }

    @Test
    @DisplayName("of a token that another used meanwhile displaces nobody (case 7)")
    void withAnOldTokenDisplacesNobody() {
      stage.opens(ANN);
      stage.attaches(token("t1"), "t2", second);
      stage.insists(token("t1"), "t3", third);
      second.expectMessage(new Replaced(3));
      stage.entity.tell(stage.attach(token("t1"), "t2", second));
      second.expectMessage(new Replaced(3));
      hearsNothing(third);
    }
  }

  @Nested
  class WhileItIsOnline {
    WhileItIsOnline() {
      stage.opens(ANN);
    }

    @Test
    @DisplayName("the newer connection has it, the older is told (case 6)")
    void theNewerConnectionHasItAndTheOlderIsTold() {
      Attached attached = stage.attaches(token("t1"), "t2", second);
      assertThat(attached.epoch()).isEqualTo(2);
      assertThat(attached.resumed()).isTrue();
      first.expectMessage(new Replaced(2));
      stage.acknowledges();
      stage.nobodyHears();
    }

    @Test
    @DisplayName("the late close of the older connection changes nothing (case 5)")
    void theLateCloseOfTheOlderChangesNothing() {
      stage.attaches(token("t1"), "t2", second);
      stage.entity.tell(new SessionCommand.Detach(1));
      stage.isOnline();
      first.stop();
      third.expectTerminated(first.getRef());
      stage.entity.rest();
      stage.isOnline();
      assertThat(stage.entity.events()).hasSize(2);
    }

    @Test
    void theEndOfAConnectionThatAttachedTwiceIsNoticed() {
      stage.attaches(token("t1"), "t2", first);
      first.stop();
      stage.entity.await("the grace begins", state -> stage.phase() instanceof Lease.Leased);
    }

    @Test
    @DisplayName("a stranger never gets it (case 9)")
    void aStrangerNeverGetsIt() {
      refused(token("t0"), ErrorCode.RESUME_EXPIRED);
      refused(new Opening.ByToken("t1", BOB), ErrorCode.FORBIDDEN);
      refused(key(BOB), ErrorCode.FORBIDDEN);
      refused(new Opening.Fresh(ANN), ErrorCode.CONFLICT);
      hearsNothing(first);
      stage.isOnline();
      assertThat(stage.entity.events()).hasSize(1);
    }

    @Test
    void aTokenWithItsOwnersProofIsTaken() {
      stage.entity.tell(stage.attach(new Opening.ByToken("t1", ANN), "t2", second));
      second.expectMessageClass(Attached.class);
    }

    @Test
    @DisplayName("the old token works until the newest is heard of (R2, case 9)")
    void theOldTokenWorksUntilTheNewestIsHeardOf() {
      stage.attaches(token("t1"), "t2", second);
      assertThat(stage.insists(token("t1"), "t3", third).epoch()).isEqualTo(3);
      stage.entity.tell(new SessionCommand.Confirm(3));
      refused(token("t1"), ErrorCode.RESUME_EXPIRED);
      assertThat(stage.attaches(token("t3"), "t4", third).epoch()).isEqualTo(4);
    }

    @Test
    @DisplayName("the late word of a socket that was given up displaces nobody, however often")
    void theLateWordOfASocketThatWasGivenUpDisplacesNobody() {
      stage.attaches(token("t1"), "t2", second);
      stage.entity.tell(stage.attach(token("t1"), "t3", third));
      stage.entity.tell(stage.attach(token("t1"), "t3", third));
      hearsNothing(second);
      hearsNothing(third);
      assertThat(stage.open().lease().epoch()).isEqualTo(2);
    }

    @Test
    @DisplayName("several that come at once with one old token do not keep each other out")
    void severalThatComeWithAnOldTokenDoNotKeepEachOtherOut() {
      stage.attaches(token("t1"), "t2", second);
      first.expectMessage(new Replaced(2));
      stage.entity.tell(stage.attach(token("t1"), "t3", first));
      assertThat(stage.insists(token("t1"), "t4", third).epoch()).isEqualTo(3);
      second.expectMessage(new Replaced(3));
      assertThat(stage.insists(token("t1"), "t3", first).epoch()).isEqualTo(4);
      third.expectMessage(new Replaced(4));
    }

    @Test
    void theWordOfAnOlderConnectionConfirmsNothing() {
      stage.attaches(token("t1"), "t2", second);
      stage.entity.tell(new SessionCommand.Confirm(1));
      assertThat(stage.open().tokens().accepts("t1")).isTrue();
    }

    @Test
    void aConfirmationIsWrittenOnce() {
      stage.attaches(token("t1"), "t2", second);
      stage.entity.tell(new SessionCommand.Confirm(2), new SessionCommand.Confirm(2));
      assertThat(stage.entity.events()).hasSize(3);
    }
  }

  @Nested
  class TheProfile {
    private Profile attaches(String presented, String hash, Profile.Update update) {
      stage.entity.tell(new SessionCommand.Attach(token(presented), update, hash, second.getRef()));
      return second.expectMessageClass(Attached.class).profile();
    }

    @Test
    @DisplayName("on resume, what is absent stays, and null is nothing")
    void keepsWhatAHelloLeavesOut() {
      stage.entity.tell(
          new SessionCommand.Attach(
              new Opening.Fresh(ANN),
              new Profile.Update(Setting.to("Ann"), "phone", Setting.to("chat"), false),
              "t1",
              first.getRef()));
      Profile profile = new Profile("Ann", "phone", "chat", false);
      assertThat(first.expectMessageClass(Attached.class).profile()).isEqualTo(profile);
      assertThat(attaches("t1", "t2", NOTHING)).isEqualTo(profile);
      assertThat(attaches("t2", "t3", new Profile.Update(Setting.NONE, null, Setting.NONE, true)))
          .isEqualTo(new Profile(null, "phone", null, true));
    }

    @Test
    @DisplayName("a reattach elsewhere is a change of place, nothing else (case 12)")
    void aReattachElsewhereIsAChangeOfPlace() {
      stage.opens(ANN, "room");
      assertThat(attaches("t1", "t2", moved("room~1")).location()).isEqualTo("room~1");
      assertThat(stage.word().seat())
          .isEqualTo(new Seat("s1", 3, new Standing(new Member("@ann", "@ann", null), true)));
      assertThat(stage.open().instances().get("room"))
          .isEqualTo(new SessionState.Membership(stage.open().n(), true, true));
    }

    private Profile.Update moved(@Nullable String location) {
      return new Profile.Update(null, null, Setting.to(location), null);
    }
  }

  @Nested
  class ItsInstances {
    @Test
    void areNamedToWhoeverComesBackWithTheirPlaceInTheStream() {
      stage.opens(ANN, "room", "other");
      Attached attached = stage.attaches(token("t1"), "t2", second);
      assertThat(attached.instances())
          .isEqualTo(Map.of("room", new Position(1_000, 1), "other", new Position(1_000, 2)));
    }

    @Test
    void haveNoKnownPlaceAfterARestart() {
      stage.opens(ANN, "room");
      stage.entity.restart();
      Attached attached = stage.attaches(token("t1"), "t2", second);
      assertThat(attached.instances()).isEqualTo(Map.of("room", Position.NOWHERE));
    }
  }

  @Nested
  class WhenItsConnectionIsLost {
    WhenItsConnectionIsLost() {
      stage.opens(ANN, "room");
      stage.entity.tell(new SessionCommand.Detach(1));
    }

    @Test
    @DisplayName("the grace begins and nobody hears of it (case 1)")
    void theGraceBeginsAndNobodyHearsOfIt() {
      stage.isLeasedUntil(stage.system.instant().plus(GRACE));
      stage.nobodyHears();
    }

    @Test
    @DisplayName("told again, it does not move the deadline (invariant 2)")
    void toldAgainItDoesNotMoveTheDeadline() {
      var deadline = stage.system.instant().plus(GRACE);
      stage.entity.passes(Duration.ofSeconds(30));
      stage.entity.tell(new SessionCommand.Detach(1));
      first.stop();
      third.expectTerminated(first.getRef());
      stage.entity.rest();
      stage.isLeasedUntil(deadline);
    }

    @Test
    @DisplayName("back after 89 s: the same session, nobody hears (cases 1 and 2)")
    void whoComesBackIsAttachedSilently() {
      stage.entity.passes(Duration.ofSeconds(89));
      Attached attached = stage.attaches(token("t1"), "t2", second);
      assertThat(attached.resumed()).isTrue();
      assertThat(attached.epoch()).isEqualTo(2);
      stage.entity.passes(Duration.ofSeconds(100));
      stage.isOnline();
      stage.nobodyHears();
    }

    @Test
    @DisplayName("ten drops and returns in 60 s: nobody hears (case 3)")
    void tenDropsAndReturnsAreSilent() {
      for (int each = 1; each <= 10; each++) {
        stage.entity.passes(Duration.ofSeconds(3));
        stage.attaches(token("t" + each), "t" + (each + 1), second);
        stage.entity.passes(Duration.ofSeconds(3));
        stage.entity.tell(new SessionCommand.Detach(each + 1));
      }
      stage.isLeasedUntil(stage.system.instant().plus(GRACE));
      stage.nobodyHears();
    }
  }

  @Test
  @DisplayName("the end of the connection's actor is a detach (R1)")
  void theEndOfTheConnectionIsADetach() {
    stage.opens(NOBODY);
    first.stop();
    stage.entity.await("the grace begins", state -> stage.phase() instanceof Lease.Leased);
    stage.isLeasedUntil(stage.system.instant().plus(GRACE));
  }
}
