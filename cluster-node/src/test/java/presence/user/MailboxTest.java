package presence.user;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.user.MailWords.BOB;
import static presence.user.MailWords.LIMITS;
import static presence.user.MailWords.ZOE;
import static presence.user.MailWords.delivered;
import static presence.user.MailWords.expired;
import static presence.user.MailWords.posting;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import presence.protocol.ErrorCode;

/// Rule R5, as far as one mailbox decides it.
class MailboxTest {
  private static final Address ANN = new Address.Person("@ann");
  private static final long DAY = Duration.ofDays(1).toMillis();

  private Mailbox box = Mailbox.EMPTY;
  private List<String> live = List.of("s1", "s2");
  private long now = 1_000;

  private void happens(@Nullable MailEvent event) {
    if (event != null) {
      box = box.apply(event, live);
    }
  }

  /// A letter is accepted; returns its id.
  private String accepts(Posting posting) {
    Mailbox.Ruling ruling = box.rule(posting, now, LIMITS);
    assertThat(ruling).isInstanceOf(Mailbox.Ruling.Take.class);
    MailEvent.Accepted event = ((Mailbox.Ruling.Take) ruling).event();
    happens(event);
    return event.id();
  }

  private String accepts(String clientMessageId) {
    return accepts(posting(BOB, ANN, "good morning", clientMessageId));
  }

  private void refuses(Posting posting, ErrorCode code) {
    Mailbox before = box;
    assertThat(box.rule(posting, now, LIMITS)).isEqualTo(new Mailbox.Ruling.Refused(code));
    assertThat(box).isEqualTo(before);
  }

  private void acknowledges(String session, String... ids) {
    happens(box.acknowledgement(session, List.of(ids), now));
  }

  private void comes(String session) {
    box = box.came(session);
    live = List.of(session);
  }

  private void ends(String session) {
    live = live.stream().filter(each -> !each.equals(session)).toList();
    box = box.ended(session);
  }

  private void passes(long millis) {
    now += millis;
    happens(box.expiry(now, LIMITS));
  }

  private List<String> targets(String id) {
    Items.Entry entry = box.items().get(new Items.Slot(false, id));
    return entry == null ? List.of("it is not there") : entry.targets();
  }

  private List<Item.Outcome> owed() {
    return box.owed().values().stream().map(Mailbox.Owed::outcome).toList();
  }

  private List<String> letters() {
    return box.items().all().keySet().stream().map(Items.Slot::id).toList();
  }

  @Nested
  @DisplayName("the same clientMessageId again (case 41)")
  class ARepeat {
    private final Posting first = posting(BOB, ANN, "good morning", "m1");
    private final String id = accepts(first);

    @Test
    void hasTheSameIdAndIsNotSentTwice() {
      assertThat(box.rule(first, now, LIMITS)).isEqualTo(new Mailbox.Ruling.Repeated(id));
      assertThat(letters()).containsExactly(id);
    }

    @Test
    void isKnownWhateverBecameOfTheLetter() {
      acknowledges("s1", id);
      acknowledges("s2", id);
      assertThat(box.items().isEmpty()).isTrue();
      assertThat(box.rule(first, now, LIMITS)).isEqualTo(new Mailbox.Ruling.Repeated(id));
    }

    @Test
    void isKnownForADay() {
      now += DAY - 1;
      assertThat(box.rule(first, now, LIMITS)).isEqualTo(new Mailbox.Ruling.Repeated(id));
      now += 1;
      assertThat(accepts(first)).isNotEqualTo(id);
    }

    @Test
    void withAnotherTextIsAConflict() {
      refuses(posting(BOB, ANN, "good evening", "m1"), ErrorCode.CONFLICT);
    }

    @Test
    void toOneSessionInsteadOfThePersonIsAConflict() {
      refuses(posting(BOB, new Address.Session("s1"), "good morning", "m1"), ErrorCode.CONFLICT);
    }

    @Test
    void byAnotherSenderIsAnotherLetter() {
      assertThat(accepts(posting(ZOE, ANN, "good evening", "m1"))).isNotEqualTo(id);
    }

    @Test
    void byASessionThatIsCalledLikeThePersonIsAnotherLetter() {
      Address namesake = new Address.Session("@bob");
      assertThat(accepts(posting(namesake, ANN, "good evening", "m1"))).isNotEqualTo(id);
    }

    @Test
    void isForgottenFirstWhenThereAreTooMany() {
      for (int each = 2; each <= LIMITS.rememberedMax(); each++) {
        String more = accepts("m" + each);
        acknowledges("s1", more);
        acknowledges("s2", more);
        happens(box.report(List.of(more), now));
      }
      assertThat(box.rule(first, now, LIMITS)).isEqualTo(new Mailbox.Ruling.Repeated(id));
      accepts("one too many");
      assertThat(box.memory().letters()).hasSize(LIMITS.rememberedMax());
      assertThat(box.memory().of(first, now, LIMITS)).isNull();
    }
  }

