package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.gateway.Encoded;
import presence.gateway.Relay;
import presence.gateway.Relays;
import presence.protocol.ErrorCode;
import presence.protocol.Position;

@Timeout(60)
class SpectatorTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final int BACKLOG = 3;
  private static final HttpLimits LIMITS =
      new HttpLimits(
          Duration.ofSeconds(1),
          1,
          1,
          1,
          1,
          BACKLOG,
          Duration.ofMinutes(1),
          Duration.ofSeconds(1),
          true);

  private final TestProbe<Relays.Command> relays = KIT.createTestProbe();
  private final TestProbe<Spectators.Answer> asker = KIT.createTestProbe();
  private ActorRef<Spectator.Command> spectator;
  private ActorRef<Relay.Delivery> ear;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void follow() {
    spectator =
        KIT.spawn(
            Spectator.create(
                new Spectators.Open("chat", null, new Position(1, 2), asker.ref()),
                relays.ref(),
                LIMITS));
    Relays.To to = relays.expectMessageClass(Relays.To.class);
    Relay.Follow follow = (Relay.Follow) to.command();
    assertThat(follow.session()).isNull();
    assertThat(follow.since()).isEqualTo(new Position(1, 2));
    ear = follow.follower();
  }

  @Test
  void toEndWhatTheReaderHasEndedIsNothing() {
    BoundedSourceQueue<ByteString> events =
        Source.<ByteString>queue(1).preMaterialize(KIT.system()).first();
    events.complete();

    assertThatCode(() -> ServerSentEvents.end(events)).doesNotThrowAnyException();
  }

  @Test
  void aReaderIsGivenEveryEventAndThenTheEndWhenTheNodeDrains() {
    deliver(1);
    Source<ByteString, ?> events = asker.expectMessageClass(Spectators.Opened.class).events();
    deliver(2);

    spectator.tell(new Spectator.Leave(Duration.ofMillis(700)));

    assertThat(read(events))
        .isEqualTo(
            """
            event: chat:message
            id: 7:1
            data: {"seq":1}

            event: chat:message
            id: 7:2
            data: {"seq":2}

            retry: 700

            """);
    relays.expectTerminated(spectator);
  }

  @Test
  void aReaderThatFallsBehindIsLetGoWithWhatItIsOwed() {
    int more = BACKLOG + 100; // than the stream itself takes in
    for (int seq = 1; seq <= more; seq++) {
      deliver(seq);
    }

    relays.expectTerminated(spectator);
    String read = read(asker.expectMessageClass(Spectators.Opened.class).events());
    assertThat(read).contains("id: 7:1\n", "id: 7:" + BACKLOG + "\n");
    assertThat(read).doesNotContain("id: 7:" + more + "\n");
  }

  @Test
  void aReaderWhoIsGoneIsForgotten() {
    deliver(1);
    asker
        .expectMessageClass(Spectators.Opened.class)
        .events()
        .runWith(Sink.cancelled(), KIT.system());

    relays.expectTerminated(spectator);
  }

  @Test
  void whatCannotBeFollowedIsSaidOnce() {
    ear.tell(new Relay.Refused("chat", ErrorCode.NOT_FOUND, "nobody", null));

    assertThat(asker.expectMessageClass(Spectators.Refused.class).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
    relays.expectTerminated(spectator);
  }

  private void deliver(int seq) {
    Encoded event =
        new Encoded(
            "chat:message", new Position(7, seq), ByteString.fromString("{\"seq\":" + seq + "}"));
    ear.tell(new Relay.Stream("chat", List.of(event), false));
  }

  private static String read(Source<ByteString, ?> events) {
    return events
        .runFold(ByteString.emptyByteString(), ByteString::concat, KIT.system())
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join()
        .utf8String();
  }
}
