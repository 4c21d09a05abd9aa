package presence.session;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.session.Stage.ANN;
import static presence.session.Stage.GRACE;
import static presence.session.Stage.NOBODY;
import static presence.user.MailWords.BOB;
import static presence.user.MailWords.posting;
import static presence.user.MailWords.texts;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.protocol.ErrorCode;
import presence.session.Notice.Accepted;
import presence.session.Notice.Refused;
import presence.testkit.Recorder.Told;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;
import presence.user.Address;
import presence.user.Delivery;
import presence.user.Item;
import presence.user.MailCommand;
import presence.user.User;
import presence.user.Verdict;

/// What a session does with direct messages: those its client sends, and those it gets.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class UserSessionMailTest {
  private static final Action.Move NOWHERE_ELSE = new Action.Move(null, null);

  private final TestSystem system;
  private final Stage stage;
  private final TestProbe<Notice> connection;

  UserSessionMailTest(TestSystem system) {
    this.system = system;
    stage = new Stage(system);
    connection = stage.connection;
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  private long sends(String text, String clientMessageId) {
    return stage.orders(new Action.Send(BOB, text, clientMessageId));
  }

  private SessionCommand.Order order(long number, boolean repeated, Action action) {
    return new SessionCommand.Order(
        stage.open().lease().epoch(), number, repeated, action, connection.getRef());
  }

  /// The one message on its way to a mailbox since the last look.
  private MailCommand.Accept onItsWay() {
    List<MailCommand.Accept> all = stage.mailboxes.take(MailCommand.Accept.class);
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private void answers(MailCommand.Accept accept, String id) {
    accept.replyTo().tell(new Verdict.Taken(accept.number(), id));
    stage.entity.rest();
  }

  @Test
  @DisplayName(
      "a message without an answer does not hold up an end that was written unknown to it (R7)")
  void anEndThatWasWrittenUnknowinglyIsAnEndAllTheSame() {
    stage.opens(ANN, "room");
    var _ = sends("one", "m1");
    onItsWay(); // and nobody answers
    stage.entity.tellUnknowing(
        new SessionCommand.Quit("t1", system.<Boolean>probe().getRef()),
        new SessionEvent.Ending(EndReason.BYE, system.instant().toEpochMilli()));
    connection.expectMessage(new Notice.Over(EndReason.BYE));
    stage.acknowledges();
    stage.isAbsent();
  }

  @Test
  void aRepeatedAttachAsksForNoMailOnceMore() {
    stage.opens(ANN);
    assertThat(stage.mailboxes.take(MailCommand.Collect.class)).hasSize(1);
    stage.opens(ANN); // the same connection, with the same token
    assertThat(stage.mailboxes.take(MailCommand.Collect.class)).isEmpty();
  }

  private static Delivery letter(String text) {
    return new Delivery(new Item.Letter(text, posting(BOB, BOB, "", "").from(), text, 0), false);
  }

  private static SessionCommand.Push push(long collected, Delivery... deliveries) {
    return new SessionCommand.Push(List.of(deliveries), collected);
  }

  @Nested
  class Sending {
    Sending() {
      stage.opens(ANN);
      stage.acknowledges();
    }

    @Test
    void isAnsweredWhenTheMailboxHasIt() {
      long number = sends("good morning", "m1");
      MailCommand.Accept accept = onItsWay();
      assertThat(accept.posting().sender()).isEqualTo(new Address.Person("@ann"));
      connection.expectNoMessage(Duration.ofMillis(50));
      answers(accept, "l1");
      connection.expectMessage(new Accepted(number, "m1", "l1"));
    }

    @Test
    @DisplayName("to one recipient is one at a time (R5, case 38)")
    void toOneRecipientIsOneAtATime() {
      sends("one", "m1");
      sends("two", "m2");
      MailCommand.Accept first = onItsWay();
      assertThat(first.posting().text()).isEqualTo("one");
      answers(first, "l1");
      assertThat(onItsWay().posting().text()).isEqualTo("two");
    }

    @Test
    void toOneRecipientDoesNotWaitForAnother() {
      sends("one", "m1");
      onItsWay();
      stage.orders(new Action.Send(new Address.Session("s9"), "two", "m2"));
      assertThat(stage.sessions.take())
          .singleElement()
          .satisfies(each -> assertThat(each.id()).isEqualTo("s9"));
    }

    @Test
    void isRepeatedWithBackOffUntilTheMailboxAnswers() {
      sends("one", "m1");
      MailCommand.Accept first = onItsWay();
      for (int pause : new int[] {500, 1_000, 2_000}) {
        stage.entity.passes(Duration.ofMillis(pause));
        assertThat(onItsWay()).isEqualTo(first);
      }
      answers(first, "l1");
      stage.entity.passes(Duration.ofMinutes(1));
      assertThat(stage.mailboxes.take()).isEmpty();
    }

    @Test
    void ofWhatIsOnItsWayAlreadyIsAnsweredTwice() {
      long number = sends("one", "m1");
      MailCommand.Accept accept = onItsWay();
      stage.entity.tell(order(number, true, new Action.Send(BOB, "one", "m1")));
      long again = sends("one", "m1");
      assertThat(stage.mailboxes.take()).isEmpty();
      answers(accept, "l1");
      assertThat(
              List.of(
                  connection.expectMessageClass(Accepted.class).number(),
                  connection.expectMessageClass(Accepted.class).number()))
          .containsExactlyInAnyOrder(number, again);
    }

    @Test
    void ofWhatWasAcceptedAsksTheMailboxAgain() {
      long number = sends("one", "m1");
      answers(onItsWay(), "l1");
      connection.expectMessageClass(Accepted.class);
      stage.entity.tell(order(number, true, new Action.Send(BOB, "one", "m1")));
      answers(onItsWay(), "l1");
      connection.expectMessage(new Accepted(number, "m1", "l1"));
    }

    @Test
    void isRefusedAsTheMailboxRefusesIt() {
      long number = sends("one", "m1");
      MailCommand.Accept accept = onItsWay();
      accept.replyTo().tell(new Verdict.Refused(accept.number(), ErrorCode.MAILBOX_FULL));
      stage.refused(number, ErrorCode.MAILBOX_FULL);
    }

    @Test
    void anAnswerToAnEarlierMessageIsNotTakenForThisOnes() {
      sends("one", "m1");
      MailCommand.Accept first = onItsWay();
      answers(first, "l1");
      connection.expectMessageClass(Accepted.class);
      sends("two", "m1");
      answers(first, "l1");
      connection.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    @DisplayName("beyond the rate is refused, and a reconnect does not help (case 44)")
    void beyondTheRateIsRefused() {
      for (int each = 1; each <= Stage.LIMITS.direct().burst(); each++) {
        sends("good morning", "m" + each);
      }
      long number = sends("one more", "m9");
      Refused refused = connection.expectMessageClass(Refused.class);
      assertThat(refused.number()).isEqualTo(number);
      assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
      assertThat(refused.retryAfterMs()).isEqualTo(1_000);
      stage.attaches(new Opening.ByToken("t1", null), "t2", connection);
      stage.refused(sends("one more", "m9"), ErrorCode.RATE_LIMITED);
    }

    @Test
    void withTooMuchOnItsWayIsRefused() {
      for (int each = 1; each <= Stage.LIMITS.lettersWaiting(); each++) {
        stage.entity.passes(Duration.ofSeconds(1));
        sends("good morning", "m" + each);
      }
      stage.entity.passes(Duration.ofSeconds(1));
      stage.refused(sends("one more", "m9"), ErrorCode.UNAVAILABLE);
    }

    @Test
    void stopsWithTheSession() {
      sends("one", "m1");
      onItsWay();
      stage.orders(new Action.Bye());
      stage.acknowledges();
      stage.isAbsent();
    }

    @Test
    void byAnAnonymousSessionBearsItsName() {
      try (Stage other = new Stage(system)) {
        other.opens(NOBODY);
        other.orders(new Action.Send(BOB, "hello", "m1"));
        MailCommand.Accept accept = other.mailboxes.take(MailCommand.Accept.class).getFirst();
        assertThat(accept.posting().sender()).isEqualTo(new Address.Session("s1"));
        assertThat(accept.posting().from().id()).isEqualTo("s1");
        assertThat(accept.posting().from().handle()).isNull();
      }
    }
  }

  @Nested
  class OfAPerson {
    private final long asked;

    OfAPerson() {
      stage.opens(ANN);
      asked = stage.mailboxes.take(MailCommand.Collect.class).getFirst().number();
    }

    @Test
    @DisplayName("a connection that comes gets what waits (case 36)")
    void aConnectionThatComesGetsWhatWaits() {
      stage.entity.tell(push(asked, letter("one"), letter("two")));
      Notice.Mail mail = connection.expectMessageClass(Notice.Mail.class);
      assertThat(texts(mail.deliveries())).containsExactly("one", "two");
    }

    @Test
    void theQuestionIsRepeatedUntilItIsAnswered() {
      stage.entity.passes(Duration.ofMillis(500));
      assertThat(stage.mailboxes.take())
          .containsExactly(new Told<>("@ann", new MailCommand.Collect("s1", asked)));
      stage.entity.tell(push(asked));
      stage.acknowledges();
      stage.entity.passes(Duration.ofMinutes(1));
      assertThat(stage.mailboxes.take()).isEmpty();
    }

    @Test
    @DisplayName("what is pushed before the answer waits, or it would come first (invariant 7)")
    void whatIsPushedBeforeTheAnswerWaits() {
      stage.entity.tell(push(0, letter("two")));
      connection.expectNoMessage(Duration.ofMillis(50));
      assertThat(stage.mailboxes.take())
          .containsExactly(new Told<>("@ann", new MailCommand.Away("s1", List.of(letter("two")))));
    }

    @Test
    void whatIsPushedAfterTheAnswerIsHandedOver() {
      stage.entity.tell(push(asked));
      stage.entity.tell(push(0, letter("one")));
      assertThat(texts(connection.expectMessageClass(Notice.Mail.class).deliveries()))
          .containsExactly("one");
    }

    @Test
    void inTheGraceNothingIsHandedOver() {
      stage.entity.tell(push(asked));
      stage.entity.tell(new SessionCommand.Detach(1));
      stage.entity.tell(push(0, letter("one")));
      connection.expectNoMessage(Duration.ofMillis(50));
      assertThat(stage.mailboxes.take(MailCommand.Away.class)).hasSize(1);
      stage.attaches(new Opening.ByToken("t1", null), "t2", connection);
      assertThat(stage.mailboxes.take(MailCommand.Collect.class)).hasSize(1);
    }

    @Test
    @DisplayName("after the death of its entity it asks again, once (case 17)")
    void afterTheDeathOfItsEntityItAsksAgainOnce() {
      stage.answersCollecting();
      stage.entity.passes(Duration.ofMillis(1));
      stage.entity.restart();
      assertThat(stage.mailboxes.take()).isEmpty();
      SessionCommand.Reclaim reclaim =
          new SessionCommand.Reclaim(1, NOWHERE_ELSE, connection.getRef());
      stage.entity.tell(reclaim);
      assertThat(stage.mailboxes.take(MailCommand.Collect.class))
          .singleElement()
          .satisfies(anew -> assertThat(anew.number()).isNotEqualTo(asked));
      stage.answersCollecting();
      stage.entity.tell(reclaim);
      assertThat(stage.mailboxes.take(MailCommand.Collect.class)).isEmpty();
    }

    @Test
    void anAcknowledgementIsDoneWhenTheMailboxKnows() {
      long number = stage.orders(new Action.Acknowledge(List.of("l1", "l2")));
      MailCommand.Acknowledge told = stage.mailboxes.take(MailCommand.Acknowledge.class).getFirst();
      assertThat(told.session()).isEqualTo("s1");
      assertThat(told.ids()).containsExactly("l1", "l2");
      connection.expectNoMessage(Duration.ofMillis(50));
      told.replyTo().tell(new MailCommand.Acknowledged(told.number()));
      stage.done(number, null);
    }

    @Test
    void anAcknowledgementThatIsRepeatedIsPassedOnAgain() {
      Action.Acknowledge acknowledge = new Action.Acknowledge(List.of("l1"));
      long number = stage.orders(acknowledge);
      stage.entity.tell(order(number, true, acknowledge));
      List<MailCommand.Acknowledge> told = stage.mailboxes.take(MailCommand.Acknowledge.class);
      assertThat(told).hasSize(2);
      told.forEach(each -> each.replyTo().tell(new MailCommand.Acknowledged(each.number())));
      stage.done(number, null);
      connection.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void aMessageToTheSessionGoesToThePersonsMailbox() {
      TestProbe<Verdict> sender = system.probe();
      var posting = posting(BOB, new Address.Session("s1"), "good morning", "m1");
      stage.entity.tell(new SessionCommand.Post(posting, 5, sender.getRef()));
      assertThat(stage.mailboxes.take())
          .containsExactly(
              new Told<User.Command>("@ann", new MailCommand.Accept(posting, 5, sender.getRef())));
    }
  }

  @Nested
  class OfAnAnonymousSession {
    private final TestProbe<Verdict> sender = system.probe();
    private final TestProbe<MailCommand.Informed> recipient = system.probe();

    OfAnAnonymousSession() {
      stage.opens(NOBODY);
    }

    private SessionCommand.Post post(String text, String clientMessageId) {
      return new SessionCommand.Post(
          posting(BOB, new Address.Session("s1"), text, clientMessageId), 5, sender.getRef());
    }

    private String comes(String text, String clientMessageId) {
      stage.entity.tell(post(text, clientMessageId));
      return sender.expectMessageClass(Verdict.Taken.class).id();
    }

    private List<String> read() {
      return texts(connection.expectMessageClass(Notice.Mail.class).deliveries());
    }

    /// What Bob's mailbox was told since the last look.
    private List<Item.Outcome> informed() {
      return stage.mailboxes.take(MailCommand.Inform.class).stream()
          .flatMap(each -> each.outcomes().stream())
          .toList();
    }

    private void acknowledges(String id) {
      stage.done(stage.orders(new Action.Acknowledge(List.of(id))), null);
    }

    @Test
    void theMailboxIsItsOwn() {
      String id = comes("good morning", "m1");
      assertThat(read()).containsExactly("good morning");
      acknowledges(id);
      assertThat(informed()).containsExactly(new Item.Outcome(id, Item.Result.DELIVERED));
      assertThat(stage.open().mail().items().letters()).isZero();
    }

    @Test
    void aRepeatIsKnown() {
      assertThat(comes("good morning", "m1")).isEqualTo(comes("good morning", "m1"));
      assertThat(read()).hasSize(1);
      stage.entity.tell(post("good evening", "m1"));
      sender.expectMessage(new Verdict.Refused(5, ErrorCode.CONFLICT));
    }

    @Test
    @DisplayName("it is not answered when it could not be written (R7)")
    void itIsNotAnsweredWhenItCouldNotBeWritten() {
      stage.entity.tellInVain(post("good morning", "m1"));
      sender.expectNoMessage(Duration.ofMillis(50));
      connection.expectNoMessage(Duration.ofMillis(50));
      comes("good morning", "m1");
      assertThat(read()).hasSize(1);
    }

    @Test
    void itIsPushedAgainWithBackOff() {
      comes("good morning", "m1");
      read();
      stage.entity.passes(Duration.ofMillis(499));
      connection.expectNoMessage(Duration.ofMillis(50));
      stage.entity.passes(Duration.ofMillis(1));
      assertThat(connection.expectMessageClass(Notice.Mail.class).deliveries())
          .allMatch(Delivery::redelivered);
    }

    @Test
    void whatCameInTheGraceIsPushedToTheNextConnection() {
      stage.entity.tell(new SessionCommand.Detach(1));
      comes("one", "m1");
      comes("two", "m2");
      connection.expectNoMessage(Duration.ofMillis(50));
      stage.attaches(new Opening.ByToken("t1", null), "t2", connection);
      assertThat(read()).containsExactly("one", "two");
    }

    @Test
    void itOutlivesTheDeathOfTheEntity() {
      comes("good morning", "m1");
      read();
      stage.entity.restart();
      stage.entity.tell(new SessionCommand.Reclaim(1, NOWHERE_ELSE, connection.getRef()));
      assertThat(read()).containsExactly("good morning");
    }

    @Test
    @DisplayName("at its end what was not acknowledged expires, and it waits until senders know")
    void atItsEndWhatWasNotAcknowledgedExpires() {
      String id = comes("good morning", "m1");
      stage.entity.tell(new SessionCommand.Detach(1));
      stage.entity.passes(GRACE);
      MailCommand.Inform inform = stage.mailboxes.take(MailCommand.Inform.class).getFirst();
      assertThat(inform.outcomes()).containsExactly(new Item.Outcome(id, Item.Result.EXPIRED));
      stage.entity.tell(post("good morning", "m1"));
      assertThat(sender.expectMessageClass(Verdict.Taken.class).id()).isEqualTo(id);
      stage.entity.tell(post("too late", "m2"));
      sender.expectMessage(new Verdict.Refused(5, ErrorCode.UNKNOWN_RECIPIENT));
      stage.entity.restart();
      stage
          .mailboxes
          .take(MailCommand.Inform.class)
          .getFirst()
          .replyTo()
          .tell(new MailCommand.Informed(List.of(id)));
      stage.entity.await("it is gone", SessionState.Absent.class::isInstance);
    }

    @Test
    void outcomesOfWhatItSentAreMailToIt() {
      List<Item.Outcome> outcomes = List.of(new Item.Outcome("l1", Item.Result.EXPIRED));
      stage.entity.tell(new SessionCommand.Inform(outcomes, recipient.getRef()));
      recipient.expectMessage(new MailCommand.Informed(List.of("l1")));
      assertThat(read()).containsExactly("outcome");
      acknowledges("l1");
      assertThat(stage.open().mail().isIdle()).isTrue();
    }

    @Test
    void itKeepsItsMailboxWhenItBecomesAPersons() {
      String id = comes("one", "m1");
      read();
      stage.done(stage.orders(new Action.Identify(ANN)), null);
      assertThat(comes("one", "m1")).isEqualTo(id);
      stage.entity.tell(post("two", "m2"));
      assertThat(stage.mailboxes.take(MailCommand.Accept.class)).hasSize(1);
      stage.orders(new Action.Acknowledge(List.of(id)));
      assertThat(stage.open().mail().items().letters()).isZero();
    }
  }

  @Nested
  class WhereThereIsNoSession {
    @Test
    @DisplayName("a message is refused (case 43)")
    void aMessageIsRefused() {
      TestProbe<Verdict> sender = system.probe();
      var posting = posting(BOB, new Address.Session("s1"), "good morning", "m1");
      stage.entity.tell(new SessionCommand.Post(posting, 5, sender.getRef()));
      sender.expectMessage(new Verdict.Refused(5, ErrorCode.UNKNOWN_RECIPIENT));
      assertThat(stage.entity.events()).isEmpty();
    }

    @Test
    void anOutcomeHasNobodyToGoTo() {
      TestProbe<MailCommand.Informed> recipient = system.probe();
      List<Item.Outcome> outcomes = List.of(new Item.Outcome("l1", Item.Result.EXPIRED));
      stage.entity.tell(new SessionCommand.Inform(outcomes, recipient.getRef()));
      recipient.expectMessage(new MailCommand.Informed(List.of("l1")));
    }
  }

  @Test
  void anEvictionOfAnEarlierLifeSparesIt() {
    stage.opens(NOBODY);
    stage.orders(new Action.Bye());
    connection.expectMessage(new Notice.Over(EndReason.BYE));
    stage.entity.restart();
    stage.attaches(new Opening.Fresh(NOBODY), "t2", connection);
    stage.entity.tell(new SessionCommand.Evict(EndReason.KICKED, stage.open().born() - 1, null));
    stage.isOnline();
    stage.entity.tell(new SessionCommand.Evict(EndReason.KICKED, stage.open().born(), null));
    stage.isAbsent();
  }
}
