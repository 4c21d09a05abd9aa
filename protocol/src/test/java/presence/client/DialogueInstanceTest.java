package presence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static presence.client.Messages.EPOCH;
import static presence.client.Messages.LOBBY;
import static presence.client.Messages.error;
import static presence.client.Messages.firstPage;
import static presence.client.Messages.joined;
import static presence.client.Messages.left;
import static presence.client.Messages.page;
import static presence.client.Messages.presence;
import static presence.client.Messages.said;
import static presence.client.Messages.unasked;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.Hello;
import presence.protocol.ClientMessage.Join;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.ClientMessage.RosterPage;
import presence.protocol.ClientMessage.Since;
import presence.protocol.ErrorCode;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// A joined instance's view stays exact.
class DialogueInstanceTest {
  private final Stage stage = Stage.live();

  private void assertJoins(@Nullable Position since) {
    assertThat(stage.last(Join.class)).isEqualTo(new Join(LOBBY, null, since, stage.ref()));
  }

  @Test
  void aJoinIsAnsweredByTheView() {
    CompletableFuture<View> joined = stage.join();
    assertJoins(null);
    assertThat(joined).isNotDone();
    stage.hear(presence(3, stage.ref(), "@ann"));
    assertThat(joined).isCompletedWithValueMatching(view -> view.at().seq() == 3);
    assertThat(stage.views).hasSize(1);
    assertThat(stage.dialogue.view(LOBBY)).isEqualTo(joined.join());
  }

  @Test
  void aSecondJoinAsksNothingAndGetsTheSameView() {
    var _ = stage.join();
    CompletableFuture<View> second = stage.join();
    assertThat(stage.said).hasSize(1);
    stage.hear(presence(3, stage.ref(), "@ann"));
    assertThat(second).isCompleted();
    assertThat(stage.join()).isCompleted();
    assertThat(stage.said).hasSize(1);
  }

  @Test
  void aJoinInAnotherModeAsksAgain() {
    var _ = stage.join();
    stage.hear(presence(3, stage.ref(), "@ann"));
    CompletableFuture<View> counts = new CompletableFuture<>();
    stage.dialogue.join(LOBBY, RosterMode.COUNTS, counts);
    assertThat(stage.last(Join.class).roster()).isEqualTo(RosterMode.COUNTS);
    stage.hear(Messages.countsOnly(4, 2, stage.ref()));
    assertThat(counts).isCompletedWithValueMatching(view -> view.online().isEmpty());
  }

  @Test
  void messagesOfInstancesThatAreNotJoinedAreNobodysBusiness() {
    stage.hear(presence(3, null, "@ann"), joined(3, 4, null, "@bob"), said(9, null, null));
    assertThat(stage.views).isEmpty();
    assertThat(stage.said).isEmpty();
  }

  @Test
  void aRefusedFirstJoinFailsAndIsNotTriedAgain() {
    CompletableFuture<View> joined = stage.join();
    stage.hear(error(ErrorCode.INSTANCE_FULL, stage.ref()));
    assertThat(joined.exceptionNow())
        .asInstanceOf(type(PresenceException.class))
        .extracting(PresenceException::code)
        .isEqualTo(ErrorCode.INSTANCE_FULL);
    stage.reconnect();
    stage.openAndWelcome(true);
    assertThat(stage.said).isEmpty();
  }

  @Test
  void aPageThatIsRefusedForNowIsAskedForAgainWhileTheJoinWaits() {
    CompletableFuture<View> joined = stage.join();
    stage.hear(firstPage(3, "c2", stage.ref(), "@ann"));
    stage.hear(error(ErrorCode.RATE_LIMITED, stage.last(RosterPage.class).ref()));
    assertThat(joined).isNotDone();
    stage.said.clear();
    stage.advance(1_000);
    assertThat(stage.last(RosterPage.class).cursor()).isEqualTo("c2");
    stage.hear(page(3, null, stage.ref(), "@bob"));
    assertThat(joined).isDone();
  }

  @Test
  void aMembershipThatEndsUnaskedIsTold() {
    var _ = stage.join();
    stage.hear(presence(3, stage.ref(), "@ann"));
    stage.hear(unasked(ErrorCode.FORBIDDEN));
    assertThat(stage.events).endsWith("left lobby forbidden");
    assertThat(stage.dialogue.view(LOBBY)).isNull();
  }

  @Test
  void leavingForgetsTheInstanceAndSaysSo() {
    var _ = stage.join();
    stage.hear(presence(3, stage.ref(), "@ann"));
    CompletableFuture<ServerMessage> left = new CompletableFuture<>();
    stage.dialogue.leave(LOBBY, left);
    stage.hear(new ServerMessage.Ok(Objects.requireNonNull(stage.ref())));
    assertThat(left).isCompleted();
    assertThat(stage.dialogue.view(LOBBY)).isNull();
    stage.hear(joined(5, 6, null, "@bob"));
    assertThat(stage.last(ClientMessage.Leave.class)).isNotNull();
  }

