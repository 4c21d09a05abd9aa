package presence.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static presence.user.MailWords.BOB;
import static presence.user.MailWords.LIMITS;
import static presence.user.MailWords.ZOE;
import static presence.user.MailWords.delivered;
import static presence.user.MailWords.expired;
import static presence.user.MailWords.posting;
import static presence.user.MailWords.texts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.protocol.ErrorCode;
import presence.testkit.Entity;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;

/// The mailbox of a person as its entity serves it, and the sessions it ends.
@ExtendWith(TestSystemExtension.class)
@Timeout(30)
class UserMailTest {
  private static final Address ANN = new Address.Person("@ann");
  private static final Duration IDLE = Duration.ofMinutes(2);
  private static final Doing READING = new Doing("Ann", "docs", Set.of());

  private record Pushed(String session, List<Delivery> deliveries, long collected) {}

  private record Told(Address sender, List<Item.Outcome> outcomes) {}

  private record Evicted(String session, long upTo, boolean banned) {}

  private final TestSystem system;
  private final TestProbe<User.Receipt> receipts;
  private final TestProbe<Verdict> sender;
  private final TestProbe<MailCommand.Acknowledged> session;
  private final TestProbe<MailCommand.Informed> recipient;
  private final TestProbe<ClusterSharding.ShardCommand> shard;
  private final Written ways = new Written();
  private final Entity<User.Command, UserEvent, UserState> user;
  private long number;

  /// Writes down what the person tells others.
  private static final class Written implements Ways {
    private final ConcurrentLinkedQueue<Pushed> pushed = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Told> told = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Evicted> evicted = new ConcurrentLinkedQueue<>();
    private volatile @Nullable ActorRef<MailCommand.Informed> replyTo;

    @Override
    public void evict(String session, long upTo, boolean banned) {
      evicted.add(new Evicted(session, upTo, banned));
    }

    @Override
    public void push(String session, List<Delivery> deliveries, long collected) {
      pushed.add(new Pushed(session, deliveries, collected));
    }

    @Override
    public void inform(
        Address to, List<Item.Outcome> outcomes, ActorRef<MailCommand.Informed> replies) {
      told.add(new Told(to, outcomes));
      replyTo = replies;
    }

    @Override
    public void hush(String session, Silence silence, ActorRef<Silence.Heard> replies) {}

    @Override
    public void register(String whose, Sanctions sanctions, ActorRef<Register.Entered> replies) {}

    /// A sender's mailbox takes outcomes.
    void take(String... ids) {
      ActorRef<MailCommand.Informed> to = replyTo;
      if (to != null) {
        to.tell(new MailCommand.Informed(List.of(ids)));
      }
    }
  }

  UserMailTest(TestSystem system) {
    this.system = system;
    receipts = system.probe();
    sender = system.probe();
    session = system.probe();
    recipient = system.probe();
    shard = system.probe();
    UserLimits limits =
        new UserLimits(
            64,
            Duration.ofHours(1),
            IDLE,
            2,
            new Pauses(Duration.ofMillis(500), Duration.ofSeconds(5)),
            LIMITS);
    user =
        new Entity<>(
            system,
            "user",
            id ->
                User.create(
                    "@ann",
                    id,
                    new UserSurroundings(limits, system, ways, MailMeter.NONE, shard.getRef())));
  }

  @AfterEach
  void stop() {
    user.close();
  }

  private static <T> List<T> take(ConcurrentLinkedQueue<T> written) {
    List<T> all = new ArrayList<>(written);
    written.clear();
    return all;
  }

  private List<Pushed> pushed() {
    return take(ways.pushed);
  }

  private void hears(String who, long n, @Nullable Doing doing) {
    user.tell(new User.Report(who, n, doing, receipts.getRef()));
  }

  private MailCommand.Accept accept(String text, String clientMessageId) {
    return new MailCommand.Accept(
        posting(BOB, ANN, text, clientMessageId), ++number, sender.getRef());
  }

  /// Bob sends something; returns its id.
  private String comes(String text, String clientMessageId) {
    user.tell(accept(text, clientMessageId));
    Verdict.Taken taken = sender.expectMessageClass(Verdict.Taken.class);
    assertThat(taken.number()).isEqualTo(number);
    return taken.id();
  }

