package presence.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.Version;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.SinkShape;
import org.apache.pekko.stream.SourceShape;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.gateway.Wire;
import presence.gateway.ws.frame.Frames;
import presence.protocol.CloseCode;

/// The handshake, with the clients of others, and the ground it stands on.
@Timeout(30)
class WebSocketUpgradesTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Nested
  class Handshake {
    @Test
    void isTheExampleOfTheRfc() throws Exception {
      try (var client = new RawClient(server.port())) {
        server.serve();
        assertThat(client.head())
            .contains(
                "HTTP/1.1 101 Switching Protocols",
                "Upgrade: websocket",
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            .anyMatch(line -> line.equalsIgnoreCase("Connection: upgrade"))
            .noneMatch(line -> line.startsWith("Sec-WebSocket-Protocol"));
      }
    }

    @Test
    void echoesTheSubprotocolAmongOthers() throws Exception {
      String offer = "Sec-WebSocket-Protocol: chat, presence.v1, presence.v2";
      try (var client = new RawClient(server.port(), offer)) {
        server.serve();
        assertThat(client.head()).contains("Sec-WebSocket-Protocol: presence.v1");
      }
    }

    @Test
    void servesAClientThatOffersOnlyOthers() throws Exception {
      try (var client = new RawClient(server.port(), "Sec-WebSocket-Protocol: chat")) {
        server.serve();
        assertThat(client.head()).noneMatch(line -> line.startsWith("Sec-WebSocket-Protocol"));
      }
    }
  }

  /// Collects what the JDK's client is told.
  private static final class Listener implements WebSocket.Listener {
    final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    final CompletableFuture<String> closed = new CompletableFuture<>();
    private final StringBuilder parts = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      parts.append(part);
      if (last) {
        texts.add(parts.toString());
        parts.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code + " " + reason);
      return null;
    }
  }

  @Nested
  class WithTheClientOfTheJdk {
    private WebSocket connect(HttpClient http, Listener listener) throws Exception {
      return http.newWebSocketBuilder()
          .subprotocols("presence.v1")
          .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/ws"), listener)
          .get(10, TimeUnit.SECONDS);
    }

    @Test
    void textsGoBothWaysWholeAndInFragments() throws Exception {
      Listener listener = new Listener();
      try (HttpClient http = HttpClient.newHttpClient()) {
        WebSocket socket = connect(http, listener);
        assertThat(socket.getSubprotocol()).isEqualTo("presence.v1");
        Served served = server.serve();
        String large = "✓".repeat(20_000);
        socket.sendText("✓".repeat(15_000), false).get(10, TimeUnit.SECONDS);
        socket.sendText("✓".repeat(5_000), true).get(10, TimeUnit.SECONDS);
        assertThat(served.pullText()).isEqualTo(large);
        served.send(large);
        assertThat(listener.texts.poll(10, TimeUnit.SECONDS)).isEqualTo(large);
        socket.abort();
        served.expectGoneOnce();
      }
    }

    @Test
    void aCloseCodeOfTheProtocolArrives() throws Exception {
      Listener listener = new Listener();
      try (HttpClient http = HttpClient.newHttpClient()) {
        connect(http, listener);
        Served served = server.serve();
        served.wire().close(CloseCode.REPLACED, "a newer connection");
        assertThat(listener.closed.get(10, TimeUnit.SECONDS)).isEqualTo("4409 a newer connection");
        served.expectGoneOnce();
      }
    }

    @Test
    void itsOwnCloseIsAnswered() throws Exception {
      Listener listener = new Listener();
      try (HttpClient http = HttpClient.newHttpClient()) {
        WebSocket socket = connect(http, listener);
        Served served = server.serve();
        socket.sendClose(1000, "done").get(10, TimeUnit.SECONDS);
        served.expectGoneOnce();
        assertThat(listener.closed.get(10, TimeUnit.SECONDS)).isEqualTo("1000 ");
      }
    }
  }

  /// Where nothing is between HTTP and TCP.
  @Nested
  class WithoutTls {
    @Test
    void framesAreWrittenByWhoeverSendsThem() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        for (int i = 0; i < 1_000; i++) {
          served.send("frame " + i);
          assertThat(served.wire().isReady()).as("written by whoever sends it").isTrue();
        }
        for (int i = 0; i < 1_000; i++) {
          assertThat(client.receive().payload()).isEqualTo("frame " + i);
        }
      }
    }

    @Test
    void leavesNothingOfHttp() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        Awaitility.await().atMost(TestServer.PATIENCE).until(() -> server.streams() == 2);
        served.send("goes on");
        assertThat(client.receive().payload()).isEqualTo("goes on");
      }
    }
  }

  @Nested
  class ThePortsIdleTime {
    private static final Duration SHORT = Duration.ofSeconds(2);

    @Test
    void doesNotCutASocketWhoseClientAnswersPingsMoreOften() throws Exception {
      try (var impatient = TestServer.impatient(SHORT);
          var client = new RawClient(impatient.port())) {
        Served served = impatient.serve();
        for (int i = 0; i < 20; i++) {
          served.awaitReady();
          served.send("ping");
          assertThat(client.receive().payload()).isEqualTo("ping");
          client.send(Frames.pong(""));
          served.expect(Wire.Event.Heard.class);
          served.expectNothing();
        }
      }
    }

    @Test
    void endsASocketOnWhichNothingPasses() throws Exception {
      try (var impatient = TestServer.impatient(SHORT);
          var client = new RawClient(impatient.port())) {
        Served served = impatient.serve();
        served.expectGoneOnce();
        assertThat(client.drain()).isEqualTo(-1);
      }
    }
  }

  @Nested
  class TheGround {
    @Test
    void isTheVersionOfPekkoHttpThatThisWasProvenOn() {
      assertThat(Version.current())
          .as("WebSocketUpgrades relies on internals: prove it on this version, then name it here")
          .isEqualTo("1.3.0");
    }

    @Test
    void thatGaveWayIsNamed() {
      SocketPlan plan = new SocketPlan((wire, opened) -> {}, 1, TestServer.CLOSE_PATIENCE, false);
      assertThatIllegalStateException()
          .isThrownBy(() ->
              WebSocketUpgrades.respond(
                  HttpRequest.create(), new OtherUpgrade(), plan, WebSocketStage::new))
          .withMessageContaining("Pekko HTTP");
    }
  }

  /// Answers without the header that [WebSocketUpgrades] exchanges.
  private static final class OtherUpgrade implements WebSocketUpgrade {
    @Override
    public Iterable<String> getRequestedProtocols() {
      return List.of();
    }

    @Override
    public HttpResponse handleMessagesWith(Graph<FlowShape<Message, Message>, ?> flow) {
      return HttpResponse.create();
    }

    @Override
    public HttpResponse handleMessagesWith(
        Graph<FlowShape<Message, Message>, ?> flow, String subprotocol) {
      return HttpResponse.create();
    }

    @Override
    public HttpResponse handleMessagesWith(
        Graph<SinkShape<Message>, ?> in, Graph<SourceShape<Message>, ?> out) {
      return HttpResponse.create();
    }

    @Override
    public HttpResponse handleMessagesWith(
        Graph<SinkShape<Message>, ?> in, Graph<SourceShape<Message>, ?> out, String subprotocol) {
      return HttpResponse.create();
    }
  }
}
