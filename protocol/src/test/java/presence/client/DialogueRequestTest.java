package presence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static presence.client.Messages.LOBBY;
import static presence.client.Messages.error;
import static presence.client.Messages.member;
import static presence.client.Messages.presence;
import static presence.client.Messages.said;
import static presence.client.Messages.welcome;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.Hello;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.protocol.Setting;

/// Who asks gets an answer, whatever becomes of the socket.
class DialogueRequestTest {
  private final Stage stage = Stage.live();

  @Test
  void anAnswerIsKnownByItsRef() {
    CompletableFuture<ServerMessage> first = stage.say("a");
    String firstRef = stage.ref();
    CompletableFuture<ServerMessage> second = stage.say("b");
    stage.hear(said(2, "b", stage.ref()));
    assertThat(second).isCompletedWithValue(said(2, "b", stage.ref()));
    assertThat(first).isNotDone();
    stage.hear(said(3, "a", firstRef));
    assertThat(first).isDone();
  }

  @Test
  void aRefusalIsTyped() {
    CompletableFuture<ServerMessage> asked = stage.say("a");
    stage.hear(
        new ServerMessage.Error(
            ErrorCode.RATE_LIMITED, "slower", stage.ref(), true, 1_500L, null, "a"));
    assertThat(asked.exceptionNow())
        .asInstanceOf(type(PresenceException.class))
        .satisfies(why -> assertThat(why.code()).isEqualTo(ErrorCode.RATE_LIMITED))
        .satisfies(why -> assertThat(why.retryable()).isTrue())
        .satisfies(why -> assertThat(why.retryAfterMs()).isEqualTo(1_500))
        .satisfies(why -> assertThat(why.closeCode()).isEmpty())
        .hasToString("presence.client.PresenceException: slower");
  }

  @Test
  void anAnswerToNobodyIsNoHarm() {
    stage.hear(new ServerMessage.Ok("999"), error(ErrorCode.INTERNAL, "998"), said(2, "x", null));
    assertThat(stage.events).containsExactly("opened");
  }

  @Test
  void whatWasPublishedAndLeftOutOfTheStreamIsSaidAgainUntilItsCopyComes() {
    var _ = stage.join();
    stage.hear(presence(1, stage.ref(), "@ann"));
    CompletableFuture<ServerMessage> asked = stage.say("a");
    String ref = stage.ref();
    stage.isDone();
    stage.said.clear();
    stage.hear(presence(900, null, "@ann"));
    assertThat(stage.last(ClientMessage.Say.class).clientMessageId()).isEqualTo("a");
    stage.isDone();
    stage.hear(presence(901, null, "@ann"));
    assertThat(stage.said).hasSize(2);
    stage.hear(said(2, "a", ref));
    assertThat(asked).isCompletedWithValue(said(2, "a", ref));
    stage.hear(presence(902, null, "@ann"));
    assertThat(stage.said).hasSize(2);
  }

  @Test
  void whatWasPublishedIsNotRefusedForTheTimeBeing() {
    var _ = stage.join();
    stage.hear(presence(1, stage.ref(), "@ann"));
    CompletableFuture<ServerMessage> asked = stage.say("a");
    String ref = stage.ref();
    stage.isDone();
    stage.hear(presence(900, null, "@ann"), error(ErrorCode.RATE_LIMITED, ref));
    assertThat(asked).isNotDone();
    stage.said.clear();
    stage.advance(1_000);
    assertThat(stage.last(ClientMessage.Say.class).ref()).isEqualTo(ref);
    stage.hear(said(2, "a", ref));
    assertThat(asked).isDone();
  }

  @Test
  void whatWasPublishedIsNotRepeatedWhenNobodyMayKnowItAnyMore() {
    var _ = stage.join();
    stage.hear(presence(1, stage.ref(), "@ann"));
    CompletableFuture<ServerMessage> asked = stage.say("a");
    String ref = stage.ref();
    stage.isDone();
    stage.hear(
        presence(900, null, "@ann"),
        new ServerMessage.Error(ErrorCode.MUTED, "no", ref, false, 3_600_000L, LOBBY, "a"));
    assertThat(asked).isCompletedExceptionally();
    stage.said.clear();
    stage.advance(7_200_000);
    assertThat(stage.said).filteredOn(ClientMessage.Say.class::isInstance).isEmpty();
  }

