package presence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static presence.client.Messages.delivered;
import static presence.client.Messages.direct;
import static presence.client.Messages.member;
import static presence.client.Messages.said;
import static presence.client.Messages.welcome;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.Member;
import presence.protocol.ServerMessage;

/// Direct messages: what is sent is sent as one message, what arrives is handed over once.
class DialogueDirectTest {
  private static final Member ANN = member("@ann");

  private final Stage stage = Stage.live();

  @Nested
  class Sent {
    @Test
    void isAnsweredByItsAcceptance() {
      CompletableFuture<ServerMessage> sent = stage.send("d");
      ServerMessage accepted = new ServerMessage.Accepted("d", "id", stage.ref());
      stage.hear(accepted);
      assertThat(sent).isCompletedWithValue(accepted);
    }

    @Test
    void isKnownByItsOwnIdWhereTheRefIsMissing() {
      CompletableFuture<ServerMessage> other = stage.send("other");
      CompletableFuture<ServerMessage> sent = stage.send("d");
      stage.hear(new ServerMessage.Accepted("d", "id", null));
      assertThat(sent).isDone();
      assertThat(other).isNotDone();
    }

    @Test
    void isNoChatMessageThoughBothHaveOneId() {
      CompletableFuture<ServerMessage> said = stage.say("d");
      CompletableFuture<ServerMessage> sent = stage.send("d");
      stage.hear(new ServerMessage.Accepted("d", "id", null));
      assertThat(sent).isDone();
      assertThat(said).isNotDone();
      var _ = stage.send("d");
      stage.hear(said(2, "d", null));
      assertThat(said).isDone();
    }

    @Test
    void isRefusedByACode() {
      CompletableFuture<ServerMessage> sent = stage.send("d");
      stage.hear(
          new ServerMessage.Error(
              ErrorCode.UNKNOWN_RECIPIENT, "nobody", stage.ref(), false, null, null, "d"));
      assertThat(codeOf(sent)).isEqualTo(ErrorCode.UNKNOWN_RECIPIENT);
    }

    @Test
    void isRepeatedInOrderWithItsIdAfterAResume() {
      var _ = stage.send("a");
      var _ = stage.send("b");
      List<ClientMessage> before = List.copyOf(stage.said);
      stage.reconnect();
      stage.openAndWelcome(true);
      assertThat(stage.said).isEqualTo(before);
    }

    @Test
    void isRepeatedInAnotherSessionOfTheSamePerson() {
      Stage asAnn = Stage.anonymous();
      var _ = asAnn.start();
      asAnn.dialogue.opened();
      asAnn.hear(welcome(ANN, false));
      CompletableFuture<ServerMessage> sent = asAnn.send("d");
      asAnn.reconnect();
      asAnn.dialogue.opened();
      asAnn.said.clear();
      asAnn.hear(welcome(ANN, false));
      assertThat(asAnn.last(ClientMessage.Send.class).clientMessageId()).isEqualTo("d");
      assertThat(sent).isNotDone();
    }

    @Test
    void isNotRepeatedByAnotherSenderWhoMightSendItTwice() {
      CompletableFuture<ServerMessage> sent = stage.send("d");
      stage.reconnect();
      CompletableFuture<ServerMessage> unsaid = stage.send("e");
      stage.openAndWelcome(false);
      assertThat(codeOf(sent)).isEqualTo(ErrorCode.RESUME_EXPIRED);
      assertThat(stage.said).hasSize(1);
      assertThat(stage.last(ClientMessage.Send.class).clientMessageId()).isEqualTo("e");
      assertThat(unsaid).isNotDone();
    }

    private static ErrorCode codeOf(CompletableFuture<ServerMessage> sent) {
      return assertThat(sent.exceptionNow())
          .asInstanceOf(type(PresenceException.class))
          .actual()
          .code();
    }
  }

  @Nested
  class Arrived {
    @Test
    void isHandedOverAndThenAcknowledged() {
      stage.hear(direct("m", false));
      assertThat(stage.events).containsExactly("opened", "direct m");
      stage.advance(0);
      assertThat(stage.said).containsExactly(acknowledgement("m"));
    }

    @Test
    void isHandedOverOnceHoweverOftenItIsPushedAndAcknowledgedEachTime() {
      stage.hear(direct("m", false));
      stage.advance(0);
      stage.reconnect();
      stage.openAndWelcome(true);
      stage.hear(direct("m", true), direct("n", true));
      stage.advance(0);
      assertThat(stage.events).filteredOn("direct m"::equals).hasSize(1);
      assertThat(stage.events).contains("direct n");
      assertThat(stage.said).containsExactly(acknowledgement("m", "n"));
    }

    @Test
    void isAcknowledgedOnTheSocketThatBroughtItOrNotAtAll() {
      stage.hear(direct("m", false));
      stage.dialogue.closed(1006, "lost");
      stage.advance(0);
      assertThat(stage.said).isEmpty();
    }

    @Test
    void anOutcomeIsHandedOverOnceAndAcknowledgedToo() {
      stage.hear(delivered("m"), delivered("m"));
      stage.advance(0);
      assertThat(stage.events).containsExactly("opened", "delivered m");
      assertThat(stage.said).containsExactly(acknowledgement("m", "m"));
    }

    @Test
    void aMessageToOneselfAndItsOutcomeHaveOneIdAndAreTwoThings() {
      stage.hear(direct("m", false), delivered("m"));
      assertThat(stage.events).containsExactly("opened", "direct m", "delivered m");
    }

    @Test
    void whatArrivesInMassesIsAcknowledgedInMessagesThatTheServerTakes() {
      int many = 2 * Arrivals.ACKNOWLEDGED_MAX + 1;
      IntStream.range(0, many).forEach(i -> stage.hear(direct("m" + i, false)));
      stage.advance(0);
      List<String> ids = new ArrayList<>();
      for (ClientMessage message : stage.said) {
        assertThat(message).isInstanceOf(ClientMessage.Acknowledge.class);
        ids.addAll(((ClientMessage.Acknowledge) message).ids());
      }
      assertThat(ids).hasSize(many).doesNotHaveDuplicates();
      assertThat(stage.said).hasSize(3);
    }

    @Test
    void whatIsLongGoneIsForgotten() {
      int many = Arrivals.REMEMBERED_MAX + 1;
      IntStream.range(0, many).forEach(i -> stage.hear(direct("m" + i, false)));
      stage.hear(direct("m" + (many - 1), true), direct("m0", true));
      assertThat(stage.events).hasSize(1 + many + 1).last().isEqualTo("direct m0");
    }

    @Test
    void aClientThatIsToldNotToDoesNotAcknowledge() {
      stage.dialogue.acknowledges(false);
      stage.hear(direct("m", false));
      stage.advance(0);
      assertThat(stage.said).isEmpty();
      stage.dialogue.acknowledges(true);
      stage.hear(direct("m", true));
      stage.advance(0);
      assertThat(stage.said).containsExactly(acknowledgement("m"));
      assertThat(stage.events).containsExactly("opened", "direct m");
    }

    private static ClientMessage acknowledgement(String... ids) {
      return new ClientMessage.Acknowledge(List.of(ids), null);
    }
  }
}
