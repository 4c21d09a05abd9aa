package presence.session;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.session.Stage.ANN;
import static presence.session.Stage.BOB;
import static presence.session.Stage.NOBODY;
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
import presence.instance.Flushed;
import presence.instance.Standing;
import presence.protocol.ErrorCode;
import presence.protocol.Member;
import presence.protocol.Setting;
import presence.session.Notice.Refused;
import presence.session.Notice.Replaced;
import presence.session.SessionCommand.Order;
import presence.testkit.Recorder.Told;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;
import presence.user.Doing;

/// What a client asks of its session, and when it is told that it is done.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class UserSessionOrdersTest {

  private final Stage stage;
  private final TestProbe<Notice> connection;
  private final TestProbe<ChatInstance.Answer> author;

  UserSessionOrdersTest(TestSystem system) {
    stage = new Stage(system);
    connection = stage.connection;
    author = system.probe();
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

  @Test
  @DisplayName("an order of an older connection changes nothing (invariant 1)")
  void anOrderOfAnOlderConnectionChangesNothing() {
    stage.opens(ANN);
    Order late = stage.order(join("room"));
    stage.attaches(new Opening.ByToken("t1", null), "t2", stage.system.probe());
    connection.expectMessage(new Replaced(2));
    stage.entity.tell(late);
    connection.expectMessage(new Replaced(2));
    assertThat(stage.open().instances()).isEmpty();
  }

  @Nested
  class AMessage {
    private Action.Say say(String id) {
      return new Action.Say("room", "hello", id, author.getRef());
    }

    @Test
    void goesToTheInstanceWhichAnswersItself() {
      stage.opens(ANN, "room");
      stage.orders(say("m1"));
      assertThat(stage.instances.take())
          .containsExactly(
              new Told<>(
                  "room",
                  new ChatInstance.Say(
                      new Flushed.Speech("s1", new Member("@ann", "@ann", null), "hello", "m1"),
                      author.getRef())));
      hearsNothing();
    }

    @Test
    void ofAStrangerIsRefused() {
      stage.opens(ANN);
      stage.refused(stage.orders(say("m1")), ErrorCode.NOT_JOINED);
    }

    @Test
    void ofNobodyIsRefused() {
      stage.opens(NOBODY, "room");
      stage.refused(stage.orders(say("m1")), ErrorCode.UNAUTHENTICATED);
    }

    @Test
    @DisplayName("beyond the burst is refused with the time to wait (case 44)")
    void tooOftenIsRefusedWithTheTimeToWait() {
      stage.opens(ANN, "room");
      stage.orders(say("m1"));
      stage.orders(say("m2"));
      stage.orders(say("m3"));
      assertThat(refusal().retryAfterMs()).isEqualTo(1_000);
      stage.entity.passes(Duration.ofMillis(400));
      stage.orders(say("m3"));
      assertThat(refusal().retryAfterMs()).isEqualTo(600);
      stage.entity.passes(Duration.ofMillis(600));
      stage.orders(say("m3"));
      assertThat(stage.instances.take(ChatInstance.Say.class)).hasSize(3);
    }

    @Test
    void thatIsRepeatedIsNotCharged() {
      stage.opens(ANN, "room");
      Order order = stage.order(say("m1"));
      stage.entity.tell(order);
      repeats(order);
      repeats(order);
      stage.orders(say("m2"));
      assertThat(stage.instances.take(ChatInstance.Say.class)).hasSize(4);
    }
  }

  @Nested
  class AMove {
    @Test
    @DisplayName("is told to the instances it concerns (cases 25 and 26)")
    void isToldToTheInstancesItConcerns() {
      stage.opens(ANN, "room", "other");
      stage.done(stage.orders(to("room~1")), null);
      List<Told<ChatInstance.Command>> told = stage.acknowledges();
      assertThat(told).extracting(Told::id).containsExactly("room");
      stage.done(stage.orders(new Action.Move(null, false)), null);
      assertThat(stage.acknowledges()).extracting(Told::id).containsExactly("room");
      assertThat(stage.open().doing()).isEqualTo(new Doing(null, "room~1", Set.of()));
    }

    @Test
    void toWhereTheUserIsAlreadyIsNoEvent() {
      stage.opens(ANN);
      stage.orders(to("docs"));
      int events = stage.entity.events().size();
      stage.orders(to("docs"));
      assertThat(stage.entity.events()).hasSize(events);
    }

    @Test
    @DisplayName("too often is never an error: the newest is done when its turn comes")
    void tooOftenIsJoinedToTheNewest() {
      stage.opens(ANN);
      for (String place : List.of("a", "b", "c", "d")) {
        stage.done(stage.orders(to(place)), null);
      }
      stage.orders(new Action.Move(null, false));
      assertThat(stage.open().profile().location()).isEqualTo("b");
      stage.entity.passes(Duration.ofMillis(50));
      assertThat(stage.open().profile()).isEqualTo(new Profile(null, null, "d", false));
      int events = stage.entity.events().size();
      stage.entity.passes(Duration.ofSeconds(1));
      assertThat(stage.entity.events()).hasSize(events);
    }

    @Test
    void thatWaitsDoesNotUndoALaterHello() {
      stage.opens(ANN);
      for (String place : List.of("a", "b", "c")) {
        stage.orders(to(place));
      }
      TestProbe<Notice> later = stage.system.probe();
      stage.entity.tell(
          new SessionCommand.Attach(
              new Opening.ByToken("t1", null),
              new Profile.Update(null, null, Setting.to("d"), null),
              "t2",
              later.getRef()));
      stage.entity.passes(Duration.ofSeconds(1));
      assertThat(stage.open().profile().location()).isEqualTo("d");
    }

    @Test
    void thatWaitsIsNotLostByAHelloThatSaysNothingOfIt() {
      stage.opens(ANN);
      for (String place : List.of("a", "b", "c")) {
        stage.orders(to(place));
      }
      stage.attaches(new Opening.ByToken("t1", null), "t2", stage.system.probe());
      assertThat(stage.open().profile().location()).isEqualTo("c");
    }

    @Test
    void thatWaitsIsDoneAlsoAfterAFailedWrite() {
      stage.opens(ANN);
      for (String place : List.of("a", "b", "c")) {
        stage.orders(to(place));
      }
      stage.entity.tellInVain(stage.order(join("room")));
      stage.entity.passes(Duration.ofSeconds(1));
      assertThat(stage.open().profile().location()).isEqualTo("c");
    }
  }

  @Nested
  class AProof {
    @Test
    @DisplayName("makes an anonymous session a person's, in place")
    void makesAnAnonymousSessionAPersons() {
      stage.opens(NOBODY, "room");
      stage.done(stage.orders(new Action.Identify(ANN)), null);
      assertThat(stage.word().seat().standing())
          .isEqualTo(new Standing(new Member("@ann", "@ann", null), false));
      assertThat(stage.users.take()).extracting(Told::id).containsExactly("@ann");
    }

    @Test
    void ofTheSamePersonIsDone() {
      stage.opens(ANN);
      stage.done(stage.orders(new Action.Identify(ANN)), null);
      assertThat(stage.entity.events()).hasSize(1);
    }

    @Test
    void ofAnotherPersonIsRefused() {
      stage.opens(ANN);
      stage.refused(stage.orders(new Action.Identify(BOB)), ErrorCode.CONFLICT);
    }
  }

  @Nested
  class AWatch {
    @Test
    void isKeptAndGivenToWhoeverComesBack() {
      stage.opens(ANN);
      stage.done(stage.orders(new Action.Watch(List.of("@bob", "@cat"))), null);
      stage.done(stage.orders(new Action.Unwatch(List.of("@bob"))), null);
      stage.entity.restart();
      assertThat(
              stage.attaches(new Opening.ByToken("t1", null), "t2", stage.system.probe()).watches())
          .containsExactly("@cat");
    }

    @Test
    void ofTheSameIsNoEvent() {
      stage.opens(ANN);
      stage.orders(new Action.Watch(List.of("@bob")));
      stage.orders(new Action.Watch(List.of("@bob", "@bob")));
      stage.orders(new Action.Unwatch(List.of("@dan")));
      assertThat(stage.entity.events()).hasSize(2);
    }

    @Test
    void beyondTheLimitIsRefusedWhole() {
      stage.opens(ANN);
      stage.orders(new Action.Watch(List.of("@a", "@b")));
      connection.receiveMessage();
      stage.refused(stage.orders(new Action.Watch(List.of("@c", "@d"))), ErrorCode.TOO_LONG);
      assertThat(stage.open().watches()).containsExactly("@a", "@b");
    }
  }
}