  @Test
  void afterTheEndNothingIsWaitedForUntilTheClientStartsAgain() {
    stage.dialogue.closed(4409, "");
    for (CompletableFuture<?> asked :
        List.of(stage.say("a"), stage.send("b"), stage.join(), stage.leave())) {
      assertThat(asked.exceptionNow())
          .asInstanceOf(type(PresenceException.class))
          .satisfies(why -> assertThat(why.code()).isEqualTo(ErrorCode.CONFLICT));
    }
    var _ = stage.start();
    CompletableFuture<ServerMessage> early = stage.say("c");
    stage.openAndWelcome(false);
    assertThat(early).isNotDone();
    assertThat(stage.last(ClientMessage.Say.class).clientMessageId()).isEqualTo("c");
  }

  @Test
  void whatIsAskedBeforeTheWelcomeIsSaidAfterIt() {
    Stage early = Stage.anonymous();
    CompletableFuture<ServerMessage> asked = early.say("a");
    var _ = early.start();
    early.dialogue.opened();
    assertThat(early.said).hasSize(1).first().isInstanceOf(Hello.class);
    early.hear(welcome(false));
    assertThat(early.last(ClientMessage.Say.class).clientMessageId()).isEqualTo("a");
    assertThat(asked).isNotDone();
  }

  @Test
  void whatHasNoAnswerAtALossIsSaidAgainInOrderAfterTheResume() {
    var _ = stage.say("a");
    var _ = stage.say("b");
    CompletableFuture<ServerMessage> answered = stage.say("c");
    stage.hear(said(2, "c", stage.ref()));
    List<ClientMessage> before = List.copyOf(stage.said).subList(0, 2);
    stage.reconnect();
    stage.openAndWelcome(true);
    assertThat(stage.said).isEqualTo(before);
    assertThat(answered).isCompleted();
  }

  @Test
  void aMessageThatTheStreamToldMeanwhileNeedsNoAnswer() {
    CompletableFuture<ServerMessage> asked = stage.say("a");
    stage.reconnect();
    stage.openAndWelcome(true);
    stage.hear(said(2, "a", null));
    assertThat(asked).isCompleted();
  }

