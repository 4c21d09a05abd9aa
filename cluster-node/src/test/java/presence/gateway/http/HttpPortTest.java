package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// On a real port, with clients that do as they please.
class HttpPortTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration IDLE_MAX = Duration.ofSeconds(2);
  private static final Duration NEVER = TestPort.NEVER;
  private static final int LARGE = 16 * 1024 * 1024;

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "port",
          ConfigFactory.parseString(
                  """
                  pekko.fail-mixed-versions = off
                  pekko.loglevel = WARNING
                  pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
                  """)
              .withFallback(ConfigFactory.load()));

  private final BlockingQueue<CompletableFuture<HttpResponse>> asked = new LinkedBlockingQueue<>();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private @Nullable HttpPort port;

  @AfterEach
  void close() throws Exception {
    if (port != null) {
      port.unbind().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      port.end(Duration.ZERO).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private HttpPort open(Duration idleMax) throws Exception {
    HttpPort opened = TestPort.open(KIT.system(), idleMax, this::handle);
    port = opened;
    return opened;
  }

  private CompletionStage<HttpResponse> handle(HttpRequest request) {
    return switch (request.getUri().path()) {
      case "/where" ->
          answered(request.getAttribute(AttributeKeys.remoteAddress).orElseThrow().toString());
      case "/large" ->
          CompletableFuture.completedFuture(
              HttpResponse.create().withEntity(ByteString.fromArray(new byte[LARGE])));
      case "/later" -> {
        CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
        asked.add(answer);
        yield answer;
      }
      default -> answered("here");
    };
  }

  private static CompletionStage<HttpResponse> answered(String text) {
    return CompletableFuture.completedFuture(HttpResponse.create().withEntity(text));
  }

  /// A client that writes requests and reads what comes.
  private static final class Client implements AutoCloseable {
    private final Socket socket = new Socket();

    Client(HttpPort port) throws IOException {
      socket.setReceiveBufferSize(4_096);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number()));
    }

    void ask(String path) throws IOException {
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: a\r\n\r\n"
                  .formatted(path)
                  .getBytes(StandardCharsets.US_ASCII));
    }

    /// Reads until this has come.
    void awaits(String text) throws IOException {
      StringBuilder read = new StringBuilder();
      while (read.indexOf(text) < 0) {
        int next = socket.getInputStream().read();
        if (next < 0) {
          throw new EOFException("after " + read);
        }
        read.append((char) next);
      }
    }

    /// Reads until nothing more comes.
    ///
    /// @return how many bytes came
    long awaitsEnd() {
      long read = 0;
      byte[] some = new byte[65_536];
      try (InputStream in = socket.getInputStream()) {
        for (int count = in.read(some); count >= 0; count = in.read(some)) {
          read += count;
        }
      } catch (SocketTimeoutException e) {
        throw new AssertionError("the connection stands", e);
      } catch (IOException e) {
        // reset
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void aConnectionOnWhichNothingPassesIsEnded() throws Exception {
    try (Client client = new Client(open(IDLE_MAX))) {
      assertThat(client.awaitsEnd()).isZero();
    }
  }

  @Test
  void aConnectionThatIsUsedMoreOftenStays() throws Exception {
    try (Client client = new Client(open(IDLE_MAX))) {
      long end = System.nanoTime() + IDLE_MAX.multipliedBy(2).toNanos();
      while (System.nanoTime() < end) {
        client.ask("/");
        client.awaits("here");
        TimeUnit.MILLISECONDS.sleep(50); // what is tested is time itself
      }
    }
  }

  @Test
  void aClientThatDoesNotReadIsCut() throws Exception {
    try (Client client = new Client(open(IDLE_MAX))) {
      client.ask("/large");
      port().end(NEVER).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(client.awaitsEnd()).isLessThan(LARGE);
    }
  }

  private HttpPort port() {
    return Objects.requireNonNull(port);
  }

  @Test
  void aRequestIsToldWhereItComesFrom() throws Exception {
    try (Client client = new Client(open(NEVER))) {
      client.ask("/where");
      client.awaits("127.0.0.1");
    }
  }

  @Test
  void whenThePortEndsWhoAsksNothingIsGoneAtOnce() throws Exception {
    try (Client client = new Client(open(NEVER))) {
      client.ask("/");
      client.awaits("here");
      port().end(NEVER).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(client.awaitsEnd()).isZero();
    }
  }

  @Test
  void whenThePortEndsWhatWasAskedIsAnswered() throws Exception {
    try (Client client = new Client(open(NEVER))) {
      client.ask("/later");
      CompletableFuture<HttpResponse> answer = asked.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      CompletableFuture<Done> ended = port().end(NEVER).toCompletableFuture();
      assertThat(ended).isNotDone();
      assertThat(answer).isNotNull();
      answer.complete(HttpResponse.create().withEntity("at last"));
      client.awaits("at last");
      ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(client.awaitsEnd()).isZero();
    }
  }

  @Test
  void whatIsNotAnsweredInTimeIsCut() throws Exception {
    try (Client client = new Client(open(NEVER))) {
      client.ask("/later");
      assertThat(asked.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
      port().end(Duration.ofMillis(1)).toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(client.awaitsEnd()).isZero();
    }
  }

  @Test
  void whoConnectsWhenItIsClosedIsRefused() throws Exception {
    HttpPort opened = open(NEVER);
    opened.unbind().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThatThrownBy(() -> new Client(opened)).isInstanceOf(IOException.class);
  }
}
