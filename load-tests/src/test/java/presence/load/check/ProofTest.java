package presence.load.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import presence.load.record.Line;

/// A checker that cannot fail proves nothing: each rule is broken by recordings in which everything
/// else is in order.
class ProofTest {
  /// Ann and Bob come, and see each other.
  private final Diary ann = Diary.of("ann").joins(1).presence(1, 1, "ann").joined(2, 1, "bob", 2);

  private final Diary bob = Diary.of("bob").joins(2).presence(2, 2, "ann", "bob");

  private static Set<Rule> violated(Diary... diaries) {
    Findings findings = Proof.of(Arrays.stream(diaries).map(Diary::recording).toList()).findings();
    Set<Rule> violated = EnumSet.noneOf(Rule.class);
    for (Rule rule : Rule.values()) {
      if (!findings.violations(rule).isEmpty()) {
        violated.add(rule);
      }
    }
    return violated;
  }

  @Test
  void whatIsInOrderPasses() {
    ann.said(3, 3, "m1").end(5);
    bob.said(3, 3, "m1").end(5);
    assertThat(violated(ann, bob)).isEmpty();
  }

  @Test
  void everythingThatWasCheckedIsCounted() {
    Findings findings = Proof.of(List.of(ann.recording(), bob.recording())).findings();
    assertThat(findings.checked(Rule.SAME)).isEqualTo(1);
    assertThat(findings.checked(Rule.GAP)).isEqualTo(1);
    assertThat(findings.checked(Rule.MAIL_LOST)).isZero();
  }

  @Nested
  class AStream {
    @Test
    void mustNotHaveAGap() {
      ann.said(3, 4, "m1");
      assertThat(violated(ann, bob)).containsExactly(Rule.GAP);
    }

    @Test
    void mustNotRepeatItself() {
      ann.joined(3, 1, "bob", 2);
      assertThat(violated(ann, bob)).containsExactly(Rule.REPEAT);
    }

    @Test
    void mustNotStepBackByASnapshot() {
      ann.presence(3, 1, "ann");
      assertThat(violated(ann, bob)).containsExactly(Rule.REPEAT);
    }

    @Test
    void mustNotBeginAnew() {
      ann.frame(
          3,
          "{'type':'presence:delta','instance':'room','epoch':2,'from':2,'seq':3,'joined':[],'left':[],'here':[],'away':[],'counts':{}}");
      assertThat(violated(ann, bob)).containsExactly(Rule.EPOCH);
    }

    @Test
    void mayAnswerAQuestionWithWhatIsKnown() {
      ann.frame(
          3,
          "{'type':'presence:delta','instance':'room','epoch':1,'from':2,'seq':2,'ref':'7','joined':[],'left':[],'here':[],'away':[],'counts':%s}"
              .formatted(Diary.counts(2)));
      assertThat(violated(ann, bob)).isEmpty();
    }

    @Test
    void isTheSameForAll() {
      Diary carl = Diary.of("carl").line(new Line.Looks(1, null, false)).welcome(1, false);
      carl.presence(3, 2, "ann", "eve");
      assertThat(violated(ann, bob, carl)).contains(Rule.SAME);
    }

    @Test
    void hasTheSameMessagesForAll() {
      ann.said(3, 3, "m1");
      bob.said(3, 3, "m2");
      assertThat(violated(ann, bob)).containsExactly(Rule.SAME);
    }
  }

  @Nested
  class APerson {
    @Test
    void mustNotJoinTwice() {
      ann.joined(3, 2, "bob", 2);
      assertThat(violated(ann, bob)).containsExactly(Rule.ALTERNATION);
    }

    @Test
    void mustNotLeaveTwice() {
      ann.left(3, 2, "eve", 2);
      assertThat(violated(ann, bob)).containsExactly(Rule.ALTERNATION);
    }

    @Test
    void mustBeOnlineToBeHere() {
      ann.delta(
          3,
          2,
          "'joined':[],'left':[],'here':['eve'],'away':[]",
          "{'people':2,'here':3,'sessions':3,'anonymous':0}");
      assertThat(violated(ann, bob)).contains(Rule.SUBSET, Rule.COUNTS);
    }

    @Test
    void mustBeCounted() {
      ann.delta(3, 2, "'joined':[],'left':[],'here':[],'away':['bob']", Diary.counts(2));
      bob.line(new Line.Looks(2_500, "room", false));
      assertThat(violated(ann, bob)).containsExactly(Rule.COUNTS);
    }