  @Nested
  class AfterAGap {
    AfterAGap() {
      var _ = stage.join();
      stage.hear(presence(3, stage.ref(), "@ann"));
      stage.hear(joined(4, 5, null, "@cyd"));
    }

    @Test
    void whatWasMissedIsAskedForOnce() {
      assertJoins(new Position(EPOCH, 3));
      int asked = stage.said.size();
      stage.hear(joined(5, 6, null, "@dee"));
      assertThat(stage.said).hasSize(asked);
      stage.hear(joined(3, 6, stage.ref(), "@bob", "@cyd", "@dee"), left(6, 7, "@ann"));
      assertThat(stage.views.getLast().online()).containsOnlyKeys("@bob", "@cyd", "@dee");
      assertThat(stage.views.getLast().at().seq()).isEqualTo(7);
    }

    @Test
    void aRefusalForNowIsAskedAgainAndTheViewStays() {
      stage.hear(error(ErrorCode.UNAVAILABLE, stage.ref()));
      int asked = stage.said.size();
      stage.advance(999);
      assertThat(stage.said).hasSize(asked);
      stage.advance(1);
      assertThat(stage.said).hasSize(asked + 1);
      assertJoins(new Position(EPOCH, 3));
      assertThat(stage.dialogue.view(LOBBY)).isNotNull();
    }

    @Test
    void aRefusalForGoodIsToldToTheListener() {
      stage.hear(error(ErrorCode.FORBIDDEN, stage.ref()));
      assertThat(stage.events).contains("left lobby forbidden");
      assertThat(stage.dialogue.view(LOBBY)).isNull();
    }
  }

  @Nested
  class Pages {
    @Test
    void areAskedForOneAfterTheOther() {
      CompletableFuture<View> joined = stage.join();
      stage.hear(firstPage(3, "c2", stage.ref(), "@ann"));
      assertThat(stage.last(RosterPage.class))
          .isEqualTo(new RosterPage(LOBBY, "c2", null, stage.ref()));
      stage.hear(joined(3, 4, null, "@dee"));
      stage.hear(page(3, "c3", stage.ref(), "@bob"));
      assertThat(stage.last(RosterPage.class).cursor()).isEqualTo("c3");
      assertThat(joined).isNotDone();
      stage.hear(page(3, null, stage.ref(), "@cyd"));
      assertThat(joined.join().online()).containsOnlyKeys("@ann", "@bob", "@cyd", "@dee");
      assertThat(joined.join().at().seq()).isEqualTo(4);
    }

    @Test
    void ofAnotherQuestionAreNotOurs() {
      var _ = stage.join();
      stage.hear(firstPage(3, "c2", stage.ref(), "@ann"));
      stage.hear(page(3, null, "another", "@bob"));
      assertThat(stage.views).isEmpty();
    }

    @Test
    void whoseCutIsGoneStartAgain() {
      var _ = stage.join();
      stage.hear(firstPage(3, "c2", stage.ref(), "@ann"));
      stage.hear(error(ErrorCode.CONFLICT, stage.ref()));
      assertJoins(null);
    }
  }

  @Nested
  class OnTheNextSocket {
    @Test
    void theHelloSaysHowFarTheStreamIsKnownAndNothingIsAskedFor() {
      var _ = stage.join();
      stage.hear(presence(3, stage.ref(), "@ann"));
      stage.reconnect();
      stage.dialogue.opened();
      assertThat(Objects.requireNonNull(stage.last(Hello.class).resume()).instances())
          .containsExactly(new Since(LOBBY, EPOCH, 3, null));
      stage.said.clear();
      stage.hear(Messages.welcome(true, LOBBY), joined(3, 4, null, "@bob"));
      assertThat(stage.said).isEmpty();
      assertThat(stage.views.getLast().online()).containsOnlyKeys("@ann", "@bob");
    }

    @Test
    void anotherSessionJoinsAgainFromWhereTheViewStands() {
      var _ = stage.join();
      stage.hear(presence(3, stage.ref(), "@ann"));
      stage.reconnect();
      stage.openAndWelcome(false);
      assertJoins(new Position(EPOCH, 3));
      stage.hear(joined(3, 5, stage.ref(), "@me"));
      assertThat(stage.views.getLast().online()).containsOnlyKeys("@ann", "@me");
    }

    @Test
    void anInstanceTheSessionDidNotGetToIsJoinedAgain() {
      CompletableFuture<View> joined = stage.join();
      stage.reconnect();
      stage.openAndWelcome(true);
      assertJoins(null);
      stage.hear(presence(1, stage.ref(), "@me"));
      assertThat(joined).isCompleted();
    }

    @Test
    void aJoinWhoseAnswerWasLostIsAnsweredByTheSnapshotThatFollows() {
      CompletableFuture<View> joined = stage.join();
      stage.reconnect();
      stage.openAndWelcome(true, LOBBY);
      assertThat(stage.said).isEmpty();
      stage.hear(presence(1, null, "@me"));
      assertThat(joined).isCompleted();
    }

