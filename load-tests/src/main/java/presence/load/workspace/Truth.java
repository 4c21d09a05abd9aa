package presence.load.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/// What everybody must be shown at a quiet point: asked of every node, and read by every watcher.
///
/// @param nodes to ask
/// @param within by then a change must have been told
public record Truth(
    List<Visitor> visitors, List<Watcher> watchers, List<Api> nodes, Duration within) {
  private static final long AGAIN_AFTER_MS = 20;

  /// What was found.
  ///
  /// @param wrong numbers that were wrong when all had to be told
  /// @param compared numbers that were compared in the end
  /// @param tookMs until the last number was right
  public record Found(List<String> wrong, int compared, long tookMs) {}

  /// Compares until all is right, or has to be. Nobody does anything meanwhile.
  public Found check() throws InterruptedException {
    long since = Visitor.now();
    Found found = compare(since);
    while (!found.wrong().isEmpty() && Visitor.now() - since < within.toMillis()) {
      Thread.sleep(AGAIN_AFTER_MS);
      found = compare(since);
    }
    return found;
  }

  private Found compare(long since) {
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    for (Watcher watcher : watchers) {
      String workspace = watcher.workspace();
      Map<String, Expected> expected = expected(workspace);
      compared += compare("a watcher of " + workspace, expected, watcher.sessions(), wrong);
    }
    for (String workspace : watchers.stream().map(Watcher::workspace).distinct().toList()) {
      for (Api node : nodes) {
        List<JsonNode> shown =
            StreamSupport.stream(node.describe(workspace).path("sessions").spliterator(), false)
                .toList();
        compared += compare(node.node() + " " + workspace, expected(workspace), shown, wrong);
      }
    }
    return new Found(wrong, compared, Visitor.now() - since);
  }

  private Map<String, Expected> expected(String workspace) {
    Map<String, Expected> expected = new HashMap<>();
    long now = Visitor.now();
    for (Visitor visitor : visitors) {
      if (visitor.workspace().equals(workspace)) {
        visitor.standing().addTo(expected, now);
      }
    }
    return expected;
  }

  private static int compare(
      String who, Map<String, Expected> expected, List<JsonNode> shown, List<String> wrong) {
    for (JsonNode session : shown) {
      String id = session.path("id").asText();
      Expected must = expected.getOrDefault(id, Expected.NOTHING);
      if (!must.isShownBy(session)) {
        wrong.add("%s shows %s, not %s".formatted(who, session, must));
      }
    }
    return shown.size();
  }

  /// How long until nobody's grace runs any more.
  public Duration untilAllGracesAreOver() {
    long last =
        visitors.stream()
            .mapToLong(visitor -> visitor.standing().perhapsUntil())
            .max()
            .orElseThrow();
    return Duration.ofMillis(Math.max(0, last - Visitor.now() + 1));
  }
}
