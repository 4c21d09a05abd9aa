package presence.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static presence.client.Messages.LOBBY;
import static presence.client.Messages.delivered;
import static presence.client.Messages.direct;
import static presence.client.Messages.error;
import static presence.client.Messages.joined;
import static presence.client.Messages.presence;
import static presence.client.Messages.said;
import static presence.client.Messages.welcome;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.client.TinyServer.Connection;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.Hello;
import presence.protocol.ClientMessage.Join;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// The client on real sockets, with a server that does what the test says.
@Timeout(60)
class PresenceClientTest {
  private static final BackOff SOON = new BackOff(Duration.ZERO, Duration.ofMillis(50));

  private final TinyServer server = new TinyServer();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<ServerMessage> heard = new LinkedBlockingQueue<>();
  private final PresenceClient client =
      new PresenceClient(ClientOptions.of(server.uri()).withBackOff(SOON), new Recorder());

  PresenceClientTest() throws IOException {}

  private final class Recorder implements PresenceListener {
    @Override
    public void received(ServerMessage message) {
      heard.add(message);
    }

    @Override
    public void unreadable(InvalidMessage why) {
      events.add("unreadable");
    }

    @Override
    public void opened(ServerMessage.Welcome welcome) {
      events.add("opened");
    }

    @Override
    public void resumed(ServerMessage.Welcome welcome) {
      events.add("resumed");
    }

    @Override
    public void direct(ServerMessage.Direct message) {
      events.add("direct " + message.id());
    }

    @Override
    public void outcome(ServerMessage.Outcome outcome) {
      events.add(outcome.outcome().word() + " " + outcome.id());
    }

    @Override
    public void closed(int code, String reason) {
      events.add("closed " + code + " " + reason);
    }

    @Override
    public void ended(PresenceException why) {
      events.add("ended " + why.code().word());
    }
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  private Connection live() throws Exception {
    CompletableFuture<ServerMessage.Welcome> connected = client.connect();
    Connection connection = server.next();
    connection.message(Hello.class);
    connection.say(welcome(false));
    assertThat(connected.get(10, SECONDS).resumed()).isFalse();
    assertEvent("opened");
    return connection;
  }

  private View join(Connection connection) throws Exception {
    CompletableFuture<View> joined = client.join(LOBBY);
    String ref = connection.message(Join.class).ref();
    connection.say(presence(1, ref, "@ann"));
    return joined.get(10, SECONDS);
  }

  private void assertEvent(String prefix) throws InterruptedException {
    assertThat(events.poll(10, SECONDS)).startsWith(prefix);
  }

  @Test
  void theSubprotocolIsOffered() throws Exception {
    assertThat(live().request).contains("Sec-WebSocket-Protocol: presence.v1");
  }

  @Test
  void aJoinGivesAViewThatFollowsTheStream() throws Exception {
    Connection connection = live();
    assertThat(join(connection).online()).containsOnlyKeys("@ann");
    connection.say(joined(1, 2, null, "@bob"), new ServerMessage.Ping());
    connection.message(ClientMessage.Pong.class);
    assertThat(client.view(LOBBY).orElseThrow().online()).containsOnlyKeys("@ann", "@bob");
  }

  @Test
  void aTextInManyFramesIsOneMessage() throws Exception {
    Connection connection = live();
    join(connection);
    connection.crumbs(TinyServer.CODEC.encode(joined(1, 2, null, "@日本")));
    connection.say(new ServerMessage.Ping());
    connection.message(ClientMessage.Pong.class);
    assertThat(client.view(LOBBY).orElseThrow().online()).containsOnlyKeys("@ann", "@日本");
  }

  @Test
  void whatIsAskedAtOnceLeavesInFewFramesAndInOrder() throws Exception {
    Connection connection = live();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      ids.add("c" + i);
      var _ = client.say(LOBBY, "hello " + i, "c" + i);
    }
    List<String> arrived = new ArrayList<>();
    int frames = 0;
    for (; arrived.size() < ids.size(); frames++) {
      connection.messages().forEach(m -> arrived.add(((ClientMessage.Say) m).clientMessageId()));
    }
    assertThat(arrived).isEqualTo(ids);
    assertThat(frames).isLessThan(300);
  }