  @Test
  void inAnotherSessionAMessageThatWasSaidIsNotRepeatedAndOtherThingsAre() {
    CompletableFuture<ServerMessage> said = stage.say("a");
    CompletableFuture<ServerMessage> watched = new CompletableFuture<>();
    stage.dialogue.unwatch(List.of("@ann"), watched);
    stage.reconnect();
    CompletableFuture<ServerMessage> unsaid = stage.say("b");
    stage.openAndWelcome(false);
    assertThat(said.exceptionNow())
        .asInstanceOf(type(PresenceException.class))
        .extracting(PresenceException::code)
        .isEqualTo(ErrorCode.RESUME_EXPIRED);
    assertThat(stage.said)
        .hasExactlyElementsOfTypes(ClientMessage.Unwatch.class, ClientMessage.Say.class);
    assertThat(List.of(watched, unsaid)).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void whatWasGivenUpIsNotRepeated() {
    stage.say("a").cancel(false);
    stage.reconnect();
    stage.openAndWelcome(true);
    assertThat(stage.said).isEmpty();
  }

  @Test
  void aMessageThatNoFrameHoldsIsRefusedHere() {
    CompletableFuture<ServerMessage> asked = new CompletableFuture<>();
    stage.dialogue.request(
        ref -> new ClientMessage.Say(LOBBY, "x".repeat(10_000), "c", ref), asked);
    assertThat(asked.exceptionNow())
        .asInstanceOf(type(PresenceException.class))
        .extracting(PresenceException::code)
        .isEqualTo(ErrorCode.TOO_LONG);
    assertThat(stage.said).isEmpty();
  }

  @Test
  void aMessageThatCannotBeMadeFailsItsRequestOnly() {
    CompletableFuture<ServerMessage> asked = new CompletableFuture<>();
    stage.dialogue.request(ref -> new ClientMessage.Leave("", ref), asked);
    assertThat(asked).isCompletedExceptionally();
    var _ = stage.say("b");
    assertThat(stage.said).hasSize(1);
  }

  @Test
  void requestsWithoutAnAnswerAreBounded() {
    for (int i = 0; i < Requests.OPEN_MAX; i++) {
      assertThat(stage.say("c" + i)).isNotDone();
    }
    assertThat(stage.say("more")).isCompletedExceptionally();
  }

  @Test
  void theNewestLocationIsInTheNextHello() {
    stage.dialogue.locate(Setting.to("garden"), null, new CompletableFuture<>());
    stage.dialogue.locate(null, false, new CompletableFuture<>());
    assertThat(stage.said)
        .containsExactly(
            new ClientMessage.Location(Setting.to("garden"), null, "1"),
            new ClientMessage.Location(null, false, "2"));
    stage.reconnect();
    stage.dialogue.opened();
    assertThat(stage.last(Hello.class).location()).isEqualTo(Setting.to("garden"));
    assertThat(stage.last(Hello.class).visible()).isFalse();
  }

  @Test
  void whatAHelloHasSaidOfTheLocationIsNotSaidAgain() {
    CompletableFuture<ServerMessage> away = new CompletableFuture<>();
    stage.dialogue.locate(null, false, away);
    CompletableFuture<ServerMessage> back = new CompletableFuture<>();
    stage.dialogue.locate(null, true, back);
    stage.reconnect();
    stage.dialogue.opened();
    CompletableFuture<ServerMessage> later = new CompletableFuture<>();
    stage.dialogue.locate(null, false, later);
    stage.said.clear();
    stage.hear(welcome(true));
    assertThat(stage.said).containsExactly(new ClientMessage.Location(null, false, "3"));
    assertThat(away).isCompletedWithValue(welcome(true));
    assertThat(back).isCompletedWithValue(welcome(true));
    assertThat(later).isNotDone();
  }

  @Test
  void whoIsWatchedIsWatchedAgainOnEverySocket() {
    CompletableFuture<ServerMessage> done = new CompletableFuture<>();
    stage.dialogue.watch(List.of("@ann", "@bob"), done);
    stage.hear(new ServerMessage.Ok(Objects.requireNonNull(stage.ref())));
    assertThat(done).isCompleted();
    stage.dialogue.unwatch(List.of("@bob"), new CompletableFuture<>());
    stage.hear(new ServerMessage.Ok(Objects.requireNonNull(stage.ref())));
    stage.reconnect();
    stage.openAndWelcome(true);
    assertThat(stage.said).containsExactly(new ClientMessage.Watch(List.of("@ann"), null));
  }

  @Test
  void fromItsAnswerOnAnAuthenticatedClientProvesItselfByTheToken() {
    CompletableFuture<ServerMessage> done = new CompletableFuture<>();
    stage.dialogue.authenticate(Proof.token("jwt"), done);
    stage.hear(new ServerMessage.Authenticated(member("@ann"), stage.ref()));
    assertThat(done).isCompleted();
    stage.reconnect();
    stage.dialogue.opened();
    assertThat(stage.last(Hello.class).token()).isEqualTo("jwt");
  }

  @Test
  void whoProvesItselfByTokensFetchesAnotherBeforeTheFirstEnds() {
    stage.dialogue.authenticate(Proof.token("jwt"), new CompletableFuture<>());
    stage.hear(new ServerMessage.Authenticated(member("@ann"), stage.ref()));

    stage.hear(new ServerMessage.Expiring(60_000, 30_000));
    assertThat(stage.last(ClientMessage.Authenticate.class).ref()).isEqualTo(stage.ref());
  }

  @Test
  void aRefusedTokenChangesNothing() {
    CompletableFuture<ServerMessage> done = new CompletableFuture<>();
    stage.dialogue.authenticate(Proof.token("jwt"), done);
    stage.hear(error(ErrorCode.BAD_TOKEN, stage.ref()));
    assertThat(done).isCompletedExceptionally();
    stage.reconnect();
    stage.dialogue.opened();
    assertThat(stage.last(Hello.class).token()).isNull();
  }
}