  @Nested
  class TheTargets {
    @Test
    void areTheSessionsOfThePersonThen() {
      String id = accepts("m1");
      assertThat(targets(id)).containsExactly("s1", "s2");
      box = box.came("s3");
      assertThat(targets(id)).containsExactly("s1", "s2");
    }

    @Test
    void areTheNextSessionWhenThereIsNone() {
      live = List.of();
      String id = accepts("m1");
      assertThat(targets(id)).isEmpty();
      comes("s3");
      box = box.came("s4");
      assertThat(targets(id)).containsExactly("s3");
    }

    @Test
    void areOneSessionForAMessageToASession() {
      String id = accepts(posting(BOB, new Address.Session("s2"), "good morning", "m1"));
      assertThat(targets(id)).containsExactly("s2");
    }

    @Test
    void areTheNextSessionWhenTheOneItIsForIsNotThere() {
      String id = accepts(posting(BOB, new Address.Session("gone"), "good morning", "m1"));
      assertThat(targets(id)).isEmpty();
      comes("s3");
      assertThat(targets(id)).containsExactly("s3");
    }

    @Test
    void thatEndAreNoLongerTargets() {
      String id = accepts("m1");
      ends("s1");
      assertThat(targets(id)).containsExactly("s2");
    }

    @Test
    void areTheNextSessionWhenAllEndedUnacknowledged() {
      String id = accepts("m1");
      ends("s1");
      ends("s2");
      assertThat(targets(id)).isEmpty();
      comes("s3");
      assertThat(targets(id)).containsExactly("s3");
    }

    @Test
    @DisplayName("are not those who may have a younger letter already (invariant 7)")
    void areNotWhoWasThereBefore() {
      String id = accepts(posting(BOB, new Address.Session("s2"), "good morning", "m1"));
      ends("s2");
      assertThat(targets(id)).isEmpty();
    }
  }

  @Nested
  @DisplayName("an acknowledgement (case 42)")
  class AnAcknowledgement {
    private final String id = accepts("m1");

    @Test
    void ofTheFirstSessionDecidesTheOutcome() {
      acknowledges("s1", id);
      assertThat(box.owed().get(id)).isEqualTo(new Mailbox.Owed(BOB, delivered(id)));
      assertThat(targets(id)).containsExactly("s2");
    }

    @Test
    void ofAnotherSessionChangesTheOutcomeNoMore() {
      acknowledges("s1", id);
      happens(box.report(List.of(id), now));
      acknowledges("s2", id);
      assertThat(box.isIdle()).isTrue();
    }

    @Test
    void ofASessionThatHasEndedCountsToo() {
      ends("s1");
      acknowledges("s1", id);
      assertThat(owed()).containsExactly(delivered(id));
      assertThat(targets(id)).containsExactly("s2");
    }

    @Test
    void ofSomethingElseIsIgnored() {
      assertThat(box.acknowledgement("s1", List.of("something"), now)).isNull();
    }

    @Test
    void aSecondTimeIsIgnored() {
      acknowledges("s1", id);
      assertThat(box.acknowledgement("s1", List.of(id, id), now)).isNull();
    }

    @Test
    void endsItForTheOthersThatEnd() {
      acknowledges("s1", id);
      ends("s2");
      assertThat(box.items().isEmpty()).isTrue();
      assertThat(owed()).containsExactly(delivered(id));
    }
  }

  @Nested
  class AnOutcome {
    @Test
    void isOwedUntilTheSenderKnows() {
      String id = accepts("m1");
      acknowledges("s1", id);
      acknowledges("s2", id);
      assertThat(box.isIdle()).isFalse();
      happens(box.report(List.of(id, "another"), now));
      assertThat(box.isIdle()).isTrue();
      assertThat(box.report(List.of(id), now)).isNull();
    }

    @Test
    void isMailToTheSender() {
      happens(box.news(List.of(delivered("l1")), now, LIMITS));
      assertThat(box.news(List.of(delivered("l1")), now, LIMITS)).isNull();
      acknowledges("s1", "l1");
      assertThat(box.isIdle()).isFalse();
      acknowledges("s2", "l1");
      assertThat(box.isIdle()).isTrue();
    }

    @Test
    void waitsForTheNextSessionOfTheSender() {
      live = List.of();
      happens(box.news(List.of(expired("l1")), now, LIMITS));
      comes("s3");
      acknowledges("s3", "l1");
      assertThat(box.isIdle()).isTrue();
    }

    @Test
    void ofALetterToOneselfIsNotTakenForTheLetter() {
      String id = accepts(posting(ANN, ANN, "do not forget", "m1"));
      acknowledges("s1", id);
      happens(box.news(List.of(delivered(id)), now, LIMITS));
      acknowledges("s2", id);
      assertThat(letters()).containsExactly(id);
      acknowledges("s1", id);
      acknowledges("s2", id);
      assertThat(box.items().isEmpty()).isTrue();
    }

    @Test
    void givesWayToNewerOnesWhenNobodyFetchesThem() {
      for (int each = 1; each <= LIMITS.itemsMax() + 2; each++) {
        happens(box.news(List.of(delivered("l" + each)), now, LIMITS));
      }
      assertThat(letters()).containsExactly("l3", "l4", "l5", "l6", "l7");
    }
  }

