package presence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static presence.client.Messages.error;
import static presence.client.Messages.welcome;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.client.Dialogue.State;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.Hello;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.protocol.Setting;

/// How a client gets and keeps a socket.
class DialogueConnectionTest {
  @Nested
  class Greeting {
    @Test
    void theFirstHelloProvesNothingAndResumesNothing() {
      Stage stage = Stage.anonymous();
      CompletableFuture<ServerMessage.Welcome> started = stage.start();
      stage.dialogue.opened();
      assertThat(stage.said)
          .containsExactly(new Hello(1, null, null, null, null, null, null, null, null));
      assertThat(started).isNotDone();
      stage.hear(welcome(false));
      assertThat(started).isCompletedWithValue(welcome(false));
      assertThat(stage.events).containsExactly("opened");
    }

    @Test
    void theHelloSaysWhatTheApplicationSet() {
      Stage stage =
          new Stage(
              Stage.OPTIONS
                  .withLocation(null)
                  .withVisible(false)
                  .withDevice("tv")
                  .withDisplayName("Ann")
                  .withResume("old"));
      var _ = stage.start();
      stage.dialogue.opened();
      assertThat(stage.last(Hello.class))
          .isEqualTo(
              new Hello(
                  1,
                  null,
                  null,
                  new ClientMessage.Resume("old", List.of()),
                  Setting.NONE,
                  false,
                  "tv",
                  Setting.to("Ann"),
                  null));
    }

    @Test
    void aTokenIsFetchedOnceAndAgainWhenTheServerSaysItHasExpired() {
      Deque<String> tokens = new ArrayDeque<>(List.of("t1", "t2"));
      Stage stage =
          new Stage(
              Stage.OPTIONS.withProof(
                  new Proof.Token(() -> CompletableFuture.completedFuture(tokens.remove()))));
      var _ = stage.start();
      stage.dialogue.opened();
      assertThat(stage.last(Hello.class).token()).isEqualTo("t1");
      stage.hear(welcome(false));
      stage.reconnect();
      stage.dialogue.opened();
      assertThat(stage.last(Hello.class).token()).isEqualTo("t1");
      stage.hear(error(ErrorCode.EXPIRED_TOKEN, null));
      stage.dialogue.closed(4402, "");
      stage.advance(8_000);
      stage.dialogue.opened();
      assertThat(stage.last(Hello.class).token()).isEqualTo("t2");
    }

    @Test
    void aTokenThatIsAboutToEndIsRenewedUntilThatWorks() {
      Deque<String> tokens = new ArrayDeque<>(List.of("t1", "t2", "t3"));
      Stage stage =
          new Stage(
              Stage.OPTIONS.withProof(
                  new Proof.Token(() -> CompletableFuture.completedFuture(tokens.remove()))));
      var _ = stage.start();
      stage.openAndWelcome(false);
      stage.hear(new ServerMessage.Expiring(stage.now + 60_000, 60_000));
      assertThat(stage.last(ClientMessage.Authenticate.class).token()).isEqualTo("t2");
      stage.hear(error(ErrorCode.UNAVAILABLE, stage.ref()));
      stage.advance(1_000);
      assertThat(stage.last(ClientMessage.Authenticate.class).token()).isEqualTo("t3");
      stage.hear(error(ErrorCode.FORBIDDEN, stage.ref()));
      stage.advance(3_600_000);
      assertThat(stage.said).filteredOn(ClientMessage.Authenticate.class::isInstance).hasSize(2);
    }

    @Test
    void aTokenThatNoHelloCanCarryEndsTheClient() {
      Stage stage = new Stage(Stage.OPTIONS.withProof(Proof.token("x".repeat(10_000))));
      CompletableFuture<ServerMessage.Welcome> started = stage.start();
      stage.dialogue.opened();
      assertThat(stage.said).isEmpty();
      assertThat(started).isCompletedExceptionally();
      assertThat(stage.events).containsExactly("closed 1006", "ended too_long");
      assertThat(stage.dialogue.state()).isEqualTo(State.ENDED);
    }

