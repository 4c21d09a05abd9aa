package presence.session;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.session.Stage.ANN;
import static presence.session.Stage.GRACE;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.protocol.ErrorCode;
import presence.protocol.Position;
import presence.protocol.ServerMessage.Parting;
import presence.protocol.Spot;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;
import presence.world.Stay;
import presence.world.Visit;
import presence.world.World;

/// What a session tells the worlds it is in, and what it makes of their answers.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class UserSessionWorldsTest {
  private static final Action.Enter ENTER = new Action.Enter("garden", "{}", new Spot(1, 2, null));
  private static final Position AT = new Position(1_000, 4);

  private final Stage stage;

  UserSessionWorldsTest(TestSystem system) {
    stage = new Stage(system);
    stage.opens(ANN);
    stage.acknowledges();
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  /// The one word that was told to a world since the last look.
  private World.Report word() {
    List<World.Report> words = stage.worlds.take(World.Report.class);
    assertThat(words).hasSize(1);
    return words.getFirst();
  }

  private static Stay stay(World.Report word) {
    return Objects.requireNonNull(word.visit().stay());
  }

  private void recorded(World.Report word) {
    word.replyTo().tell(new World.Recorded("garden", word.visit().n(), AT));
    stage.entity.rest();
  }

  @Test
  @DisplayName("an entering is done when the world has written it down (R4)")
  void anEnteringIsDoneWhenTheWorldHasIt() {
    long order = stage.orders(ENTER);
    World.Report word = word();
    assertThat(stay(word).look()).isEqualTo("{}");
    assertThat(stay(word).ghost()).isFalse();
    assertThat(stay(word).entered()).isEqualTo(word.visit().n());
    stage.connection.expectNoMessage(Duration.ofMillis(50));
    recorded(word);
    stage.done(order, AT);
  }

  @Test
  void aWordIsRepeatedUntilItIsAcknowledgedAlsoAfterARestart() {
    stage.orders(ENTER);
    Visit said = word().visit();
    stage.entity.passes(Stage.LIMITS.repeatFirst());
    assertThat(word().visit()).isEqualTo(said);
    stage.entity.restart();
    World.Report again = word();
    assertThat(again.visit()).isEqualTo(said);
    recorded(again);
    stage.entity.passes(Stage.LIMITS.reclaimWait().minusMillis(1));
    assertThat(stage.worlds.take()).isEmpty();
  }

  @Test
  void inTooManyWorldsItEntersNoOther() {
    stage.orders(ENTER);
    stage.orders(new Action.Enter("attic", "{}", new Spot(0, 0, null)));
    stage.refused(
        stage.orders(new Action.Enter("cellar", "{}", new Spot(0, 0, null))), ErrorCode.FORBIDDEN);
  }

  @Nested
  class InAWorld {
    InAWorld() {
      long order = stage.orders(ENTER);
      recorded(word());
      stage.done(order, AT);
    }

    private SessionState.Visiting garden() {
      return Objects.requireNonNull(stage.open().worlds().get("garden"));
    }

    @Test
    @DisplayName("58: the loss of its socket is told at once, and so is its return")
    void theLossAndTheReturnAreTold() {
      long entered = garden().entered();
      stage.entity.tell(new SessionCommand.Detach(stage.open().lease().epoch()));
      World.Report lost = word();
      assertThat(stay(lost).ghost()).isTrue();
      recorded(lost);
      Notice.Attached back =
          stage.attaches(new Opening.ByToken("t1", null), "t2", stage.connection);
      assertThat(back.worlds()).isEqualTo(Map.of("garden", AT));
      World.Report returned = word();
      assertThat(stay(returned).ghost()).isFalse();
      assertThat(stay(returned).entered()).isEqualTo(entered);
      assertThat(returned.visit().n()).isGreaterThan(lost.visit().n());
    }

    @Test
    void anotherSocketInItsPlaceIsNothingToTell() {
      stage.attaches(new Opening.ByToken("t1", null), "t2", stage.system.probe());
      assertThat(stage.worlds.take()).isEmpty();
    }

    @Test
    void itsEndIsTold() {
      stage.entity.tell(new SessionCommand.Detach(stage.open().lease().epoch()));
      recorded(word());
      stage.acknowledges(); // or repeats run while time passes
      stage.entity.passes(GRACE);
      stage.acknowledges();
      World.Report left = word();
      assertThat(left.visit().stay()).isNull();
      recorded(left);
      stage.isAbsent();
    }

    @Test
    void whoLeavesIsDoneWhenTheWorldKnows() {
      long order = stage.orders(new Action.Exit("garden"));
      World.Report left = word();
      assertThat(left.visit().stay()).isNull();
      recorded(left);
      stage.done(order, AT);
      assertThat(stage.open().worlds()).isEmpty();
      stage.refused(stage.orders(new Action.Exit("garden")), ErrorCode.NOT_JOINED);
    }

    @Test
    @DisplayName("59: dismissed, it is out, says so, and tells its client")
    void dismissedItIsOut() {
      long n = garden().n();
      stage.entity.tell(new SessionCommand.Dismissal("garden", n, "@ann", Parting.TAKEN_OVER));
      stage.connection.expectMessage(new Notice.Parted("garden", "@ann", Parting.TAKEN_OVER));
      World.Report left = word();
      assertThat(left.visit().stay()).isNull();
      stage.entity.tell(new SessionCommand.Dismissal("garden", n, "@ann", Parting.TAKEN_OVER));
      assertThat(word().visit()).isEqualTo(left.visit());
      stage.connection.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void aDismissalOfAnEarlierStayIsAnsweredByTheNewOne() {
      long n = garden().n();
      stage.orders(new Action.Enter("garden", "{\"hat\":1}", new Spot(1, 2, null)));
      Visit anew = word().visit();
      stage.entity.tell(new SessionCommand.Dismissal("garden", n, "@ann", Parting.TAKEN_OVER));
      assertThat(word().visit()).isEqualTo(anew);
      assertThat(stage.open().isIn("garden")).isTrue();
    }

    @Test
    void askedWhetherItExistsItSaysHowItStands() {
      stage.entity.tell(new SessionCommand.WorldRoll("garden", 1));
      assertThat(stay(word()).look()).isEqualTo("{}");
    }

    @Test
    void whatItTellsTheOthersIsNotToldAgainWhenTheOrderIsRepeated() {
      Action.Emit emit = new Action.Emit("garden", "wave", "[1]");
      SessionCommand.Order order = stage.order(emit);
      stage.entity.tell(order);
      assertThat(stage.worlds.take(World.Emit.class))
          .containsExactly(new World.Emit("s1", "wave", "[1]"));
      stage.done(order.number(), null);
      stage.entity.restart();
      stage.worlds.take();
      stage.entity.tell(
          new SessionCommand.Order(
              order.epoch(), order.number(), true, emit, stage.connection.getRef()));
      assertThat(stage.worlds.take(World.Emit.class)).isEmpty();
      stage.done(order.number(), null);
    }
  }

  @Test
  void aWorldThatIsFullIsNotEntered() {
    long order = stage.orders(ENTER);
    World.Report word = word();
    word.replyTo().tell(new World.Full("garden", word.visit().n()));
    stage.entity.rest();
    stage.refused(order, ErrorCode.INSTANCE_FULL);
    World.Report left = word();
    assertThat(left.visit().stay()).isNull();
    recorded(left);
    assertThat(stage.open().worlds()).isEmpty();
  }

  @Test
  void whoseSessionIsNotThereIsUnknownToTheWorld() {
    stage.entity.tell(new SessionCommand.Evict(EndReason.KICKED));
    stage.acknowledges();
    stage.isAbsent();
    stage.entity.tell(new SessionCommand.WorldRoll("garden", 3));
    assertThat(stage.worlds.take())
        .extracting(each -> each.command())
        .containsExactly(new World.Unknown("s1", 3));
  }
}