  private MailCommand.Acknowledge acknowledge(String who, String id) {
    return new MailCommand.Acknowledge(who, List.of(id), 7, session.getRef());
  }

  private void acknowledges(String who, String id) {
    user.tell(acknowledge(who, id));
    session.expectMessage(new MailCommand.Acknowledged(7));
  }

  @Nested
  class Accepting {
    @Test
    void isAnsweredWhenItIsDurableAndPushedAtOnce() {
      hears("s1", 1, READING);
      String id = comes("good morning", "m1");
      assertThat(user.lastEvent()).isInstanceOf(UserEvent.Mailed.class);
      Item.Letter letter =
          new Item.Letter(id, posting(BOB, ANN, "", "").from(), "good morning", system.millis());
      assertThat(pushed())
          .containsExactly(new Pushed("s1", List.of(new Delivery(letter, false)), 0));
    }

    @Test
    @DisplayName("is not answered when it could not be written (R7)")
    void isNotAnsweredWhenItCouldNotBeWritten() {
      hears("s1", 1, READING);
      user.tellInVain(accept("good morning", "m1"));
      sender.expectNoMessage(Duration.ofMillis(50));
      assertThat(pushed()).isEmpty();
      comes("good morning", "m1");
      assertThat(pushed()).hasSize(1);
    }

    @Test
    @DisplayName("that was written unknown is known when it is repeated (R7)")
    void thatWasWrittenUnknownIsKnownWhenItIsRepeated() {
      hears("s1", 1, READING);
      MailCommand.Accept accept = accept("good morning", "m1");
      String id = accept.posting().idAt(system.millis());
      user.tellUnknowing(
          accept,
          new UserEvent.Mailed(
              new MailEvent.Accepted(accept.posting(), id, 0, 0, system.millis())));
      assertThat(comes("good morning", "m1")).isEqualTo(id);
      assertThat(user.state().mail().items().letters()).isEqualTo(1);
    }

    @Test
    @DisplayName("for who never proved themselves is refused (case 43)")
    void forWhoNeverCameIsRefused() {
      user.tell(accept("good morning", "m1"));
      sender.expectMessage(new Verdict.Refused(number, ErrorCode.UNKNOWN_RECIPIENT));
      assertThat(user.events()).isEmpty();
    }

    @Test
    void ofAnotherTextUnderOneIdIsRefused() {
      hears("s1", 1, READING);
      comes("good morning", "m1");
      user.tell(accept("good evening", "m1"));
      sender.expectMessage(new Verdict.Refused(number, ErrorCode.CONFLICT));
    }

    @Test
    @DisplayName("into a full mailbox is refused (case 43)")
    void intoAFullMailboxIsRefused() {
      hears("s1", 1, null);
      for (int each = 1; each <= LIMITS.itemsMax(); each++) {
        comes("good morning", "m" + each);
      }
      user.tell(accept("one more", "another"));
      sender.expectMessage(new Verdict.Refused(number, ErrorCode.MAILBOX_FULL));
    }
  }

  @Nested
  class Pushing {
    Pushing() {
      hears("s1", 1, READING);
    }

    @Test
    @DisplayName("is repeated with back-off, a bounded number of times (case 40)")
    void isRepeatedWithBackOff() {
      comes("good morning", "m1");
      pushed();
      for (int pause : new int[] {500, 1_000, 2_000}) {
        user.passes(Duration.ofMillis(pause - 1));
        assertThat(pushed()).isEmpty();
        user.passes(Duration.ofMillis(1));
        assertThat(pushed())
            .singleElement()
            .extracting(each -> each.deliveries().getFirst().redelivered())
            .isEqualTo(true);
      }
      user.passes(Duration.ofMinutes(30));
      assertThat(pushed()).isEmpty();
    }

    @Test
    @DisplayName("goes on after a restart (case 45)")
    void goesOnAfterARestart() {
      comes("good morning", "m1");
      pushed();
      user.restart();
      assertThat(pushed())
          .singleElement()
          .satisfies(each -> assertThat(texts(each.deliveries())).containsExactly("good morning"));
      user.passes(Duration.ofMillis(500));
      assertThat(pushed()).hasSize(1);
    }

