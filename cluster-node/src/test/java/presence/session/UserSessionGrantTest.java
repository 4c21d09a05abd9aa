package presence.session;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.session.Stage.ANN;
import static presence.session.Stage.NOBODY;

import java.time.Duration;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.auth.Grant;
import presence.auth.Principal;
import presence.auth.Right;
import presence.instance.ChatInstance;
import presence.protocol.ErrorCode;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;
import presence.user.Address;

/// What a session may do is what its proof allows, as long as that is good.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class UserSessionGrantTest {
  private static final Grant LOBBY =
      new Grant(Map.of("lobby", Right.SAY, "stage", Right.JOIN, "news", Right.SEE), null);

  private final Stage stage;
  private final TestProbe<ChatInstance.Answer> author;

  UserSessionGrantTest(TestSystem system) {
    stage = new Stage(system);
    author = system.probe();
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  private void opens(Principal principal, Grant grant) {
    stage.attaches(new Opening.Fresh(principal, grant), "t1", stage.connection);
  }

  private void joins(String instance) {
    var _ = stage.orders(new Action.Join(instance));
    stage.acknowledges();
    stage.connection.expectMessageClass(Notice.Done.class);
  }

  private Action.Say say(String instance) {
    return new Action.Say(instance, "good morning", "m1", author.getRef());
  }

  private Grant inAMinute() {
    return new Grant(null, now() + 60_000);
  }

  private long now() {
    return stage.system.instant().toEpochMilli();
  }

  private int said() {
    return (int)
        stage.instances.take().stream()
            .filter(told -> told.command() instanceof ChatInstance.Say)
            .count();
  }

  @Test
  void itJoinsAndSpeaksWhereItMay() {
    opens(ANN, LOBBY);
    joins("lobby");
    joins("stage");
    stage.refused(stage.orders(new Action.Join("news")), ErrorCode.FORBIDDEN);
    stage.refused(stage.orders(new Action.Join("elsewhere")), ErrorCode.FORBIDDEN);
    stage.refused(stage.orders(say("stage")), ErrorCode.FORBIDDEN);
    assertThat(said()).isZero();

    var _ = stage.orders(say("lobby"));
    stage.entity.rest();
    assertThat(said()).isEqualTo(1);
  }

  @Test
  void aProofThatEndedEndsTheRightToSpeakAndNothingElse() {
    opens(ANN, inAMinute());
    joins("room");
    stage.entity.passes(Duration.ofMinutes(1));

    stage.refused(stage.orders(say("room")), ErrorCode.EXPIRED_TOKEN);
    stage.refused(
        stage.orders(new Action.Send(new Address.Person("@bob"), "hi", "m2")),
        ErrorCode.EXPIRED_TOKEN);
    stage.refused(stage.orders(new Action.Emit("garden", "wave", null)), ErrorCode.EXPIRED_TOKEN);
    assertThat(said()).isZero();
    assertThat(stage.open().isMember("room")).isTrue();
    joins("another");
  }

  @Test
  void whatWasSaidInTimeIsNotRefusedWhenItIsRepeated() {
    opens(ANN, inAMinute());
    joins("room");
    SessionCommand.Order first = stage.order(say("room"));
    stage.entity.passes(Duration.ofMinutes(1));

    stage.entity.tell(
        new SessionCommand.Order(
            first.epoch(), first.number(), true, first.action(), first.connection()));
    stage.entity.rest();
    assertThat(said()).isEqualTo(1);
  }

  @Test
  void anotherProofOfTheSamePersonLetsItSpeakAgainAlsoAfterARestart() {
    opens(ANN, inAMinute());
    joins("room");
    stage.entity.passes(Duration.ofMinutes(1));
    stage.done(stage.orders(new Action.Identify(ANN, inAMinute())), null);

    var _ = stage.orders(say("room"));
    stage.entity.rest();
    assertThat(said()).isEqualTo(1);
    stage.entity.restart();
    assertThat(stage.open().grant()).isNotNull();
    assertThat(stage.open().hasEndedProof(now())).isFalse();
    assertThat(stage.open().hasEndedProof(now() + 60_000)).isTrue();
  }

  @Test
  void aTokenThatComesWithTheHelloOfAResumeCountsAndItsAbsenceChangesNothing() {
    opens(ANN, inAMinute());
    Grant later = new Grant(null, now() + 3_600_000);
    stage.attaches(new Opening.ByToken("t1", ANN, later), "t2", stage.connection);
    assertThat(stage.open().grant()).isEqualTo(later);

    stage.attaches(new Opening.ByToken("t2", null, null), "t3", stage.connection);
    assertThat(stage.open().grant()).isEqualTo(later);
  }

  @Test
  void nobodySpeaksUnlessTheyMay() {
    opens(NOBODY, Grant.everywhere(Right.JOIN));
    joins("room");

    stage.refused(stage.orders(say("room")), ErrorCode.UNAUTHENTICATED);
    assertThat(said()).isZero();
  }

  @Test
  void nobodyWhoMaySpeakDoesUnderTheNameOfItsSession() {
    opens(NOBODY, Grant.everywhere(Right.SAY));
    joins("room");

    var _ = stage.orders(say("room"));
    stage.entity.rest();
    assertThat(stage.instances.take())
        .anySatisfy(told ->
            assertThat(told.command())
                .isInstanceOfSatisfying(
                    ChatInstance.Say.class,
                    say -> {
                      assertThat(say.speech().from().id()).isEqualTo(say.speech().session());
                      assertThat(say.speech().from().handle()).isNull();
                    }));
  }

  @Test
  void whoBecomesAPersonMayWhatThatPersonMay() {
    opens(NOBODY, Grant.everywhere(Right.SEE));
    stage.refused(stage.orders(new Action.Join("lobby")), ErrorCode.FORBIDDEN);
    stage.done(stage.orders(new Action.Identify(ANN, LOBBY)), null);

    joins("lobby");
  }
}
