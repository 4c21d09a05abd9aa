package presence.load.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A client that looks at nothing and reads everything: it folds a workspace's events into what
/// each session shows, and says when it read what.
public final class Watcher implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Wish(int attached, CompletableFuture<Long> readAt) {}

  private final String workspace;
  private final Map<String, JsonNode> sessions = new ConcurrentHashMap<>();
  private final Map<String, Wish> wishes = new ConcurrentHashMap<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final EventStream stream;
  private long seq;

  /// A watcher of a workspace by this node.
  public Watcher(URI node, String workspace, String client) {
    this.workspace = workspace;
    this.stream = EventStream.open(node, workspace, client, null, this::told);
    var _ = stream.ended().thenRun(() -> faults.add("the stream of a watcher ended"));
  }

  String workspace() {
    return workspace;
  }

  private void told(String type, String id, String data) {
    JsonNode news = read(data);
    switch (type) {
      case "workspace" -> {
        sessions.clear();
        news.path("sessions").forEach(this::show);
      }
      case "session" -> {
        show(news);
        follow(id);
      }
      default -> faults.add("a watcher was told " + type);
    }
    seq = numberOf(id);
  }

  private void follow(String id) {
    if (numberOf(id) != seq + 1) {
      faults.add("a watcher was told %s after %d".formatted(id, seq));
    }
  }

  static long numberOf(String id) {
    return Long.parseLong(id.substring(id.indexOf(':') + 1));
  }

  private void show(JsonNode session) {
    String id = session.path("id").asText();
    sessions.put(id, session);
    Wish wish = wishes.get(id);
    if (wish != null && wish.attached() == attached(session)) {
      wishes.remove(id);
      wish.readAt().complete(System.nanoTime());
    }
  }

  private static int attached(JsonNode session) {
    return session.path("attached_clients").asInt();
  }

  private static JsonNode read(String data) {
    try {
      return JSON.readTree(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + data, e);
    }
  }

  /// When it next reads that so many look at a session, by [System#nanoTime].
  CompletableFuture<Long> reads(String session, int attached) {
    Wish wish = new Wish(attached, new CompletableFuture<>());
    wishes.put(session, wish);
    return wish.readAt();
  }

  /// What each session shows by what it has read.
  List<JsonNode> sessions() {
    return new ArrayList<>(sessions.values());
  }

  /// Whatever should not have come.
  public List<String> faults() {
    return List.copyOf(faults);
  }

  long bytes() {
    return stream.bytes();
  }

  @Override
  public void close() {
    stream.close();
  }
}
