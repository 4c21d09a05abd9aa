package presence.gateway.ws;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.snapshot.MaterializerState;
import org.apache.pekko.util.ByteString;
import presence.gateway.Payload;
import presence.gateway.Wire;
import presence.gateway.http.HttpPort;
import presence.gateway.http.TestPort;
import scala.jdk.javaapi.FutureConverters;

/// A real HTTP server on any port whose sockets' connections are the tests themselves.
final class TestServer implements AutoCloseable {
  static final int MESSAGE_BYTES_MAX = 64 * 1024;
  static final Duration PATIENCE = Duration.ofSeconds(10);
  static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

  /// What an echo says of a binary message.
  static final String BINARY = "binary";

  private static final String QUIET =
      """
      pekko.fail-mixed-versions = off
      pekko.loglevel = WARNING
      pekko.log-dead-letters = 10
      pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
      """;

  private final ActorTestKit kit;
  private final HttpPort http;
  private final BlockingQueue<Opening> openings = new LinkedBlockingQueue<>();

  /// What carries the sockets.
  enum Way {
    /// The TCP connection itself: HTTP's streams have ended.
    LINK,
    /// The stream of the HTTP connection, as with TLS.
    STREAM
  }

  /// A socket that asks for its connection.
  record Opening(Wire wire, Consumer<ActorRef<Wire.Event>> opened) {}

  TestServer() throws Exception {
    this(Way.LINK, "");
  }

  TestServer(Way way, String settings) throws Exception {
    this(way, settings, CLOSE_PATIENCE);
  }

  /// @param closePatience how long its clients have to answer a close frame
  TestServer(Way way, String settings, Duration closePatience) throws Exception {
    this(way, settings, closePatience, TestPort.NEVER);
  }

  /// @param idleMax how long a connection may be silent
  static TestServer impatient(Duration idleMax) throws Exception {
    return new TestServer(Way.LINK, "", CLOSE_PATIENCE, idleMax);
  }

  private TestServer(Way way, String settings, Duration closePatience, Duration idleMax)
      throws Exception {
    Config config =
        ConfigFactory.parseString(settings)
            .withFallback(ConfigFactory.parseString(QUIET))
            .withFallback(ConfigFactory.load())
            .resolve();
    kit = ActorTestKit.create("wire", config);
    SocketPlan plan = new SocketPlan(this::open, MESSAGE_BYTES_MAX, closePatience, true);
    http =
        TestPort.open(
            kit.system(),
            idleMax,
            request -> CompletableFuture.completedFuture(answer(way, request, plan)));
  }

  private static HttpResponse answer(Way way, HttpRequest request, SocketPlan plan) {
    return request
        .getAttribute(AttributeKeys.webSocketUpgrade)
        .map(upgrade ->
            switch (way) {
              case LINK -> TestPort.respond(request, upgrade, plan);
              case STREAM -> WebSocketUpgrades.respond(request, upgrade, plan, WebSocketStage::new);
            })
        .orElseGet(() -> HttpResponse.create().withStatus(StatusCodes.UPGRADE_REQUIRED));
  }

  private void open(Wire wire, Consumer<ActorRef<Wire.Event>> opened) {
    openings.add(new Opening(wire, opened));
  }

  int port() {
    return http.number();
  }

  ActorTestKit kit() {
    return kit;
  }

  /// The next socket that opened.
  Opening opening() throws InterruptedException {
    Opening opening = openings.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (opening == null) {
      throw new AssertionError("no socket opened");
    }
    return opening;
  }

  /// The next socket that opened, with a connection that is ready.
  Served serve() throws InterruptedException {
    Opening opening = opening();
    TestProbe<Wire.Event> probe = kit.createTestProbe();
    opening.opened().accept(probe.getRef());
    probe.expectMessage(PATIENCE, new Wire.Event.Ready());
    return new Served(opening.wire(), probe);
  }

  /// Gives the next socket that opened a connection that says back what it is told.
  void serveEcho() throws InterruptedException {
    Opening opening = opening();
    opening.opened().accept(kit.spawn(echo(opening.wire())));
  }

  private static Behavior<Wire.Event> echo(Wire wire) {
    return Behaviors.receiveMessage(event -> {
      switch (event) {
        case Wire.Event.Ready() -> wire.pull();
        case Wire.Event.Text(String text) -> say(wire, text);
        case Wire.Event.Binary() -> say(wire, BINARY);
        case Wire.Event.Heard() -> {}
        case Wire.Event.Gone() -> {
          return Behaviors.stopped();
        }
      }
      return Behaviors.same();
    });
  }

  /// Takes the next message when there is room for its answer.
  private static void say(Wire wire, String text) {
    Served.send(wire, new Payload(ByteString.fromString(text), "lobby"));
    if (wire.isReady()) {
      wire.pull();
    }
  }

  /// How many streams run: one is the port's.
  int streams() throws Exception {
    return FutureConverters.asJava(MaterializerState.streamSnapshots(kit.system().classicSystem()))
        .toCompletableFuture()
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .size();
  }

  @Override
  public void close() {
    http.unbind().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    kit.shutdownTestKit();
  }
}