  @Test
  void aRefusalFailsItsRequestOnly() throws Exception {
    Connection connection = live();
    CompletableFuture<ServerMessage.Said> refused = client.say(LOBBY, "a");
    connection.say(error(ErrorCode.MUTED, connection.message(ClientMessage.Say.class).ref()));
    assertThatThrownBy(() -> refused.get(10, SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            PresenceException.class, why -> assertThat(why.code()).isEqualTo(ErrorCode.MUTED));
    CompletableFuture<ServerMessage.Said> taken = client.say(LOBBY, "b");
    connection.say(said(2, null, connection.message(ClientMessage.Say.class).ref()));
    assertThat(taken.get(10, SECONDS).seq()).isEqualTo(2);
  }

  @Test
  void aDroppedSocketIsSeenByTheServerAndTheSessionGoesOn() throws Exception {
    Connection first = live();
    join(first);
    CompletableFuture<ServerMessage.Said> asked = client.say(LOBBY, "a", "c1");
    first.message(ClientMessage.Say.class);
    client.dropSocket();
    first.awaitEnd();
    assertEvent("closed 1006");

    Connection second = server.next();
    ClientMessage.Resume resume = Objects.requireNonNull(second.message(Hello.class).resume());
    assertThat(resume.token()).isEqualTo("token-false");
    assertThat(resume.instances())
        .containsExactly(new ClientMessage.Since(LOBBY, Messages.EPOCH, 1, null));
    second.say(welcome(true, LOBBY), joined(1, 2, null, "@bob"));
    assertEvent("opened");
    assertEvent("resumed");
    String ref = second.message(ClientMessage.Say.class).ref();
    second.say(said(3, "c1", ref));
    assertThat(asked.get(10, SECONDS).id()).isEqualTo("m3");
    assertThat(client.view(LOBBY).orElseThrow().at().seq()).isEqualTo(3);
  }

  /// The JDK's WebSocket says nothing of it while no frame is asked for.
  @RepeatedTest(100)
  void aServerThatCutsTheLineIsComeBackTo() throws Exception {
    Connection connection = live();
    connection.say(new ServerMessage.Ping());
    connection.cut();
    assertEvent("closed 1006");
    assertThat(server.next().message(Hello.class).resume()).isNotNull();
  }

  @Test
  void aCloseCodeDecides() throws Exception {
    Connection first = live();
    first.close(1012, "draining");
    assertEvent("closed 1012 draining");
    Connection second = server.next();
    second.message(Hello.class);
    second.close(4410, "kicked");
    assertEvent("closed 4410 kicked");
    assertEvent("ended forbidden");
  }

  @Test
  void aServerThatIsNotThereYetIsWaitedFor() throws Exception {
    TinyServer gone = new TinyServer();
    gone.close();
    try (PresenceClient waiting =
        new PresenceClient(
            ClientOptions.of(gone.uri()).withBackOff(SOON), new PresenceListener() {})) {
      CompletableFuture<ServerMessage.Welcome> connected = waiting.connect();
      CompletableFuture<Void> ended = waiting.bye();
      ended.get(10, SECONDS);
      assertThat(connected).isCompletedExceptionally();
    }
  }

  @Test
  void byeIsSaidAndTheServerCloses() throws Exception {
    Connection connection = live();
    CompletableFuture<Void> ended = client.bye();
    connection.message(ClientMessage.Bye.class);
    connection.close(1000, "bye");
    ended.get(10, SECONDS);
    assertEvent("closed 1000");
  }

  @Test
  void aMutedClientAnswersNoPing() throws Exception {
    Connection connection = live();
    client.mute();
    connection.say(new ServerMessage.Ping(), new ServerMessage.Ping());
    client.say(LOBBY, "after").cancel(false);
    connection.message(ClientMessage.Say.class);
  }

  @Test
  void aClientThatStopsReadingHoldsTheServerUpUntilItReadsAgain() throws Exception {
    Connection connection = live();
    client.stopReading();
    client.sendFrame("{\"type\":\"pong\"}");
    connection.message(ClientMessage.Pong.class); // by now it does not read
    String big = "{\"type\":\"ping\",\"x\":\"" + "x".repeat(1 << 20) + "\"}";
    int frames = 64;
    CompletableFuture<Void> written =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 0; i < frames; i++) {
                  connection.frame(big);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            Thread::startVirtualThread);
    assertThatThrownBy(() -> written.get(1, SECONDS))
        .as("the buffers of the network fill up")
        .isInstanceOf(TimeoutException.class);
    assertThat(heard).hasSizeLessThan(10);
    client.resumeReading();
    written.get(30, SECONDS);
    for (int pongs = 0; pongs < frames; ) {
      pongs += connection.messages().size();
    }
  }

  @Test
  void aFrameThatIsNoneIsSkipped() throws Exception {
    Connection connection = live();
    connection.frame("{\"type\":");
    assertEvent("unreadable");
    connection.say(new ServerMessage.Ping());
    connection.message(ClientMessage.Pong.class);
  }

