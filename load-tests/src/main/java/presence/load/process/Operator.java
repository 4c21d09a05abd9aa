package presence.load.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// Asks a node what operators may ask: which node does what, and what came to it.
public final class Operator implements AutoCloseable {
  /// The settings of nodes that answer.
  public static final Map<String, String> SETTINGS =
      Map.of("PRESENCE_ADMIN_TOKEN", "the-operators-token-of-the-load-tests");

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  /// The node `host:port` that decides where shards live, by this node.
  public String coordinator(URI node) {
    return shards(node, "session", "").path("coordinator").asText();
  }

  /// The node `host:port` that holds this entity, by this node.
  public String holder(URI node, String kind, String id) {
    return shards(node, kind, id).path("node").asText();
  }

  /// The datagrams that came to this node.
  public JsonNode traffic(URI node) {
    return get(node.resolve("/v1/admin/udp"));
  }

  private JsonNode shards(URI node, String kind, String id) {
    String query = "?id=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    return get(node.resolve("/v1/admin/shards/" + kind + query));
  }

  private JsonNode get(URI address) {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Authorization", "Bearer " + SETTINGS.get("PRESENCE_ADMIN_TOKEN"))
            .timeout(PATIENCE)
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(response.uri() + ": " + response.statusCode());
      }
      return json.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
