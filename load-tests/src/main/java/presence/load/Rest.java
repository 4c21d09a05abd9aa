package presence.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import presence.protocol.Member;
import presence.protocol.ServerMessage;

/// What a scenario asks a node over HTTP.
public final class Rest implements AutoCloseable {
  private static final int REQUESTS_MAX = 32;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI node;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final Wording wording = new Wording();

  public Rest(URI node) {
    this.node = node;
  }

  /// Who is in an instance, by the list.
  public record Listed(Set<String> online, Set<String> here) {}

  /// Development tokens of the persons `@PREFIX-0`, `@PREFIX-1`, …
  public List<String> tokens(String prefix, int count) {
    Semaphore free = new Semaphore(REQUESTS_MAX);
    List<CompletableFuture<String>> tokens =
        IntStream.range(0, count)
            .mapToObj(number -> {
              free.acquireUninterruptibly();
              return token(prefix + '-' + number).whenComplete((_, _) -> free.release());
            })
            .toList();
    return tokens.stream().map(CompletableFuture::join).toList();
  }

  private CompletableFuture<String> token(String handle) {
    HttpRequest request =
        HttpRequest.newBuilder(node.resolve("/dev/token"))
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofString("{\"handle\":\"@" + handle + "\"}"))
            .build();
    return http.sendAsync(request, BodyHandlers.ofString())
        .thenApply(Rest::body)
        .thenApply(body -> {
          try {
            return json.readTree(body).required("token").textValue();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /// The whole roster of an instance, page by page.
  Listed roster(String instance) {
    Set<String> online = new TreeSet<>();
    Set<String> here = new TreeSet<>();
    String cursor = null;
    do {
      ServerMessage.Roster page = page(instance, cursor);
      page.members().stream().map(Member::id).forEach(online::add);
      here.addAll(page.here());
      cursor = page.cursor();
    } while (cursor != null);
    return new Listed(online, here);
  }

  private ServerMessage.Roster page(String instance, @Nullable String cursor) {
    String query =
        cursor == null ? "" : "?cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(node.resolve("/v1/instances/" + instance + "/roster" + query))
            .timeout(PATIENCE)
            .build();
    try {
      String body = body(http.sendAsync(request, BodyHandlers.ofString()).get());
      return (ServerMessage.Roster) wording.read(StandardCharsets.UTF_8.encode(body)).getFirst();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("no roster of " + instance, e);
    }
  }

  private static String body(HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.uri() + ": " + response.statusCode());
    }
    return response.body();
  }

  @Override
  public void close() {
    http.close();
  }
}