    @Test
    void whoIsBackInTimeMustNotBeSeenToLeave() {
      bob.closed(3).welcome(8, true);
      ann.left(6, 2, "bob", 1).joined(8, 3, "bob", 2);
      assertThat(violated(ann, bob)).containsExactly(Rule.VISIBLE);
    }

    @Test
    void whoIsBackInTimeMustNotBeSeenToLookAway() {
      bob.closed(3).welcome(8, true);
      ann.delta(
          6,
          2,
          "'joined':[],'left':[],'here':[],'away':['bob']",
          "{'people':2,'here':1,'sessions':2,'anonymous':0}");
      assertThat(violated(ann, bob)).containsExactly(Rule.VISIBLE);
    }

    @Test
    void whoIsBackTooLateMayBeSeenToLeave() {
      bob.closed(3).welcome(20, false);
      ann.left(13, 2, "bob", 1).joined(20, 3, "bob", 2);
      assertThat(violated(ann, bob)).isEmpty();
    }

    @Test
    void whoGoesForGoodMustNotBeSeenToLeaveBeforeTheDeadline() {
      bob.line(new Line.Away(3_000));
      ann.left(12, 2, "bob", 1);
      assertThat(violated(ann, bob)).containsExactly(Rule.VISIBLE);
    }

    @Test
    void whoGoesForGoodLeavesAtTheDeadline() {
      bob.line(new Line.Away(3_000));
      ann.left(13, 2, "bob", 1).end(15);
      assertThat(violated(ann, bob)).isEmpty();
    }

    @Test
    void whoGoesForGoodMustNotStay() {
      bob.line(new Line.Away(3_000));
      ann.end(20);
      assertThat(violated(ann, bob)).containsExactly(Rule.QUIET);
    }

    @Test
    void staysAsLongAsOneSessionDoes() {
      Diary other = Diary.of("bob2").joins(3);
      bob.line(new Line.Bye(5_000));
      assertThat(violated(ann, bob, other)).isEmpty();
      ann.left(6, 2, "bob", 1);
      assertThat(violated(ann, bob, other)).containsExactly(Rule.VISIBLE);
    }
  }

  @Nested
  class ASession {
    @Test
    void mustGoOnForWhoIsBackInTime() {
      bob.closed(3).welcome(8, false);
      assertThat(violated(ann, bob)).containsExactly(Rule.SESSION);
    }

    @Test
    void mustKeepItsInstances() {
      bob.closed(3)
          .frame(
              8,
              "{'type':'welcome','user':{'id':'bob'},'session':'bob','resumed':true,'instances':[]}");
      assertThat(violated(ann, bob)).containsExactly(Rule.SESSION);
    }

    @Test
    void endsForWhoIsTooLate() {
      bob.closed(3).welcome(13, false);
      assertThat(violated(ann, bob)).isEmpty();
    }

    @Test
    void isCountedUntilTheEnd() {
      ann.end(5);
      assertThat(violated(ann, bob, Diary.ofAnonymous("x").joins(2))).containsExactly(Rule.QUIET);
    }
  }

  @Nested
  class AChatMessage {
    @Test
    void mustNotBeSwallowedByAMergedDelta() {
      ann.said(3, 3, "m1");
      bob.frame(
          3,
          "{'type':'presence:delta','instance':'room','epoch':1,'from':2,'seq':3,'joined':[],'left':[],'here':[],'away':[],'counts':%s}"
              .formatted(Diary.counts(2)));
      assertThat(violated(ann, bob)).containsExactly(Rule.CHAT_LOST);
    }

    @Test
    void mustNotBeSwallowedByASnapshot() {
      ann.said(3, 3, "m1");
      bob.presence(4, 3, "ann", "bob");
      assertThat(violated(ann, bob)).containsExactly(Rule.CHAT_LOST);
    }

    @Test
    void mayBeToldAsHistoryBehindASnapshot() {
      ann.said(3, 3, "m1");
      bob.presence(4, 3, "ann", "bob")
          .frame(4, "{'type':'chat:history','instance':'room','messages':[{'id':'m1'}]}");
      assertThat(violated(ann, bob)).isEmpty();
    }

    @Test
    void mustNotBePublishedTwice() {
      ann.said(3, 3, "m1").said(4, 4, "m1");
      assertThat(violated(ann, bob)).containsExactly(Rule.CHAT_ONCE);
    }