  @Nested
  @DisplayName("its time (case 37)")
  class ItsTime {
    @Test
    void isSevenDays() {
      String id = accepts("m1");
      passes(7 * DAY - 1);
      assertThat(letters()).containsExactly(id);
      assertThat(box.nextExpiry(LIMITS)).isEqualTo(now + 1);
      passes(1);
      assertThat(letters()).isEmpty();
      assertThat(owed()).containsExactly(expired(id));
    }

    @Test
    void isOverForLettersOnlyWhenTheirOwnIs() {
      accepts("m1");
      now += DAY;
      String second = accepts("m2");
      passes(6 * DAY);
      assertThat(letters()).containsExactly(second);
    }

    @Test
    void doesNotChangeTheOutcomeOfWhatWasDelivered() {
      String id = accepts("m1");
      acknowledges("s1", id);
      passes(7 * DAY);
      assertThat(letters()).isEmpty();
      assertThat(owed()).containsExactly(delivered(id));
    }

    @Test
    void isOverForOutcomesWithoutAnother() {
      happens(box.news(List.of(delivered("l1")), now, LIMITS));
      passes(7 * DAY);
      assertThat(box.isIdle()).isTrue();
    }

    @Test
    @DisplayName("ends with an anonymous session's")
    void endsWhenNobodyWillEverCome() {
      String id = accepts("m1");
      String other = accepts("m2");
      acknowledges("s1", other);
      box = box.closed();
      assertThat(box.items().isEmpty()).isTrue();
      assertThat(owed()).containsExactlyInAnyOrder(delivered(other), expired(id));
    }
  }

  @Nested
  @DisplayName("a full mailbox (case 43)")
  class AFullMailbox {
    @Test
    void refusesAndKeepsWhatIsInIt() {
      for (int each = 1; each <= LIMITS.itemsMax(); each++) {
        accepts("m" + each);
      }
      List<String> before = letters();
      refuses(posting(BOB, ANN, "one more", "m6"), ErrorCode.MAILBOX_FULL);
      assertThat(letters()).isEqualTo(before);
    }

    @Test
    void isOneOfManyBytesToo() {
      accepts(posting(BOB, ANN, "é".repeat(900), "m1"));
      refuses(posting(BOB, ANN, "", "m2"), ErrorCode.MAILBOX_FULL);
    }

    @Test
    void stillKnowsARepeat() {
      String id = accepts("m1");
      for (int each = 2; each <= LIMITS.itemsMax(); each++) {
        accepts("m" + each);
      }
      assertThat(box.rule(posting(BOB, ANN, "good morning", "m1"), now, LIMITS))
          .isEqualTo(new Mailbox.Ruling.Repeated(id));
    }

    @Test
    void countsOutcomesThatAreOwed() {
      for (int each = 1; each <= LIMITS.itemsMax(); each++) {
        String id = accepts("m" + each);
        acknowledges("s1", id);
        acknowledges("s2", id);
      }
      assertThat(letters()).isEmpty();
      refuses(posting(BOB, ANN, "one more", "m6"), ErrorCode.MAILBOX_FULL);
    }

    @Test
    void givesUpWhatWasDeliveredAndWaitsForAnIdleTab() {
      String first = accepts("m1");
      acknowledges("s1", first);
      happens(box.report(List.of(first), now));
      for (int each = 2; each <= LIMITS.itemsMax(); each++) {
        accepts("m" + each);
      }
      String last = accepts("m6");
      assertThat(letters()).hasSize(LIMITS.itemsMax()).contains(last).doesNotContain(first);
      refuses(posting(BOB, ANN, "one more", "m7"), ErrorCode.MAILBOX_FULL);
    }

    @Test
    void hasRoomAgainWhenSomethingLeaves() {
      String big = accepts(posting(BOB, ANN, "x".repeat(1_800), "m1"));
      refuses(posting(BOB, ANN, "good morning", "m2"), ErrorCode.MAILBOX_FULL);
      acknowledges("s1", big);
      acknowledges("s2", big);
      accepts("m2");
      assertThat(box.items().bytes()).isLessThan(200);
    }
  }

  @Nested
  class AnId {
    @Test
    void isTheSameWhoeverComputesIt() {
      Posting posting = posting(BOB, ANN, "good morning", "m1");
      assertThat(posting.idAt(5)).isEqualTo(posting.idAt(5)).hasSize(22);
    }

    @Test
    void differsWithEverythingItStandsFor() {
      assertThat(
              List.of(
                  posting(BOB, ANN, "x", "m1").idAt(5),
                  posting(BOB, ANN, "x", "m1").idAt(6),
                  posting(BOB, ANN, "x", "m2").idAt(5),
                  posting(ANN, ANN, "x", "m1").idAt(5),
                  posting(BOB, BOB, "x", "m1").idAt(5),
                  posting(BOB, new Address.Session("@ann"), "x", "m1").idAt(5)))
          .doesNotHaveDuplicates();
    }
  }
}
