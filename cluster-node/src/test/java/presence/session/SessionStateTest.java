package presence.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import presence.auth.Principal;
import presence.instance.Seat;
import presence.instance.Standing;
import presence.protocol.Handle;
import presence.protocol.Member;
import presence.session.SessionState.Absent;
import presence.session.SessionState.Membership;
import presence.session.SessionState.Open;
import presence.user.Doing;

class SessionStateTest {
  private static final Principal ANN = new Principal.User(Handle.of("@ann"));
  private static final Principal NOBODY = new Principal.Anonymous();
  private static final Profile PROFILE = new Profile("Ann", null, "chat", true);

  private static Open opened(Principal principal) {
    return open(new Absent(0).apply(new SessionEvent.Opened(principal, PROFILE, "t1", 1, 0)));
  }

  private static Open open(SessionState state) {
    assertThat(state).isInstanceOf(Open.class);
    return (Open) state;
  }

  private static Open after(Open state, SessionEvent... events) {
    SessionState now = state;
    for (SessionEvent event : events) {
      now = now.apply(event);
    }
    return open(now);
  }

  private static SessionEvent attached(String hash, String presented) {
    return new SessionEvent.Attached(hash, presented, PROFILE, Set.of(), 0);
  }

  private static SessionEvent joined(String instance, boolean viewing) {
    return new SessionEvent.Joined(instance, viewing, 0);
  }

  private static SessionEvent moved(String location, String... viewing) {
    return new SessionEvent.Moved(location, true, Set.of(viewing), 0);
  }

  @Nested
  class Steps {
    @Test
    void everyEventIsOne() {
      Stream<SessionEvent> events =
          Stream.of(
              joined("room", true),
              moved("elsewhere"),
              attached("t2", "t1"),
              new SessionEvent.Confirmed(0),
              new SessionEvent.Detached(new Lease(2, new Lease.Leased(0, 1)), 0),
              new SessionEvent.Reclaimed(0),
              new SessionEvent.Watched(List.of("@bob"), 0),
              new SessionEvent.Left("room", 0),
              new SessionEvent.Released("room", 0),
              new SessionEvent.Identified(ANN, 0),
              new SessionEvent.Ending(EndReason.BYE, 0),
              new SessionEvent.Ended(0));
      SessionState state = opened(NOBODY);
      List<Long> steps = new ArrayList<>();
      for (SessionEvent event : events.toList()) {
        state = state.apply(event);
        steps.add(state.n());
      }
      assertThat(steps).isEqualTo(LongStream.rangeClosed(2, 13).boxed().toList());
    }

    @Test
    void aLaterLifeOfTheSameIdGoesOnCounting() {
      SessionState ended = new Absent(13);
      Open again = open(ended.apply(new SessionEvent.Opened(ANN, PROFILE, "t1", 14, 0)));
      assertThat(again.n()).isEqualTo(14);
      assertThat(again.toldPersonAt()).isEqualTo(14);
    }

    @Test
    @DisplayName("a connection of an earlier life is not taken for one of this (invariant 1)")
    void aLaterLifeHasEpochsOfItsOwn() {
      Open before =
          after(opened(ANN), attached("t2", "t1"), new SessionEvent.Ending(EndReason.KICKED, 0));
      SessionState ended = before.apply(new SessionEvent.Ended(0));
      Open again = open(ended.apply(new SessionEvent.Opened(ANN, PROFILE, "t3", ended.n() + 1, 0)));
      assertThat(again.lease().epoch()).isGreaterThan(before.lease().epoch());
    }
  }

  @Nested
  @DisplayName("resume tokens (R2)")
  class ResumeTokens {
    private final Open once = after(opened(ANN), attached("t2", "t1"));

    @Test
    void theFirstIsAccepted() {
      assertThat(opened(ANN).tokens().accepts("t1")).isTrue();
      assertThat(opened(ANN).tokens().accepts("t0")).isFalse();
    }

    @Test
    @DisplayName("the welcome never reached the client: the old token still works (case 9)")
    void thePredecessorWorksUntilTheNewestIsKnownToBeHeld() {
      assertThat(once.tokens().accepts("t1")).isTrue();
      assertThat(once.tokens().accepts("t2")).isTrue();
    }

    @Test
    @DisplayName("a token replaced and confirmed selects nothing (case 9)")
    void thePredecessorIsWorthNothingAfterwards() {
      Open confirmed = after(once, new SessionEvent.Confirmed(0));
      assertThat(confirmed.tokens().accepts("t1")).isFalse();
      assertThat(confirmed.tokens().accepts("t2")).isTrue();
    }

    @Test
    void theSecondUseOfThePredecessorTakesTheTokenOfTheFirst() {
      Open twice = after(once, attached("t3", "t1"));
      assertThat(twice.lease().epoch()).isEqualTo(once.lease().epoch() + 1);
      assertThat(Stream.of("t1", "t2", "t3").filter(twice.tokens()::accepts))
          .containsExactly("t1", "t3");
    }

    @Test
    void whoComesByKeyLeavesTheNewestAsPredecessor() {
      Open byKey = after(once, new SessionEvent.Attached("t3", null, PROFILE, Set.of(), 0));
      assertThat(Stream.of("t1", "t2", "t3").filter(byKey.tokens()::accepts))
          .containsExactly("t2", "t3");
    }
  }

  @Nested
  class Memberships {
    private final Open member = after(opened(ANN), joined("room", true));

