package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/// A client of a workspace, as a story tells of it. What it reads of the workspace is folded from
/// its streams.
final class Viewer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration FAILOVER = Duration.ofSeconds(40);

  private final TestNode node;
  private final String workspace;
  private final String id;
  private final List<EventStream> streams = new ArrayList<>();

  Viewer(TestNode node, String workspace) {
    this(node, workspace, UUID.randomUUID().toString());
  }

  private Viewer(TestNode node, String workspace, String id) {
    this.node = node;
    this.workspace = workspace;
    this.id = id;
  }

  /// The same client goes on from another node, as soon as the workspace is anywhere.
  Viewer comesBackOn(TestNode other) {
    Viewer again = new Viewer(other, workspace, id);
    await("%s is attached again".formatted(id))
        .atMost(FAILOVER)
        .until(() -> again.opens().status() == 200);
    again.stream().awaits("workspace");
    return again;
  }

  String id() {
    return id;
  }

  /// The path of something in the workspace, asked for by this client.
  String path(String rest) {
    return "/v1/workspaces/" + workspace + rest + "?client_id=" + id;
  }

  Http.Answer creates() {
    return node.post("/v1/workspaces?client_id=" + id, "{\"id\":\"%s\"}".formatted(workspace));
  }

  Viewer attaches() {
    EventStream stream = opens();
    assertThat(stream.status()).isEqualTo(200);
    stream.awaits("workspace");
    return this;
  }

  /// Opens a stream, whatever comes of it.
  EventStream opens(String... headers) {
    EventStream stream = EventStream.open(node.url().resolve(path("/events")), headers);
    streams.add(stream);
    return stream;
  }

  /// The stream opened last.
  EventStream stream() {
    return streams.getLast();
  }

  /// Loses its newest stream.
  Viewer drops() {
    streams.removeLast().close();
    return this;
  }

  Viewer selects(String session) {
    assertThat(tries(session).status()).isEqualTo(204);
    return this;
  }

  /// Wants to look at a session, whatever comes of it.
  Http.Answer tries(String session) {
    return node.post(path("/current-session"), "{\"session_id\":\"%s\"}".formatted(session));
  }

  Http.Answer releases() {
    return node.send("DELETE", path(""), "");
  }

  Http.Answer retires() {
    return node.send("DELETE", "/v1/clients/" + id, "");
  }

  /// Opens a run in a session and returns its id.
  String runs(String session) {
    Http.Answer answer = node.post(path("/sessions/" + session + "/runs"), "");
    assertThat(answer.status()).isEqualTo(201);
    return answer.at("run_id").asText();
  }

  Http.Answer ends(String session, String run) {
    return node.send("DELETE", path("/sessions/" + session + "/runs/" + run), "");
  }

  /// Waits until both the answer and this client's stream show these numbers of a session.
  void sees(String session, int attached, int leased) {
    awaits(
        session,
        "%d attached, %d leased".formatted(attached, leased),
        view ->
            view.path("attached_clients").asInt(-1) == attached
                && view.path("leased_clients").asInt(-1) == leased);
  }

  void seesBusy(String session, boolean busy) {
    awaits(session, "busy: " + busy, view -> view.path("is_busy").asBoolean() == busy);
  }

  private void awaits(String session, String what, Predicate<JsonNode> holds) {
    try {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> {
            JsonNode pushed = stream().session(session);
            return pushed != null && holds.test(pushed) && holds.test(answered(session));
          });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "%s does not see %s in %s; the answer is %s, the stream was\n%s"
              .formatted(id, what, session, answered(session), stream().heard()),
          e);
    }
  }

  private JsonNode answered(String session) {
    return node.get(path("/sessions/" + session)).at("");
  }

  /// Waits until its stream shows a session of this name.
  void seesName(String session, String name) {
    await()
        .atMost(PATIENCE)
        .until(() -> {
          JsonNode pushed = stream().session(session);
          return pushed != null && pushed.path("name").asText().equals(name);
        });
  }

  /// Leaves nothing that would still have to end.
  @Override
  public void close() {
    streams.forEach(EventStream::close);
    retires();
  }
}