    @Test
    @DisplayName("to a session that attached answers its question (case 36)")
    void answersTheQuestionOfASessionThatAttached() {
      user.tell(new MailCommand.Collect("s1", 8));
      assertThat(pushed()).containsExactly(new Pushed("s1", List.of(), 8));
      comes("one", "m1");
      Pushed lost = pushed().getFirst();
      user.tell(new MailCommand.Away("s1", lost.deliveries()));
      comes("two", "m2");
      user.tell(new MailCommand.Collect("s1", 9));
      Pushed answer = pushed().getFirst();
      assertThat(answer.collected()).isEqualTo(9);
      assertThat(texts(answer.deliveries())).containsExactly("one", "two");
      assertThat(answer.deliveries()).noneMatch(Delivery::redelivered);
    }

    @Test
    @DisplayName("happens once for a question that was repeated until somebody answered (case 17)")
    void happensOnceForARepeatedQuestion() {
      comes("one", "m1");
      pushed();
      user.restart();
      pushed();
      for (int i = 0; i < 3; i++) {
        user.tell(new MailCommand.Collect("s1", 8));
      }
      assertThat(pushed())
          .extracting(Pushed::collected, each -> texts(each.deliveries()))
          .containsExactly(tuple(8L, List.of("one")), tuple(8L, List.of()), tuple(8L, List.of()));
      user.passes(Duration.ofMillis(500));
      user.tell(new MailCommand.Collect("s1", 8));
      assertThat(pushed()).flatExtracting(each -> texts(each.deliveries())).containsExactly("one");
      user.tell(new MailCommand.Collect("s1", 9));
      assertThat(pushed()).flatExtracting(each -> texts(each.deliveries())).containsExactly("one");
    }

    @Test
    @DisplayName("to the next session when the last has ended (case 37)")
    void toTheNextSession() {
      hears("s1", 2, null);
      comes("good morning", "m1");
      assertThat(pushed()).isEmpty();
      hears("s2", 1, READING);
      assertThat(pushed()).isEmpty();
      user.tell(new MailCommand.Collect("s2", 1));
      Pushed answer = pushed().getFirst();
      assertThat(texts(answer.deliveries())).containsExactly("good morning");
      assertThat(answer.deliveries()).noneMatch(Delivery::redelivered);
    }

    @Test
    void toANewSessionThatAskedBeforeItWasKnown() {
      hears("s1", 2, null);
      comes("good morning", "m1");
      user.tell(new MailCommand.Collect("s2", 1));
      hears("s2", 1, READING);
      pushed();
      user.passes(Duration.ofMillis(500));
      assertThat(pushed()).extracting(Pushed::session).containsExactly("s2");
    }
  }

  @Nested
  class TheOutcome {
    private final String id;

    TheOutcome() {
      hears("s1", 1, READING);
      id = comes("good morning", "m1");
      pushed();
    }

    @Test
    void isToldToTheSenderUntilTheyKnow() {
      acknowledges("s1", id);
      Told outcome = new Told(BOB, List.of(delivered(id)));
      assertThat(take(ways.told)).containsExactly(outcome);
      for (int pause : new int[] {500, 1_000, 2_000, 4_000, 4_000}) {
        user.passes(Duration.ofMillis(pause));
        assertThat(take(ways.told)).containsExactly(outcome);
      }
      ways.take(id);
      user.await("the sender knows", state -> state.mail().isIdle());
      user.passes(Duration.ofMinutes(1));
      assertThat(take(ways.told)).isEmpty();
    }

    @Test
    void isToldAgainAfterARestart() {
      acknowledges("s1", id);
      take(ways.told);
      user.restart();
      assertThat(take(ways.told)).containsExactly(new Told(BOB, List.of(delivered(id))));
    }

    @Test
    @DisplayName("is not told when the acknowledgement could not be written (R7)")
    void isNotToldWhenTheAcknowledgementCouldNotBeWritten() {
      user.tellInVain(acknowledge("s1", id));
      session.expectNoMessage(Duration.ofMillis(50));
      assertThat(take(ways.told)).isEmpty();
      acknowledges("s1", id);
      assertThat(take(ways.told)).hasSize(1);
    }

    @Test
    @DisplayName("is `expired` when nobody came in seven days (case 37)")
    void isExpiredInTheEnd() {
      hears("s1", 2, null);
      user.restart();
      user.passes(Duration.ofDays(7).minusMillis(1));
      assertThat(take(ways.told)).isEmpty();
      user.passes(Duration.ofMillis(1));
      assertThat(take(ways.told)).containsExactly(new Told(BOB, List.of(expired(id))));
    }