    @Test
    void whatNeverOpensIsGivenUpAndTriedAgain() {
      Stage stage = Stage.anonymous();
      var _ = stage.start();
      stage.advance(59_999);
      assertThat(stage.dialogue.state()).isEqualTo(State.OPENING);
      stage.advance(1);
      assertThat(stage.dialogue.state()).isEqualTo(State.WAITING);
      stage.advance(1_000);
      assertThat(stage.sockets).isEqualTo(2);
    }

    @Test
    void noSocketIsOpenedBeforeTheTokenIsThereAndAFailureIsTriedAgain() {
      Deque<CompletableFuture<String>> tokens =
          new ArrayDeque<>(List.of(new CompletableFuture<>(), new CompletableFuture<>()));
      CompletableFuture<String> first = tokens.getFirst();
      CompletableFuture<String> second = tokens.getLast();
      Stage stage = new Stage(Stage.OPTIONS.withProof(new Proof.Token(tokens::remove)));
      var _ = stage.start();
      assertThat(stage.sockets).isZero();
      first.completeExceptionally(new IllegalStateException("down"));
      assertThat(stage.dialogue.state()).isEqualTo(State.WAITING);
      stage.advance(1_000);
      second.complete("t");
      assertThat(stage.sockets).isEqualTo(1);
    }

    @Test
    void aTokenSourceThatIsSureEndsTheClient() {
      PresenceException gone = new PresenceException(ErrorCode.FORBIDDEN, "gone", false, 0);
      Stage stage =
          new Stage(
              Stage.OPTIONS.withProof(new Proof.Token(() -> CompletableFuture.failedFuture(gone))));
      assertThat(stage.start()).isCompletedExceptionally();
      assertThat(stage.dialogue.state()).isEqualTo(State.ENDED);
    }

    @Test
    void aChallengeIsAnsweredByTheSameHelloSigned() {
      SigningKey key = SigningKey.generate();
      Stage stage = new Stage(Stage.OPTIONS.withProof(Proof.key(key)).withResume("old"));
      var _ = stage.start();
      stage.dialogue.opened();
      Hello unsigned = stage.last(Hello.class);
      assertThat(unsigned.key()).isEqualTo(new ClientMessage.Key(key.publicKey(), null, null));
      stage.hear(new ServerMessage.Challenge("nonce", null));
      Hello signed = stage.last(Hello.class);
      assertThat(signed.key())
          .isEqualTo(new ClientMessage.Key(key.publicKey(), key.answer("nonce"), null));
      assertThat(signed.resume()).isEqualTo(unsigned.resume());
    }

    @Test
    void aRefusalForGoodEndsTheClientWithItsReason() {
      Stage stage = Stage.anonymous();
      CompletableFuture<ServerMessage.Welcome> started = stage.start();
      stage.dialogue.opened();
      stage.hear(error(ErrorCode.BAD_TOKEN, null));
      stage.dialogue.closed(4403, "");
      assertThat(started).isCompletedExceptionally();
      assertThat(started.exceptionNow())
          .asInstanceOf(type(PresenceException.class))
          .extracting(PresenceException::code)
          .isEqualTo(ErrorCode.BAD_TOKEN);
      assertThat(stage.events).containsExactly("closed 4403", "ended bad_token");
      stage.advance(100_000);
      assertThat(stage.sockets).isEqualTo(1);
    }

    @Test
    void aRefusalForNowIsTriedAgainNotBeforeTheServerSaid() {
      Stage stage = Stage.anonymous();
      var _ = stage.start();
      stage.dialogue.opened();
      stage.hear(
          new ServerMessage.Error(
              ErrorCode.UNAVAILABLE, "moving", null, true, 20_000L, null, null));
      stage.dialogue.closed(4300, "");
      stage.advance(20_000);
      assertThat(stage.sockets).isEqualTo(1);
      stage.advance(1_000);
      assertThat(stage.sockets).isEqualTo(2);
    }

