package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import presence.node.MemoryNode;

/// A real node on a free port, with its journal in memory, and what clients ask of it.
final class LiveNode implements AutoCloseable {
  static final JsonMapper JSON = new JsonMapper();

  private final MemoryNode node;
  private final URI url;
  private final HttpClient http = HttpClient.newHttpClient();

  private LiveNode(MemoryNode node) {
    this.node = node;
    this.url = node.url();
  }

  /// Starts a node with these settings beside the ones every test needs.
  static LiveNode with(String... settings) {
    return new LiveNode(MemoryNode.with(settings));
  }

  URI url() {
    return url;
  }

  HttpClient http() {
    return http;
  }

  /// The server's answer to this request, its path exactly as written.
  HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  JsonNode json(String path) {
    return json(get(path));
  }

  static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(answer.body(), e);
    }
  }

  /// A stream of events, from its first line.
  Events events(String path, String... headers) {
    return Events.open(http, URI.create(url + path), headers);
  }

  /// Checks that an answer is this error, in the form every error has.
  static void assertError(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    JsonNode error = json(answer);
    assertThat(error.get("code").asText()).isEqualTo(code);
    assertThat(error.get("message").asText()).isNotEmpty();
    assertThat(error).hasSize(2);
  }

  /// A token that proves this handle, from the node itself.
  String token(String handle) {
    return json(post("/dev/token", "{\"handle\":\"%s\"}".formatted(handle))).get("token").asText();
  }

  /// A socket that has said nothing yet.
  Client connect(String... headers) {
    return Client.connect(
        http, URI.create(url.toString().replaceFirst("^http", "ws") + "/ws"), headers);
  }

  /// A socket whose session is that of a person.
  Client person(String handle) {
    Client client = connect();
    hello(client, handle);
    return client;
  }

  /// Lets a socket begin the session of a person.
  JsonNode hello(Client client, String handle) {
    client.say("{'type':'hello','protocol':1,'token':'%s'}".formatted(token(handle)));
    return client.await("welcome");
  }

  /// A socket of somebody who proves nothing.
  Client anonymous() {
    Client client = connect();
    client.say("{'type':'hello','protocol':1}");
    client.await("welcome");
    return client;
  }

  /// Stops the node while clients are connected.
  void stop() {
    node.close();
  }

  @Override
  public void close() {
    http.shutdownNow();
    node.close();
  }
}