    @Test
    void ofALetterOfTheirsIsPushedLikeALetter() {
      List<Item.Outcome> outcomes = List.of(delivered("l1"), expired("l2"));
      user.tell(new MailCommand.Inform(outcomes, recipient.getRef()));
      user.tell(new MailCommand.Inform(outcomes, recipient.getRef()));
      recipient.expectMessage(new MailCommand.Informed(List.of("l1", "l2")));
      recipient.expectMessage(new MailCommand.Informed(List.of("l1", "l2")));
      assertThat(pushed())
          .containsExactly(
              new Pushed(
                  "s1",
                  List.of(
                      new Delivery(outcomes.get(0), false), new Delivery(outcomes.get(1), false)),
                  0));
      acknowledges("s1", "l1");
      acknowledges("s1", "l2");
      acknowledges("s1", id);
      assertThat(user.state().mail().items().isEmpty()).isTrue();
    }
  }

  @Nested
  class InMemory {
    @Test
    void isAPersonWithMail() {
      hears("s1", 1, null);
      comes("good morning", "m1");
      user.passes(IDLE.multipliedBy(10));
      shard.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void isAPersonWhoseSenderDoesNotKnowYet() {
      hears("s1", 1, READING);
      String id = comes("good morning", "m1");
      acknowledges("s1", id);
      user.passes(IDLE.multipliedBy(2));
      shard.expectNoMessage(Duration.ofMillis(50));
      ways.take(id);
      user.await("the sender knows", state -> state.mail().isIdle());
      user.passes(IDLE.multipliedBy(2));
      shard.expectMessage(new ClusterSharding.Passivate<>(user.ref()));
    }

    @Test
    void isAPersonWhoseSessionHasNotEndedYet() {
      hears("s1", 1, READING);
      user.tell(new User.Ban(0, null, receipts.getRef()));
      user.passes(IDLE.multipliedBy(2));
      shard.expectNoMessage(Duration.ofMillis(50));
      hears("s1", 2, null);
      user.passes(IDLE.multipliedBy(2));
      shard.expectMessage(new ClusterSharding.Passivate<>(user.ref()));
    }
  }

  @Nested
  @DisplayName("an eviction (case 14)")
  class AnEviction {
    AnEviction() {
      hears("s1", 3, READING);
      hears("s2", 4, READING);
    }

    @Test
    void isRepeatedUntilTheSessionHasSaidThatItEnded() {
      user.tell(new User.Ban(0, null, receipts.getRef()));
      assertThat(take(ways.evicted))
          .containsExactlyInAnyOrder(new Evicted("s1", 3, false), new Evicted("s2", 4, false));
      hears("s2", 5, null);
      take(ways.evicted);
      for (int pause : new int[] {500, 1_000, 2_000, 4_000, 5_000, 5_000}) {
        user.passes(Duration.ofMillis(pause));
        assertThat(take(ways.evicted)).containsExactly(new Evicted("s1", 3, false));
      }
      hears("s1", 4, null);
      take(ways.evicted);
      user.passes(Duration.ofMinutes(1));
      assertThat(take(ways.evicted)).isEmpty();
    }

    @Test
    void outlivesTheDeathOfTheEntity() {
      user.tell(new User.Ban(system.millis() + 60_000, null, receipts.getRef()));
      take(ways.evicted);
      user.restart();
      assertThat(take(ways.evicted)).contains(new Evicted("s1", 3, true));
    }

    @Test
    void doesNotConcernASessionThatCameAfterAKick() {
      user.tell(new User.Ban(0, null, receipts.getRef()));
      take(ways.evicted);
      hears("s3", 1, READING);
      assertThat(user.state().evicted()).containsOnlyKeys("s1", "s2");
    }
  }

  @Test
  void aSenderWithoutAPersonIsToldInTheirOwnMailbox() {
    hears("s1", 1, READING);
    user.tell(new MailCommand.Accept(posting(ZOE, ANN, "hello", "m1"), 1, sender.getRef()));
    String id = sender.expectMessageClass(Verdict.Taken.class).id();
    acknowledges("s1", id);
    assertThat(take(ways.told)).containsExactly(new Told(ZOE, List.of(delivered(id))));
  }
}