    @Test
    void aServerThatDoesNotAnswerIsLeftAndTriedAgain() {
      Stage stage = Stage.anonymous();
      var _ = stage.start();
      stage.dialogue.opened();
      stage.advance(15_000);
      assertThat(stage.drops).isEqualTo(1);
      stage.advance(1_000);
      assertThat(stage.sockets).isEqualTo(2);
    }
  }

  @Nested
  class Loss {
    @ParameterizedTest
    @ValueSource(ints = {1001, 1005, 1006, 1011, 1012, 4300, 4401, 4402, 4408})
    void isMendedAfterTheseCodes(int code) {
      Stage stage = Stage.live();
      stage.dialogue.closed(code, "");
      stage.advance(8_000);
      assertThat(stage.sockets).isEqualTo(2);
      stage.dialogue.opened();
      assertThat(stage.last(Hello.class).resume())
          .isEqualTo(new ClientMessage.Resume("token-false", List.of()));
      stage.hear(welcome(true));
      assertThat(stage.events).containsExactly("opened", "closed " + code, "opened", "resumed");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1009, 4400, 4403, 4409, 4410, 4411, 4999})
    void endsTheClientAfterTheseCodes(int code) {
      Stage stage = Stage.live();
      CompletableFuture<ServerMessage> open = stage.say("c");
      stage.dialogue.closed(code, "");
      stage.advance(100_000);
      assertThat(stage.sockets).isEqualTo(1);
      assertThat(stage.dialogue.state()).isEqualTo(State.ENDED);
      assertThat(open.exceptionNow())
          .asInstanceOf(type(PresenceException.class))
          .satisfies(why -> assertThat(why.closeCode()).hasValue(code))
          .satisfies(why -> assertThat(why.retryable()).isFalse());
    }

    @Test
    void backsOffFurtherEachTimeAndForgetsItAfterASteadyConnection() {
      Stage stage = Stage.live();
      for (long bound : new long[] {1_000, 2_000, 4_000, 8_000, 8_000}) {
        stage.dialogue.closed(1006, "");
        int before = stage.sockets;
        stage.advance(bound - 1);
        assertThat(stage.sockets).isEqualTo(before);
        stage.advance(1);
        assertThat(stage.sockets).isEqualTo(before + 1);
      }
      stage.openAndWelcome(true);
      stage.advance(9_999);
      stage.dialogue.closed(1006, "");
      stage.advance(7_999);
      assertThat(stage.sockets).isEqualTo(6);
      stage.advance(1);
      stage.openAndWelcome(true);
      stage.advance(10_000);
      stage.dialogue.closed(1006, "");
      stage.advance(1_000);
      assertThat(stage.sockets).isEqualTo(8);
    }

    @Test
    void afterClosingComesBackWhenTheServerSaidCountedFromTheMessage() {
      Stage stage = Stage.live();
      stage.hear(new ServerMessage.Closing(1012, "drains", 5_000));
      stage.advance(2_000);
      stage.dialogue.closed(1012, "");
      stage.advance(2_999);
      assertThat(stage.sockets).isEqualTo(1);
      stage.advance(1);
      assertThat(stage.sockets).isEqualTo(2);
      stage.dialogue.closed(1006, "and then by chance");
      stage.advance(999);
      assertThat(stage.sockets).isEqualTo(2);
      stage.advance(1);
      assertThat(stage.sockets).isEqualTo(3);
    }

    @Test
    void withoutAutoReconnectEndsTheClientWhichMayBeStartedAgainWithItsSession() {
      Stage stage = Stage.live();
      stage.dialogue.autoReconnect(false);
      stage.dialogue.drop();
      assertThat(stage.events).containsExactly("opened", "closed 1006", "ended unavailable");
      stage.advance(100_000);
      assertThat(stage.sockets).isEqualTo(1);
      var _ = stage.start();
      stage.dialogue.opened();
      assertThat(stage.last(Hello.class).resume()).isNotNull();
    }

