package presence.session;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.session.Stage.ANN;
import static presence.session.Stage.NOBODY;

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
import presence.instance.ChatInstance;
import presence.protocol.ErrorCode;
import presence.session.Notice.Refused;
import presence.session.SessionCommand.Order;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;
import presence.user.Address;
import presence.user.MailCommand;
import presence.user.Sanctions;
import presence.user.Sentence;
import presence.user.Silence;
import presence.user.User;

/// Where a session's person must be silent.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class UserSessionSilenceTest {
  private static final Address BOB = new Address.Person("@bob");

  private final TestSystem system;
  private final Stage stage;
  private final TestProbe<Notice> connection;
  private final TestProbe<ChatInstance.Answer> author;
  private final TestProbe<Silence.Heard> person;

  UserSessionSilenceTest(TestSystem system) {
    this.system = system;
    stage = new Stage(system);
    connection = stage.connection;
    author = system.probe();
    person = system.probe();
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  private Action.Say say(String instance) {
    return new Action.Say(instance, "hello", "m1", author.getRef());
  }

  private List<ChatInstance.Say> said() {
    return stage.instances.take(ChatInstance.Say.class);
  }

  private void hushed(long n, String where, long until) {
    Silence silence = new Silence(n, Map.of(where, until));
    stage.entity.tell(new SessionCommand.Hush(silence, person.getRef()));
    person.expectMessage(new Silence.Heard("s1", n));
  }

  private void repeats(Order order) {
    stage.entity.tell(
        new Order(order.epoch(), order.number(), true, order.action(), order.connection()));
  }

  private Refused refusal() {
    return connection.expectMessageClass(Refused.class);
  }

  @Nested
  class MutedInOneInstance {
    private final long until = system.millis() + 60_000;

    MutedInOneInstance() {
      stage.opens(ANN, "room", "garden");
      hushed(1, "room", until);
    }

    @Test
    void theyAreToldUntilWhen() {
      stage.orders(say("room"));
      Refused refused = refusal();
      assertThat(refused.code()).isEqualTo(ErrorCode.MUTED);
      assertThat(refused.retryAfterMs()).isEqualTo(60_000);
      assertThat(said()).isEmpty();
    }

    @Test
    void theySpeakElsewhereAndByMail() {
      stage.orders(say("garden"));
      assertThat(said()).hasSize(1);
      stage.orders(new Action.Send(BOB, "hello", "m2"));
      assertThat(stage.mailboxes.take(MailCommand.Accept.class)).hasSize(1);
    }

    @Test
    void theySpeakAgainWhenItIsOver() {
      stage.entity.passes(Duration.ofMinutes(1));
      stage.orders(say("room"));
      assertThat(said()).hasSize(1);
    }

    @Test
    void theyMayStillMove() {
      stage.done(stage.orders(Stage.to("room")), null);
    }

    @Test
    @DisplayName("an older word that comes late changes nothing (R4)")
    void anOlderWordChangesNothing() {
      hushed(3, "room", 0);
      hushed(2, "room", until);
      stage.orders(say("room"));
      assertThat(said()).hasSize(1);
    }
  }

  @Test
  void mutedEverywhereTheySayNothingAtAll() {
    stage.opens(ANN, "room");
    hushed(1, Sanctions.EVERYWHERE, Sentence.FOR_GOOD);
    stage.refused(stage.orders(say("room")), ErrorCode.MUTED);
    stage.orders(new Action.Send(BOB, "hello", "m2"));
    Refused refused = refusal();
    assertThat(refused.code()).isEqualTo(ErrorCode.MUTED);
    assertThat(refused.retryAfterMs()).as("for good").isNull();
    stage.refused(stage.orders(new Action.Emit("plaza", "wave", null)), ErrorCode.MUTED);
  }

  @Nested
  class BeforeThePersonHasSpoken {
    BeforeThePersonHasSpoken() {
      stage.opens(ANN);
    }

    private void thePersonSpeaks(@Nullable Silence silence) {
      for (User.Report report : stage.users.take(User.Report.class)) {
        report.replyTo().tell(new User.Receipt("@ann", report.n(), silence));
      }
      stage.entity.rest();
    }

    @Test
    void nothingIsSaidAndThenEverythingIs() {
      Order order = stage.order(new Action.Send(BOB, "hello", "m1"));
      stage.entity.tell(order);
      repeats(order);
      assertThat(stage.mailboxes.take(MailCommand.Accept.class)).isEmpty();
      thePersonSpeaks(null);
      assertThat(stage.mailboxes.take(MailCommand.Accept.class)).hasSize(1);
    }

    @Test
    void nothingSlipsThroughThatIsMuted() {
      stage.orders(new Action.Send(BOB, "hello", "m1"));
      thePersonSpeaks(new Silence(1, Map.of(Sanctions.EVERYWHERE, Sentence.FOR_GOOD)));
      assertThat(refusal().code()).isEqualTo(ErrorCode.MUTED);
      assertThat(stage.mailboxes.take(MailCommand.Accept.class)).isEmpty();
    }
  }

  @Test
  void afterARestartThePersonIsAskedAgain() {
    stage.opens(ANN, "room");
    stage.isMuted(new Silence(1, Map.of("room", Sentence.FOR_GOOD)));
    stage.entity.restart();
    stage.entity.tell(
        new SessionCommand.Reclaim(1, new Action.Move(null, null), connection.getRef()));
    connection.expectMessageClass(Notice.Held.class);
    stage.orders(say("room"));
    stage.acknowledges();
    assertThat(refusal().code()).isEqualTo(ErrorCode.MUTED);
  }

  @Test
  void whoBecomesAPersonIsSilentAsThatPersonIs() {
    stage.opens(NOBODY);
    stage.done(stage.orders(new Action.Identify(ANN)), null);
    stage.orders(new Action.Send(BOB, "hello", "m1"));
    stage.isMuted(new Silence(1, Map.of(Sanctions.EVERYWHERE, Sentence.FOR_GOOD)));
    stage.acknowledges();
    assertThat(refusal().code()).isEqualTo(ErrorCode.MUTED);
  }

  @Test
  @DisplayName("what was passed on before the mute is passed on again: it may have been said (R6)")
  void aRepetitionOfWhatMayHaveBeenSaidIsNoNewWord() {
    stage.opens(ANN, "room");
    Order before = stage.order(say("room"));
    stage.entity.tell(before);
    assertThat(said()).hasSize(1);
    hushed(1, "room", Sentence.FOR_GOOD);
    repeats(before);
    assertThat(said()).hasSize(1);
    stage.orders(say("room"));
    assertThat(refusal().code()).isEqualTo(ErrorCode.MUTED);
  }

  @Test
  void aSessionThatDoesNotExistHasHeard() {
    hushed(4, "room", Sentence.FOR_GOOD);
    stage.isAbsent();
    assertThat(stage.entity.events()).isEmpty();
  }
}