    @Test
    void halfASnapshotIsForgottenAndNotNamed() {
      var _ = stage.join();
      stage.hear(firstPage(3, "c2", stage.ref(), "@ann"));
      stage.reconnect();
      stage.dialogue.opened();
      assertThat(Objects.requireNonNull(stage.last(Hello.class).resume()).instances()).isEmpty();
    }

    @Test
    void aRejoinThatIsRefusedForNowIsRepeatedUntilItWorks() {
      var _ = stage.join();
      stage.hear(presence(3, stage.ref(), "@ann"));
      stage.reconnect();
      stage.openAndWelcome(false);
      for (int i = 0; i < 5; i++) {
        stage.hear(error(ErrorCode.INSTANCE_FULL, stage.ref()));
        stage.advance(8_000);
      }
      assertJoins(new Position(EPOCH, 3));
      assertThat(stage.events).doesNotContain("left lobby instance_full");
    }

    @Test
    void aLeaveThatWasTakenBackIsNotSaidAgain() {
      var _ = stage.join();
      stage.hear(presence(3, stage.ref(), "@ann"));
      stage.reconnect();
      CompletableFuture<ServerMessage> left = stage.leave();
      CompletableFuture<View> joined = stage.join();
      stage.openAndWelcome(true, LOBBY);
      assertThat(stage.said).isEmpty();
      assertThat(left).isDone();
      stage.hear(presence(3, null, "@ann"));
      assertThat(joined).isDone();
    }

    @Test
    void aLeaveThatWasNotTakenBackIsSaidOnce() {
      var _ = stage.join();
      stage.hear(presence(3, stage.ref(), "@ann"));
      stage.reconnect();
      CompletableFuture<ServerMessage> left = stage.leave();
      stage.openAndWelcome(true, LOBBY);
      assertThat(stage.said).hasSize(1);
      assertThat(stage.last(ClientMessage.Leave.class).instance()).isEqualTo(LOBBY);
      stage.isDone();
      assertThat(left).isDone();
    }

    @Test
    void anInstanceThatRefusedTheClientAndThenLetItInIsLeft() {
      var _ = stage.join();
      stage.hear(error(ErrorCode.UNAVAILABLE, stage.ref()));
      stage.reconnect();
      stage.openAndWelcome(true, LOBBY, "another");
      assertThat(stage.said).hasSize(1);
      assertThat(stage.last(ClientMessage.Leave.class).instance()).isEqualTo(LOBBY);
      stage.reconnect();
      stage.openAndWelcome(true, LOBBY);
      assertThat(stage.last(ClientMessage.Leave.class).instance())
          .as("the first may not have arrived")
          .isEqualTo(LOBBY);
      stage.reconnect();
      stage.openAndWelcome(true);
      assertThat(stage.said).isEmpty();
    }

    @Test
    void aLeaveThatNobodyWaitsForIsSaidAllTheSame() {
      var _ = stage.join();
      stage.hear(presence(3, stage.ref(), "@ann"));
      stage.dialogue.closed(1006, "");
      assertThat(stage.leave().cancel(false)).isTrue();
      stage.dialogue.stop();
      var _ = stage.start();
      stage.openAndWelcome(true, LOBBY);
      assertThat(stage.last(ClientMessage.Leave.class).instance()).isEqualTo(LOBBY);
    }

    @Test
    void whatWasLeftWhileTheClientWasAwayIsLeftWhenItComesBack() {
      var _ = stage.join();
      stage.hear(presence(3, stage.ref(), "@ann"));
      stage.dialogue.stop();
      assertThat(stage.leave()).isCompletedExceptionally();
      var _ = stage.start();
      stage.openAndWelcome(true, LOBBY);
      assertThat(stage.last(ClientMessage.Leave.class).instance()).isEqualTo(LOBBY);
    }

    @Test
    void whatIsNotLetInAfterAllIsAskedForAgain() {
      var _ = stage.join();
      stage.hear(firstPage(3, "c2", stage.ref(), "@ann"));
      stage.hear(page(3, null, stage.ref(), "@bob"));
      stage.hear(unasked(ErrorCode.INSTANCE_FULL));
      stage.advance(8_000);
      assertJoins(new Position(EPOCH, 3));
    }

    @Test
    void aPlannedRepeatOfTheSocketBeforeIsVoid() {
      var _ = stage.join();
      stage.hear(presence(3, stage.ref(), "@ann"), joined(4, 5, null, "@cyd"));
      stage.hear(error(ErrorCode.UNAVAILABLE, stage.ref()));
      stage.dialogue.closed(1006, "");
      stage.advance(8_000);
      stage.openAndWelcome(true, LOBBY);
      stage.advance(8_000);
      assertThat(stage.said).isEqualTo(List.of());
    }
  }
}
