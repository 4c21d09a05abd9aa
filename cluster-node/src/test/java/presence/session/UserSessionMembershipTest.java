package presence.session;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.session.Stage.ANN;
import static presence.session.Stage.to;

import java.time.Duration;
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
import presence.instance.Standing;
import presence.protocol.ErrorCode;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.session.Notice.Refused;
import presence.session.SessionCommand.Order;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;
import presence.user.Doing;
import presence.user.User;

/// How a session joins and leaves instances, and when its client is told that it has.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class UserSessionMembershipTest {
  private final Stage stage;
  private final TestProbe<Notice> connection;

  UserSessionMembershipTest(TestSystem system) {
    stage = new Stage(system);
    connection = stage.connection;
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  private void repeats(Order order) {
    stage.entity.tell(
        new Order(order.epoch(), order.number(), true, order.action(), order.connection()));
  }

  private void hearsNothing() {
    connection.expectNoMessage(Duration.ofMillis(50));
  }

  private Refused refusal() {
    return connection.expectMessageClass(Refused.class);
  }

  private static Action.Join join(String instance) {
    return new Action.Join(instance);
  }

  private static Action.Leave leave(String instance) {
    return new Action.Leave(instance);
  }

  @Nested
  class AJoin {
    @Test
    @DisplayName("is done when the instance has recorded it (R8)")
    void isDoneWhenTheInstanceHasRecordedIt() {
      stage.opens(ANN);
      long number = stage.orders(join("room"));
      hearsNothing();
      ChatInstance.Report word = stage.word();
      assertThat(word.seat())
          .isEqualTo(new Seat("s1", 2, new Standing(new Member("@ann", "@ann", null), false)));
      Position at = stage.acknowledges("room", word);
      stage.done(number, at);
    }

    @Test
    @DisplayName("with the location on its piece, is here (case 25)")
    void onThePieceIsHere() {
      stage.opens(ANN);
      stage.orders(to("chat~hello"));
      stage.orders(join("chat-room"));
      stage.orders(join("elsewhere"));
      List<ChatInstance.Report> words = stage.instances.take(ChatInstance.Report.class);
      assertThat(words)
          .extracting(each -> each.seat().standing())
          .containsExactly(
              new Standing(new Member("@ann", "@ann", null), true),
              new Standing(new Member("@ann", "@ann", null), false));
      assertThat(stage.users.take(User.Report.class))
          .last()
          .extracting(User.Report::doing)
          .isEqualTo(new Doing(null, "chat~hello", Set.of("chat-room")));
    }

    @Test
    void ofAMemberIsDoneAtOnce() {
      stage.opens(ANN, "room");
      long number = stage.orders(join("room"));
      stage.done(number, new Position(1_000, 1));
      stage.nobodyHears();
    }

    @Test
    void ofAMemberIsDoneAfterARestartOnceTheInstanceHasAnswered() {
      stage.opens(ANN, "room");
      stage.entity.restart();
      long number = stage.orders(join("room"));
      hearsNothing();
      Position at = stage.acknowledges("room", stage.word());
      stage.done(number, at);
    }

    @Test
    void thatIsRepeatedWhileItWaitsIsDoneOnce() {
      stage.opens(ANN);
      Order order = stage.order(join("room"));
      stage.entity.tell(order);
      repeats(order);
      Position at = stage.acknowledges("room", stage.word());
      stage.done(order.number(), at);
      hearsNothing();
    }

    @Test
    void theWordIsRepeatedUntilTheInstanceAnswers() {
      stage.opens(ANN);
      stage.acknowledges();
      long number = stage.orders(join("room"));
      stage.word();
      stage.entity.passes(Duration.ofMillis(500));
      stage.word();
      stage.entity.passes(Duration.ofSeconds(1));
      Position at = stage.acknowledges("room", stage.word());
      stage.done(number, at);
      stage.entity.passes(Duration.ofSeconds(30));
      stage.nobodyHears();
    }

    @Test
    @DisplayName("of a full instance is taken back (case 13)")
    void ofAFullInstanceIsTakenBack() {
      stage.opens(ANN);
      long number = stage.orders(join("room"));
      ChatInstance.Report word = stage.word();
      word.replyTo().tell(new ChatInstance.Full("room", word.seat().n()));
      stage.entity.rest();
      stage.refused(number, ErrorCode.INSTANCE_FULL);
      assertThat(stage.open().joined()).isEmpty();
      stage.acknowledges();
      assertThat(stage.open().instances()).isEmpty();
    }

    @Test
    @DisplayName("is taken back also when that was written unknown (R7)")
    void ofAFullInstanceIsTakenBackWhenThatWasWrittenUnknown() {
      stage.opens(ANN);
      stage.acknowledges();
      long number = stage.orders(join("room"));
      long n = stage.word().seat().n();
      stage.entity.tellUnknowing(
          new SessionCommand.InstanceSays(new ChatInstance.Full("room", n)),
          new SessionEvent.Left("room", stage.system.millis()));
      stage.acknowledges();
      stage.refused(number, ErrorCode.INSTANCE_FULL);
      assertThat(stage.open().instances()).isEmpty();
    }

    @Test
    void anOldRefusalDoesNotUndoALaterJoin() {
      stage.opens(ANN);
      stage.orders(join("room"));
      ChatInstance.Report word = stage.word();
      stage.orders(leave("room"));
      stage.orders(join("room"));
      word.replyTo().tell(new ChatInstance.Full("room", word.seat().n()));
      stage.entity.rest();
      assertThat(stage.open().joined()).containsExactly("room");
    }

    @Test
    void beyondTheLimitIsRefused() {
      stage.opens(ANN, "a", "b", "c");
      stage.entity.passes(Duration.ofSeconds(5));
      stage.refused(stage.orders(join("d")), ErrorCode.FORBIDDEN);
      assertThat(stage.open().joined()).hasSize(3);
    }

    @Test
    @DisplayName("too often is refused with the time to wait, and a reconnect does not help")
    void tooOftenIsRefused() {
      stage.opens(ANN);
      for (int each = 1; each <= 5; each++) {
        stage.orders(join("room"));
        stage.orders(leave("room"));
      }
      stage.acknowledges();
      for (int each = 1; each <= 10; each++) {
        connection.receiveMessage();
      }
      stage.attaches(new Opening.ByToken("t1", null), "t2", connection);
      stage.orders(join("room"));
      assertThat(refusal().retryAfterMs()).isEqualTo(100);
      stage.entity.passes(Duration.ofMillis(100));
      stage.orders(join("room"));
      assertThat(stage.open().joined()).containsExactly("room");
    }
  }

  @Nested
  class ALeave {
    @Test
    @DisplayName("is told at once, and done when the instance knows (case 16)")
    void isToldAtOnceAndDoneWhenTheInstanceKnows() {
      stage.opens(ANN, "room");
      long number = stage.orders(leave("room"));
      ChatInstance.Report word = stage.word();
      assertThat(word.seat()).isEqualTo(new Seat("s1", 3, null));
      hearsNothing();
      Position at = stage.acknowledges("room", word);
      stage.done(number, at);
      assertThat(stage.open().instances()).isEmpty();
    }

    @Test
    void ofAStrangerIsRefused() {
      stage.opens(ANN);
      stage.refused(stage.orders(leave("room")), ErrorCode.NOT_JOINED);
    }

    @Test
    void whoseAnswerWasLostIsDone() {
      stage.opens(ANN, "room");
      Order order = stage.order(leave("room"));
      stage.entity.tell(order);
      stage.acknowledges();
      connection.receiveMessage();
      stage.entity.restart();
      repeats(order);
      stage.done(order.number(), null);
    }
  }

  @Nested
  @DisplayName("orders that wait for one instance, repeated in their order (R6)")
  class OrdersThatWait {
    private final Order joining;
    private final Order leaving;

    OrdersThatWait() {
      stage.opens(ANN);
      joining = stage.order(join("room"));
      leaving = stage.order(leave("room"));
      stage.entity.tell(joining, leaving);
    }

    @Test
    void areAllAnswered() {
      stage.acknowledges();
      assertThat(connection.receiveSeveralMessages(2))
          .extracting(each -> ((Notice.Done) each).number())
          .containsExactly(joining.number(), leaving.number());
    }

    @Test
    void areNotDoneAgainWhenTheyAreRepeated() {
      repeats(joining);
      repeats(leaving);
      assertThat(stage.entity.events()).hasSize(3);
      stage.acknowledges();
      connection.receiveSeveralMessages(2);
      repeats(joining);
      repeats(leaving);
      assertThat(stage.open().instances()).isEmpty();
      assertThat(stage.entity.events()).hasSize(4);
    }

    @Test
    void areAnsweredAgainWhenTheAnswerWasLost() {
      stage.acknowledges();
      List<Notice> answers = connection.receiveSeveralMessages(2);
      repeats(joining);
      repeats(leaving);
      assertThat(connection.receiveSeveralMessages(2)).isEqualTo(answers);
    }
  }
}
