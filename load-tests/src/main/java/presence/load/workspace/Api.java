package presence.load.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// What is asked of one node about workspaces. Whatever is refused is an exception.
public final class Api implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final URI node;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ObjectMapper json = new ObjectMapper();

  public Api(URI node) {
    this.node = node;
  }

  URI node() {
    return node;
  }

  /// Creates the workspace, or holds it for a client if it is there.
  public void hold(String workspace, String client) {
    send("POST", "?client_id=" + client, "{\"id\":\"%s\"}".formatted(workspace));
  }

  public void createSession(String workspace, String session) {
    send("POST", "/" + workspace + "/sessions", "{\"id\":\"%s\"}".formatted(session));
  }

  /// @param session empty = nothing
  void select(String workspace, String client, String session) {
    send(
        "POST",
        "/" + workspace + "/current-session?client_id=" + client,
        "{\"session_id\":\"%s\"}".formatted(session));
  }

  void release(String workspace, String client) {
    send("DELETE", "/" + workspace + "?client_id=" + client, "");
  }

  void retire(String client) {
    send("DELETE", URI.create("/v1/clients/" + client), "");
  }

  /// Returns the id of the run.
  String startRun(String workspace, String client, String session) {
    return send("POST", "/" + workspace + "/sessions/" + session + "/runs?client_id=" + client, "")
        .path("run_id")
        .asText();
  }

  void endRun(String workspace, String session, String run) {
    send("DELETE", "/" + workspace + "/sessions/" + session + "/runs/" + run, "");
  }

  /// The workspace with all its sessions.
  JsonNode describe(String workspace) {
    return send("GET", "/" + workspace, "");
  }

  private JsonNode send(String method, String path, String body) {
    return send(method, URI.create("/v1/workspaces" + path), body);
  }

  private JsonNode send(String method, URI path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(node.resolve(path))
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(
            "%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
      }
      return json.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
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