  @Test
  void anyFrameCanBeSentForTheServerToRefuse() throws Exception {
    Connection connection = live();
    client.sendFrame("[[[");
    assertThat(connection.frame()).isEqualTo("[[[");
  }

  @Test
  void argumentsThatNoMessageCarriesAreRefusedAtOnce() {
    assertThatThrownBy(() -> client.join("")).isInstanceOf(InvalidMessage.class);
    assertThatThrownBy(() -> client.say(LOBBY, " ")).isInstanceOf(InvalidMessage.class);
    assertThatThrownBy(() -> client.location("\n")).isInstanceOf(InvalidMessage.class);
    assertThatThrownBy(() -> client.watch(List.of(""))).isInstanceOf(InvalidMessage.class);
    assertThatThrownBy(() -> ClientOptions.of(server.uri()).withDevice("\0"))
        .isInstanceOf(InvalidMessage.class);
    assertThatThrownBy(() -> ClientOptions.of(URI.create("http://127.0.0.1/ws")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// The kernel takes connections for a process that is frozen.
  @Test
  void aServerThatAcceptsAndNeverAnswersIsGivenUpForTheNext() throws Exception {
    HttpClient impatient = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    ClientRuntime runtime = ClientRuntime.shared().with(impatient);
    try (ServerSocket frozen = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Iterator<URI> nodes =
          List.of(URI.create("ws://127.0.0.1:" + frozen.getLocalPort() + "/ws"), server.uri())
              .iterator();
      ClientOptions options =
          ClientOptions.of(server.uri()).withSocket(nodes::next).withBackOff(SOON);
      try (PresenceClient other = new PresenceClient(options, new Recorder(), runtime)) {
        CompletableFuture<ServerMessage.Welcome> connected = other.connect();
        Connection connection = server.next();
        connection.message(Hello.class);
        connection.say(welcome(false));
        assertThat(connected.get(10, SECONDS).resumed()).isFalse();
      }
    }
  }

  @Test
  void anAddressThatCannotBeHadIsAskedForAgain() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    ClientOptions options =
        ClientOptions.of(server.uri())
            .withBackOff(SOON)
            .withSocket(() -> {
              if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("no such name, on purpose");
              }
              return server.uri();
            });
    try (PresenceClient other = new PresenceClient(options, new Recorder())) {
      CompletableFuture<ServerMessage.Welcome> connected = other.connect();
      Connection connection = server.next();
      connection.message(Hello.class);
      connection.say(welcome(false));
      assertThat(connected.get(10, SECONDS).resumed()).isFalse();
    }
  }

  @Test
  void aListenerThatThrowsDoesNotStopItsClient() throws Exception {
    PresenceListener rude =
        new PresenceListener() {
          @Override
          public void received(ServerMessage message) {
            throw new IllegalStateException("on purpose");
          }
        };
    try (PresenceClient other = new PresenceClient(ClientOptions.of(server.uri()), rude)) {
      CompletableFuture<ServerMessage.Welcome> connected = other.connect();
      Connection connection = server.next();
      connection.message(Hello.class);
      connection.say(welcome(false), new ServerMessage.Ping());
      connected.get(10, SECONDS);
      connection.message(ClientMessage.Pong.class);
    }
  }

  @Test
  void aDirectMessageIsSentAnsweredHandedOverAndAcknowledged() throws Exception {
    Connection connection = live();
    CompletableFuture<ServerMessage.Accepted> sent = client.sendTo("@bob", "psst", "d");
    ClientMessage.Send asked = connection.message(ClientMessage.Send.class);
    assertThat(asked).isEqualTo(new ClientMessage.Send("@bob", "psst", "d", asked.ref()));
    connection.say(new ServerMessage.Accepted("d", "id", asked.ref()), direct("m", false));
    assertThat(sent.get(20, SECONDS).id()).isEqualTo("id");
    assertThat(connection.message(ClientMessage.Acknowledge.class))
        .isEqualTo(new ClientMessage.Acknowledge(List.of("m"), null));
    connection.say(delivered("id"));
    assertThat(connection.message(ClientMessage.Acknowledge.class))
        .isEqualTo(new ClientMessage.Acknowledge(List.of("id"), null));
    assertThat(events).contains("direct m", "delivered id");
  }

  @Test
  void aDirectMessageThatNoMessageCanCarryIsRefusedAtOnce() {
    assertThatThrownBy(() -> client.sendTo("", "psst")).isInstanceOf(InvalidMessage.class);
    assertThatThrownBy(() -> client.sendTo("@bob", " ")).isInstanceOf(InvalidMessage.class);
  }
}
