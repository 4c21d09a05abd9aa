package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The events of an instance as a test reads them.
final class Events {
  private static final int SECONDS_MAX = 15;

  private final HttpResponse<Stream<String>> answer;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> ended;

  /// One event; empty where a field was left out.
  record Event(String type, String id, JsonNode data) {}

  private Events(HttpResponse<Stream<String>> answer) {
    this.answer = answer;
    this.ended =
        CompletableFuture.runAsync(
            () -> answer.body().forEach(lines::add), task -> Thread.ofVirtual().start(task));
  }

  static Events open(HttpClient http, URI url, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return new Events(
        http.sendAsync(request.build(), BodyHandlers.ofLines())
            .orTimeout(SECONDS_MAX, TimeUnit.SECONDS)
            .join());
  }

  HttpResponse<?> answer() {
    return answer;
  }

  /// The next event, comments passed over.
  Event next() {
    String type = "";
    String id = "";
    String data = "";
    while (true) {
      String line = line();
      if (line.startsWith("event: ")) {
        type = line.substring(7);
      } else if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      } else if (line.isEmpty() && !data.isEmpty()) {
        return new Event(type, id, json(data));
      }
    }
  }

  /// The next event of this type.
  Event next(String type) {
    Event next = next();
    while (!next.type().equals(type)) {
      next = next();
    }
    return next;
  }

  /// The next line as it came.
  String line() {
    try {
      String line = lines.poll(SECONDS_MAX, TimeUnit.SECONDS);
      assertThat(line).as("a line of the stream").isNotNull();
      return line;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Waits for the end of the stream.
  void awaitEnd() {
    ended.orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join();
  }

  private static JsonNode json(String data) {
    try {
      return LiveNode.JSON.readTree(data);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(data, e);
    }
  }
}
