package presence.user;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.user.MailWords.BOB;
import static presence.user.MailWords.LIMITS;
import static presence.user.MailWords.ZOE;
import static presence.user.MailWords.posting;
import static presence.user.MailWords.texts;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PushesTest {
  private static final Address ANN = new Address.Person("@ann");

  private Mailbox box = Mailbox.EMPTY;
  private Pushes pushes = Pushes.NONE;
  private long now = 1_000;
  private int count;

  private void comes(Address sender, String text, String... targets) {
    Posting posting = posting(sender, ANN, text, "m" + ++count);
    box =
        box.apply(
            new MailEvent.Accepted(posting, text, 0, 0, now),
            targets.length == 0 ? List.of("s1") : List.of(targets));
  }

  private Map<String, List<Delivery>> plan() {
    Pushes.Plan plan = pushes.plan(box, now, LIMITS);
    pushes = plan.after();
    return plan.deliveries();
  }

  /// What is pushed to the session now.
  private List<Delivery> pushed(String session) {
    return plan().getOrDefault(session, List.of());
  }

  private List<String> pushed() {
    return texts(pushed("s1"));
  }

  private void acknowledges(String session, String... ids) {
    box = box.apply(new MailEvent.Acknowledged(session, List.of(ids), now), List.of("s1", "s2"));
  }

  @Test
  void everyTargetGetsIt() {
    comes(BOB, "one", "s1", "s2");
    assertThat(plan()).containsOnlyKeys("s1", "s2");
    assertThat(plan()).isEmpty();
  }

  @Nested
  @DisplayName("never acknowledged (case 40)")
  class NeverAcknowledged {
    @Test
    void itIsPushedAgainWithBackOffABoundedNumberOfTimes() {
      comes(BOB, "one");
      assertThat(pushed()).containsExactly("one");
      for (int pause : new int[] {500, 1_000, 2_000}) {
        assertThat(pushes.nextAt(now)).isEqualTo(now + pause);
        now += pause - 1;
        assertThat(pushed()).isEmpty();
        now += 1;
        assertThat(pushed("s1")).allMatch(Delivery::redelivered).hasSize(1);
      }
      now += 1_000_000;
      assertThat(pushed()).isEmpty();
      assertThat(pushes.nextAt(now)).isEqualTo(Turns.NEVER);
    }

    @Test
    void itIsNotPushedAgainWithALaterOne() {
      comes(BOB, "one");
      for (int push = 0; push < LIMITS.pushesMax(); push++) {
        assertThat(pushed()).containsExactly("one");
        now += 100_000;
      }
      comes(BOB, "two");
      assertThat(pushed()).containsExactly("two");
    }

    @Test
    void itIsPushedAgainWhenTheSessionAttaches() {
      comes(BOB, "one");
      comes(ZOE, "two");
      plan();
      now += 1_000_000;
      pushes = pushes.again("s1");
      List<Delivery> all = pushed("s1");
      assertThat(texts(all)).containsExactly("one", "two");
      assertThat(all).allMatch(Delivery::redelivered);
      assertThat(pushes.nextAt(now)).isEqualTo(now + 500);
    }
  }

  @Nested
  @DisplayName("the order of one sender's letters (invariant 7)")
  class TheOrder {
    @Test
    void isKeptByWaitingForTheAcknowledgement() {
      comes(BOB, "one");
      assertThat(pushed()).containsExactly("one");
      comes(BOB, "two");
      comes(BOB, "three");
      assertThat(pushed()).isEmpty();
      acknowledges("s1", "one");
      assertThat(pushed()).containsExactly("two", "three");
    }

    @Test
    void isKeptWhenAPushWasLost() {
      comes(BOB, "one");
      plan();
      comes(BOB, "two");
      now += 500;
      assertThat(pushed()).containsExactly("one", "two");
    }

    @Test
    void isNothingToOtherSenders() {
      comes(BOB, "one");
      plan();
      comes(ZOE, "two");
      assertThat(pushed()).containsExactly("two");
    }

    @Test
    void isNothingToOtherSessions() {
      comes(BOB, "one", "s1", "s2");
      plan();
      acknowledges("s2", "one");
      comes(BOB, "two", "s1", "s2");
      assertThat(plan()).containsOnlyKeys("s2");
    }
  }

  @Nested
  class MoreThanMayBeInFlight {
    @Test
    void waitsForAcknowledgements() {
      for (int each = 1; each <= 5; each++) {
        comes(new Address.Person("@p" + each), each + "x".repeat(260));
      }
      assertThat(pushed()).extracting(text -> text.charAt(0)).containsExactly('1', '2');
      acknowledges("s1", "1" + "x".repeat(260));
      assertThat(pushed()).extracting(text -> text.charAt(0)).containsExactly('3');
    }

    @Test
    void goesAsOneWhenItIsOneLetter() {
      comes(BOB, "x".repeat(1_500));
      assertThat(pushed()).hasSize(1);
    }

    @Test
    void isNotOvertakenBySomethingSmall() {
      comes(BOB, "x".repeat(600));
      comes(BOB, "y".repeat(600));
      comes(BOB, "z");
      assertThat(pushed()).containsExactly("x".repeat(600));
    }
  }

  @Nested
  class ASession {
    @Test
    void thatHadNobodyToHandItToGetsItAsIfForTheFirstTime() {
      comes(BOB, "one");
      pushes = pushes.returned("s1", pushed("s1"));
      pushes = pushes.again("s1");
      assertThat(pushed("s1")).noneMatch(Delivery::redelivered).hasSize(1);
    }

    @Test
    void thatIsAboutToAskIsWaitedFor() {
      comes(BOB, "one");
      pushes = pushes.expect("s1", box, now + 500);
      assertThat(pushed()).isEmpty();
      pushes = pushes.again("s1");
      assertThat(pushed("s1")).noneMatch(Delivery::redelivered).hasSize(1);
    }

    @Test
    void thatDoesNotAskGetsItNevertheless() {
      comes(BOB, "one");
      pushes = pushes.expect("s1", box, now + 500);
      now += 500;
      assertThat(pushed()).containsExactly("one");
    }
  }

  @Test
  void afterARestartEverythingMayHaveBeenPushed() {
    comes(BOB, "one");
    comes(BOB, "two");
    pushes = Pushes.unknown(box);
    List<Delivery> all = pushed("s1");
    assertThat(texts(all)).containsExactly("one", "two");
    assertThat(all).allMatch(Delivery::redelivered);
  }

  @Test
  void whatIsGoneIsForgotten() {
    comes(BOB, "one");
    plan();
    acknowledges("s1", "one");
    plan();
    assertThat(pushes).isEqualTo(Pushes.NONE);
  }
}
