package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server whose only answer is a stream that says one thing and then nothing any more.
@Timeout(60)
class HangupTest {
  private final ActorTestKit kit =
      ActorTestKit.create(
          "hangup",
          ConfigFactory.parseString("pekko.fail-mixed-versions = off")
              .withFallback(ConfigFactory.load()));
  private final CompletableFuture<Done> ended = new CompletableFuture<>();
  private final ServerBinding server =
      Http.get(kit.system())
          .newServerAt("127.0.0.1", 0)
          .bindFlow(Hangup.heardBy(this::answer))
          .toCompletableFuture()
          .join();

  private CompletionStage<HttpResponse> answer(HttpRequest request) {
    Source<ByteString, ?> events =
        Source.single(ServerSentEvents.COMMENT)
            .concat(Source.<ByteString>never())
            .watchTermination((begun, end) -> {
              end.whenComplete((_, _) -> ended.complete(Done.getInstance()));
              return begun;
            });
    return CompletableFuture.completedFuture(ServerSentEvents.answer(request, events));
  }

  @AfterEach
  void stop() {
    server.unbind().toCompletableFuture().join();
    kit.shutdownTestKit();
  }

  @Test
  void aStreamThatIsQuietEndsWhenItsReaderCloses() throws Exception {
    try (Socket reader =
        new Socket(InetAddress.getLoopbackAddress(), server.localAddress().getPort())) {
      reads(reader);
      assertThat(ended).isNotDone();
      reader.shutdownOutput(); // all that a server sees of a close
      assertThat(ended).succeedsWithin(20, TimeUnit.SECONDS);
    }
  }

  private static void reads(Socket reader) throws IOException {
    reader
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(reader.getInputStream(), StandardCharsets.US_ASCII));
    assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 OK");
    while (!lines.readLine().equals(":")) {
      // the rest of the head, and the size of the first part
    }
  }
}