    @Test
    void ofASocketThatIsNotTheCurrentOneAnyMoreDoesNothingTwice() {
      Stage stage = Stage.live();
      stage.dialogue.drop();
      stage.dialogue.drop();
      stage.advance(8_000);
      assertThat(stage.sockets).isEqualTo(2);
      assertThat(stage.events).containsExactly("opened", "closed 1006");
    }
  }

  @Nested
  class Life {
    @Test
    void aPingIsAnsweredUnlessMuted() {
      Stage stage = Stage.live();
      stage.hear(new ServerMessage.Ping());
      assertThat(stage.said).containsExactly(new ClientMessage.Pong(null));
      stage.dialogue.mute(true);
      stage.hear(new ServerMessage.Ping());
      assertThat(stage.said).hasSize(1);
    }

    @Test
    void silenceIsQuestionedAndThenBelieved() {
      Stage stage = Stage.live();
      stage.advance(2 * Messages.PING_MS);
      assertThat(stage.probes).isEqualTo(1);
      assertThat(stage.drops).isZero();
      stage.advance(Messages.PING_MS);
      assertThat(stage.drops).isEqualTo(1);
      assertThat(stage.dialogue.state()).isEqualTo(State.WAITING);
    }

    @Test
    void aSignOfLifeEndsTheDoubt() {
      Stage stage = Stage.live();
      for (int i = 0; i < 10; i++) {
        stage.advance(2 * Messages.PING_MS);
        stage.dialogue.alive(); // the pong
      }
      assertThat(stage.drops).isZero();
    }

    @Test
    void silenceMeansNothingWhileTheApplicationDoesNotRead() {
      Stage stage = Stage.live();
      stage.dialogue.paused(true);
      stage.advance(10 * Messages.PING_MS);
      assertThat(stage.drops).isZero();
      stage.dialogue.paused(false);
      stage.advance(4 * Messages.PING_MS);
      assertThat(stage.drops).isEqualTo(1);
    }
  }

  @Nested
  class End {
    @Test
    void byeIsSaidAndTheCloseEndsItForGood() {
      Stage stage = Stage.live();
      CompletableFuture<Void> ended = new CompletableFuture<>();
      stage.dialogue.bye(ended);
      assertThat(stage.last(ClientMessage.Bye.class)).isNotNull();
      assertThat(ended).isNotDone();
      stage.dialogue.closed(1000, "bye");
      assertThat(ended).isCompleted();
      var _ = stage.start();
      stage.dialogue.opened();
      assertThat(stage.last(Hello.class).resume()).as("the session is over").isNull();
    }

    @Test
    void aByeWhoseCloseIsLostEndsItAllTheSame() {
      Stage stage = Stage.live();
      CompletableFuture<Void> ended = new CompletableFuture<>();
      stage.dialogue.bye(ended);
      stage.dialogue.closed(1006, "lost");
      assertThat(ended).isCompleted();
      stage.advance(100_000);
      assertThat(stage.sockets).isEqualTo(1);
    }

    @Test
    void aServerThatDoesNotCloseIsNotWaitedForLong() {
      Stage stage = Stage.live();
      CompletableFuture<Void> ended = new CompletableFuture<>();
      stage.dialogue.bye(ended);
      stage.advance(5_000);
      assertThat(ended).isCompleted();
      assertThat(stage.drops).isEqualTo(1);
    }

    @Test
    void aByeBeforeAnySocketIsDoneAtOnce() {
      Stage stage = Stage.anonymous();
      CompletableFuture<Void> ended = new CompletableFuture<>();
      stage.dialogue.bye(ended);
      assertThat(ended).isCompleted();
      assertThat(stage.events).isEmpty();
    }

    @Test
    void stopKeepsTheSessionForALaterStart() {
      Stage stage = Stage.live();
      stage.dialogue.stop();
      assertThat(stage.events).containsExactly("opened", "closed 1006", "ended unavailable");
      var _ = stage.start();
      stage.dialogue.opened();
      assertThat(stage.last(Hello.class).resume()).isNotNull();
    }
  }
}