    @Test
    void mustNotBePublishedTwiceUnderTwoIds() {
      String mine =
          "{'type':'chat:message','instance':'room','epoch':1,'seq':%d,'id':'m%d','text':'t','clientMessageId':'a1'}";
      ann.line(new Line.Says(2_500, "room", "a1"))
          .frame(3, mine.formatted(3, 3))
          .frame(4, mine.formatted(4, 4));
      assertThat(violated(ann, bob)).containsExactly(Rule.CHAT_ONCE);
    }
  }

  @Nested
  class ADirectMessage {
    private Diary sends(int second, String name, String id) {
      return ann.line(new Line.Sends(second * 1000L, "bob", name))
          .frame(
              second,
              "{'type':'dm:accepted','clientMessageId':'%s','id':'%s'}".formatted(name, id));
    }

    private Diary gets(int second, String name, String id) {
      return bob.frame(
          second,
          "{'type':'dm:message','id':'%s','from':{'id':'ann'},'text':'%s','at':1,'redelivered':false}"
              .formatted(id, name));
    }

    @Test
    void arrives() {
      sends(3, "d1", "L1");
      gets(3, "d1", "L1").line(new Line.Acks(3_000, List.of("L1"))).end(5);
      ann.frame(4, "{'type':'dm:outcome','id':'L1','outcome':'delivered'}").end(5);
      assertThat(violated(ann, bob)).isEmpty();
    }

    @Test
    void mustNotBeLost() {
      sends(3, "d1", "L1");
      bob.end(5);
      assertThat(violated(ann, bob)).containsExactly(Rule.MAIL_LOST);
    }

    @Test
    void mayWaitForWhoIsNotThere() {
      sends(3, "d1", "L1");
      bob.closed(4);
      assertThat(violated(ann, bob)).isEmpty();
    }

    @Test
    void mayEndWithItsOutcome() {
      sends(3, "d1", "L1").frame(4, "{'type':'dm:outcome','id':'L1','outcome':'expired'}");
      bob.end(5);
      assertThat(violated(ann, bob)).isEmpty();
    }

    @Test
    void mayComeTwiceUnderItsId() {
      sends(3, "d1", "L1");
      gets(3, "d1", "L1");
      gets(4, "d1", "L1").end(5);
      assertThat(violated(ann, bob)).isEmpty();
    }

    @Test
    void mustNotHaveTwoIds() {
      sends(3, "d1", "L1");
      gets(3, "d1", "L1");
      gets(4, "d1", "L2").end(5);
      assertThat(violated(ann, bob)).contains(Rule.MAIL_ONCE);
    }

    @Test
    void mustNotBeAcceptedUnderTwoIds() {
      sends(3, "d1", "L1");
      sends(4, "d1", "L2");
      assertThat(violated(ann, bob)).contains(Rule.MAIL_ONCE);
    }

    @Test
    void mustNotOvertakeAnother() {
      sends(3, "d1", "L1");
      sends(3, "d2", "L2");
      gets(4, "d2", "L2");
      gets(4, "d1", "L1").end(5);
      assertThat(violated(ann, bob)).containsExactly(Rule.MAIL_ORDER);
    }

    @Test
    void mustNotBeCalledDeliveredBeforeItsRecipientSaidSo() {
      sends(3, "d1", "L1").frame(4, "{'type':'dm:outcome','id':'L1','outcome':'delivered'}");
      gets(3, "d1", "L1").end(5);
      assertThat(violated(ann, bob)).containsExactly(Rule.MAIL_OUTCOME);
    }

    @Test
    void hasItsOutcomeForItsSenderOnly() {
      sends(3, "d1", "L1");
      gets(3, "d1", "L1")
          .line(new Line.Acks(3_000, List.of("L1")))
          .frame(4, "{'type':'dm:outcome','id':'L1','outcome':'delivered'}");
      assertThat(violated(ann, bob)).containsExactly(Rule.MAIL_OUTCOME);
    }
  }

  @Test
  void aFrameMustBeMessages() {
    ann.frame(3, "'oops'");
    assertThat(violated(ann, bob)).containsExactly(Rule.READABLE);
  }

  @Test
  void atTheEndEveryoneStandsAtTheSameCut() {
    ann.said(3, 3, "m1").end(5);
    bob.end(5);
    assertThat(violated(ann, bob)).containsExactly(Rule.QUIET);
  }
}
