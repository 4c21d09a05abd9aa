package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client of a test: says what it is told, keeps what it hears, answers pings.
final class Client implements WebSocket.Listener {
  private static final int SECONDS_MAX = 15;

  private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
  private final List<JsonNode> passed = new ArrayList<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private CompletableFuture<WebSocket> sent = new CompletableFuture<>();
  private @Nullable WebSocket socket;

  static Client connect(HttpClient http, URI url, String... headers) {
    Client client = new Client();
    WebSocket.Builder builder = http.newWebSocketBuilder().subprotocols("presence.v1");
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    client.socket = builder.buildAsync(url, client).orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join();
    client.sent.complete(client.socket());
    return client;
  }

  /// Sends a message, written with `'` for `"`.
  synchronized void say(String message) {
    String frame = message.replace('\'', '"');
    sent = sent.thenCompose(before -> socket().sendText(frame, true));
  }

  /// The next message of this type; those before it are passed over.
  JsonNode await(String type) {
    return awaitOneOf(type);
  }

  /// The next message of any of these types.
  JsonNode awaitOneOf(String... types) {
    try {
      JsonNode message;
      do {
        message = heard.poll(SECONDS_MAX, TimeUnit.SECONDS);
        assertThat(message).as("no %s came, only %s", List.of(types), passed).isNotNull();
        passed.add(message);
      } while (!List.of(types).contains(message.path("type").asText()));
      return message;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Everything heard so far, in order, but pings.
  List<JsonNode> everything() {
    heard.drainTo(passed);
    return List.copyOf(passed);
  }

  /// Joins an instance and returns the snapshot.
  JsonNode join(String instance) {
    say("{'type':'chat:join','instance':'%s'}".formatted(instance));
    return await("presence");
  }

  /// Loses the socket without a word.
  void drop() {
    socket().abort();
  }

  /// The number the server closed the socket with.
  int closeCode() {
    return closed.orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join();
  }

  WebSocket socket() {
    if (socket == null) {
      throw new IllegalStateException("not connected");
    }
    return socket;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      take(text.toString());
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  private void take(String frame) {
    JsonNode root;
    try {
      root = LiveNode.JSON.readTree(frame);
    } catch (IOException e) {
      throw new UncheckedIOException(frame, e);
    }
    for (JsonNode message : root.isArray() ? root : List.of(root)) {
      if (message.path("type").asText().equals("ping")) {
        say("{'type':'pong'}");
      } else {
        heard.add(message);
      }
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    closed.completeExceptionally(failure);
  }
}
