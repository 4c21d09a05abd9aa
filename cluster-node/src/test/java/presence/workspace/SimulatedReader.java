package presence.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import presence.gateway.http.WorkspaceStream;
import presence.simulation.Host;

/// Who reads a stream: folds its events strictly, so that a gap, a repetition or a disorder is an
/// error.
final class SimulatedReader implements WorkspaceStream.Reader {
  private static final JsonMapper JSON = new JsonMapper();

  private final Host host;
  private final Runnable opened;
  private final Consumer<WorkspaceCommand.Refusal> refused;
  private final Map<String, JsonNode> sessions = new TreeMap<>();
  private @Nullable Runnable gone;
  private boolean over;
  private long epoch;
  private long seq;

  SimulatedReader(Host host, Runnable opened, Consumer<WorkspaceCommand.Refusal> refused) {
    this.host = host;
    this.opened = opened;
    this.refused = refused;
  }

  /// Whether its client counts as attached by it.
  boolean isOpen() {
    return gone != null && !over && !host.crashed();
  }

  @Override
  public void open(Runnable whenGone) {
    if (over) {
      whenGone.run();
    }
    gone = whenGone;
    opened.run();
  }

  @Override
  public void refuse(WorkspaceCommand.Refusal why) {
    over = true;
    refused.accept(why);
  }

  @Override
  public void end() {
    over = true;
  }

  /// The reader goes away.
  void drop() {
    over = true;
    if (gone != null) {
      gone.run();
    }
  }

  @Override
  public boolean offer(ByteString events) {
    for (String event : events.utf8String().split("\n\n", -1)) {
      String type = "";
      String id = "";
      String data = "";
      for (String line : event.split("\n", -1)) {
        type = line.startsWith("event: ") ? line.substring(7) : type;
        id = line.startsWith("id: ") ? line.substring(4) : id;
        data = line.startsWith("data: ") ? line.substring(6) : data;
      }
      if (!type.isEmpty()) {
        take(type, id, json(data));
      }
    }
    return true;
  }

  private void take(String type, String id, JsonNode data) {
    switch (type) {
      case "workspace" -> {
        sessions.clear();
        epoch = data.path("epoch").asLong();
        seq = data.path("seq").asLong();
        assertThat(id).isEqualTo(epoch + ":" + seq);
        data.path("sessions").forEach(each -> sessions.put(each.path("id").asText(), each));
      }
      case "session" -> {
        next(id);
        JsonNode before = sessions.put(data.path("id").asText(), data);
        assertThat(data).as("an event that changes nothing").isNotEqualTo(before);
      }
      case "session_deleted" -> {
        next(id);
        assertThat(sessions.remove(data.path("id").asText())).isNotNull();
      }
      case "resync", "closed" -> {}
      default -> throw new AssertionError("an unknown event " + type);
    }
  }

  private void next(String id) {
    seq++;
    assertThat(id).as("the next place in the stream").isEqualTo(epoch + ":" + seq);
  }

  private static JsonNode json(String data) {
    try {
      return JSON.readTree(data);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + data, e);
    }
  }

  /// Checks that it shows what the workspace is.
  void shows(WorkspaceView view) {
    assertThat(epoch + ":" + seq)
        .as("where the stream is")
        .isEqualTo(view.epoch() + ":" + view.seq());
    Map<String, JsonNode> truth = new TreeMap<>();
    view.sessions().forEach(each -> truth.put(each.id(), JSON.valueToTree(each)));
    assertThat(sessions).isEqualTo(truth);
  }
}