    @Test
    void aJoinIsASeatAtItsStep() {
      assertThat(member.joined()).containsExactly("room");
      assertThat(member.seat("s1", "room"))
          .isEqualTo(new Seat("s1", 2, new Standing(new Member("@ann", "@ann", "Ann"), true)));
    }

    @Test
    void aLeaveIsRememberedUntilTheInstanceKnows() {
      Open left = after(member, new SessionEvent.Left("room", 0));
      assertThat(left.joined()).isEmpty();
      assertThat(left.seat("s1", "room")).isEqualTo(new Seat("s1", 3, null));
      assertThat(after(left, new SessionEvent.Released("room", 0)).instances()).isEmpty();
    }

    @Test
    void anInstanceItHasNothingToDoWithIsToldThatItIsNotThere() {
      assertThat(member.seat("s1", "elsewhere")).isEqualTo(new Seat("s1", 2, null));
    }

    @Test
    void aMoveIsNewsOnlyToTheInstancesItConcerns() {
      Open two = after(member, joined("other", false), moved("nowhere"));
      assertThat(two.instances())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "room", new Membership(4, true, false), "other", new Membership(3, true, false)));
    }

    @Test
    void aMoveDoesNotBringBackWhoLeft() {
      Open moved = after(member, new SessionEvent.Left("room", 0), moved("chat", "room"));
      assertThat(moved.instances().get("room")).isEqualTo(new Membership(3, false, false));
    }

    @Test
    @DisplayName("another display name is a change in every instance (cases 12 and 34)")
    void anotherDisplayNameIsNewsToAll() {
      Profile renamed = new Profile("Anna", null, "chat", true);
      Open now = after(member, new SessionEvent.Attached("t2", "t1", renamed, Set.of("room"), 0));
      assertThat(now.seat("s1", "room"))
          .isEqualTo(new Seat("s1", 3, new Standing(new Member("@ann", "@ann", "Anna"), true)));
    }

    @Test
    @DisplayName("a return in the grace is news to nobody (case 1)")
    void aPlainReattachIsNewsToNobody() {
      Open back =
          after(
              member,
              new SessionEvent.Detached(new Lease(1, new Lease.Leased(0, 1)), 0),
              new SessionEvent.Attached("t2", "t1", PROFILE, Set.of("room"), 0));
      assertThat(back.instances()).isEqualTo(member.instances());
      assertThat(back.toldPersonAt()).isEqualTo(member.toldPersonAt());
    }
  }

  @Nested
  class ThePerson {
    @Test
    void isToldWhereTheUserLooks() {
      Open here = after(opened(ANN), joined("room", true), joined("other", false));
      assertThat(here.doing()).isEqualTo(new Doing("Ann", "chat", Set.of("room")));
      assertThat(here.toldPersonAt()).isEqualTo(2);
    }

    @Test
    void isToldWhenOnlyTheViewedInstancesChange() {
      Open before = after(opened(ANN), joined("room", false));
      Open now = after(before, new SessionEvent.Attached("t2", "t1", PROFILE, Set.of("room"), 0));
      assertThat(now.doing()).isEqualTo(new Doing("Ann", "chat", Set.of("room")));
      assertThat(now.toldPersonAt()).isEqualTo(now.n());
    }

    @Test
    void isToldWhenTheUserLeavesWhatTheyLookedAt() {
      Open left = after(opened(ANN), joined("room", true), new SessionEvent.Left("room", 0));
      assertThat(left.doing()).isEqualTo(new Doing("Ann", "chat", Set.of()));
      assertThat(left.toldPersonAt()).isEqualTo(3);
    }

    @Test
    void isNobodyForAnAnonymousSession() {
      assertThat(opened(NOBODY).member()).isNull();
      assertThat(after(opened(NOBODY), joined("room", true)).seat("s1", "room").standing())
          .isEqualTo(new Standing(null, true));
    }

    @Test
    void ofAKeyIsItsParent() {
      assertThat(opened(new Principal.Key("ab01", "cd02")).member())
          .isEqualTo(new Member("cd02", null, "Ann"));
    }
  }

  @Nested
  class Identified {
    @Test
    void isNewsToEveryInstanceItIsIn() {
      Open now =
          after(
              opened(NOBODY),
              joined("room", true),
              joined("left", true),
              new SessionEvent.Left("left", 0),
              new SessionEvent.Identified(ANN, 0));
      assertThat(now.seat("s1", "room").n()).isEqualTo(5);
      assertThat(now.seat("s1", "left")).isEqualTo(new Seat("s1", 4, null));
      assertThat(now.toldPersonAt()).isEqualTo(5);
    }
  }

  @Nested
  class Ending {
    private final Open ending =
        after(
            opened(ANN),
            joined("room", true),
            joined("left", false),
            new SessionEvent.Left("left", 0),
            new SessionEvent.Ending(EndReason.GRACE_OVER, 0));

    @Test
    void isNewsToEverybodyWhoListsIt() {
      assertThat(ending.seat("s1", "room")).isEqualTo(new Seat("s1", 5, null));
      assertThat(ending.seat("s1", "left")).isEqualTo(new Seat("s1", 5, null));
      assertThat(ending.toldPersonAt()).isEqualTo(5);
      assertThat(ending.doing()).isNull();
    }

    @Test
    void leavesNothingButItsStep() {
      assertThat(ending.apply(new SessionEvent.Ended(0))).isEqualTo(new Absent(6));
    }
  }
}
