package presence.cases;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A stream of server-sent events of a workspace, read as they come; the sessions it tells of are
/// folded.
final class EventStream implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// One event; empty where a field was left out.
  record Event(String type, String id, String data) {
    JsonNode json() {
      try {
        return JSON.readTree(data);
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + data, e);
      }
    }
  }

  private final HttpResponse<InputStream> answer;
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final Map<String, JsonNode> sessions = new ConcurrentHashMap<>();
  private final Thread reader;

  private EventStream(HttpResponse<InputStream> answer) {
    this.answer = answer;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  static EventStream open(URI url, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return new EventStream(CLIENT.send(request.build(), BodyHandlers.ofInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      String type = "";
      String id = "";
      String data = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(":")) {
          events.add(new Event("", "", ""));
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (line.isEmpty() && !data.isEmpty()) {
          take(new Event(type, id, data));
          type = id = data = "";
        }
      }
    } catch (IOException closed) {
      // the end of a stream, by either side
    }
  }

  private void take(Event event) {
    JsonNode data = event.json();
    switch (event.type()) {
      case "workspace" -> {
        sessions.clear();
        data.path("sessions").forEach(each -> sessions.put(each.path("id").asText(), each));
      }
      case "session" -> sessions.put(data.path("id").asText(), data);
      case "session_deleted" -> sessions.remove(data.path("id").asText());
      default -> {}
    }
    events.add(event);
  }

  int status() {
    return answer.statusCode();
  }

  HttpResponse<InputStream> answer() {
    return answer;
  }

  /// How a session looked when it was last told of.
  @Nullable JsonNode session(String id) {
    return sessions.get(id);
  }

  /// Everything so far; a comment is an event without type.
  List<Event> heard() {
    return List.copyOf(events);
  }

  /// Everything so far but comments.
  List<Event> told() {
    return events.stream().filter(each -> !each.type().isEmpty()).toList();
  }

  /// Waits for the first event of this type, "" for a comment.
  Event awaits(String type) {
    await("an event " + type)
        .atMost(PATIENCE)
        .until(() -> events.stream().anyMatch(each -> each.type().equals(type)));
    return events.stream().filter(each -> each.type().equals(type)).findFirst().orElseThrow();
  }

  /// Waits until the server has ended it.
  void awaitsEnd() {
    await("the end of the stream").atMost(PATIENCE).until(() -> !reader.isAlive());
  }

  @Override
  public void close() {
    try {
      answer.body().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
