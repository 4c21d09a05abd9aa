package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Cases 46 to 55 on one node: workspaces and who is attached to what.
class WorkspaceCases {
  private static final long CREATE_GRACE_MS = 6_000;
  private static final long DETACH_GRACE_MS = 5_000;

  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory(
          "PRESENCE_WORKSPACE_CREATE_GRACE=" + CREATE_GRACE_MS + "ms",
          "PRESENCE_WORKSPACE_DETACH_GRACE=" + DETACH_GRACE_MS + "ms",
          "PRESENCE_WORKSPACE_RING_CHANGES_MAX=20",
          "PRESENCE_HTTP_COMMENT_EVERY=300ms");

  private final String workspace = TestNode.unique("workspace");
  private final List<Viewer> viewers = new ArrayList<>();
  private final Viewer watcher = viewer();

  private Viewer viewer() {
    Viewer viewer = new Viewer(node, workspace);
    viewers.add(viewer);
    return viewer;
  }

  private Http.Answer session(String id) {
    return node.post("/v1/workspaces/" + workspace + "/sessions", "{\"id\":\"" + id + "\"}");
  }

  @BeforeEach
  void open() {
    assertThat(watcher.creates().status()).isEqualTo(201);
    watcher.attaches();
    assertThat(session("S1").status()).isEqualTo(201);
    assertThat(session("S2").status()).isEqualTo(201);
  }

  @AfterEach
  void close() {
    viewers.forEach(Viewer::close);
  }

  @Case
  @DisplayName("46: viewers come, move and go")
  void viewersAreCountedWhereTheyLook() {
    watcher.sees("S1", 0, 0);
    Viewer ann = viewer().attaches().selects("S1");
    watcher.sees("S1", 1, 0);
    Viewer bob = viewer().attaches().selects("S1");
    watcher.sees("S1", 2, 0);
    bob.selects("S2");
    watcher.sees("S1", 1, 0);
    watcher.sees("S2", 1, 0);
    bob.drops();
    watcher.sees("S2", 0, 1);
    watcher.sees("S2", 0, 0);
    ann.sees("S1", 1, 0);
  }

  @Case
  @DisplayName("47: holds, unselected clients and second streams are not counted")
  void whoDoesNotLookIsNotCounted() {
    Viewer holder = viewer();
    holder.creates();
    Viewer ann = viewer().attaches();
    watcher.sees("S1", 0, 0);
    ann.selects("S1").attaches();
    watcher.sees("S1", 1, 0);
    ann.drops();
    ann.selects("");
    watcher.sees("S1", 0, 0);
    assertThat(watcher.stream().told())
        .as("a second stream that comes and goes is no change")
        .filteredOn(each -> each.type().equals("session"))
        .extracting(each -> each.json().path("attached_clients").asInt())
        .containsExactly(0, 0, 1, 0);
  }

  @Case
  @DisplayName("48: what cannot be selected, and who cannot be a client")
  void whatIsWrongIsRefused() {
    Viewer holder = viewer();
    holder.creates();
    refused(409, "not_attached", holder.tries("S1"));
    refused(409, "not_attached", viewer().tries("S1"));
    Viewer lost = new Viewer(node, TestNode.unique("nowhere"));
    refused(404, "not_found", lost.tries("S1"));
    refused(404, "not_found", lost.releases());
    refused(404, "not_found", node.get(lost.path("")));
    refused(404, "not_found", node.get(lost.path("/events")));
    refused(404, "not_found", watcher.tries("S3"));
    String select = "/v1/workspaces/" + workspace + "/current-session";
    refused(400, "bad_message", node.post(select, "{\"session_id\":\"S1\"}"));
    refused(400, "bad_message", node.post(select + "?client_id=ann", "{\"session_id\":\"S1\"}"));
    refused(400, "bad_message", node.post("/v1/workspaces?client_id=1-2-3-4-5", "{}"));
    refused(400, "bad_message", node.get("/v1/workspaces/" + workspace + "/events"));
    refused(400, "bad_message", node.send("DELETE", "/v1/clients/ann", ""));
    refused(400, "bad_json", node.post(watcher.path("/current-session"), "{"));
    refused(400, "bad_message", node.post(watcher.path("/current-session"), "{}"));
    refused(400, "bad_message", node.post(watcher.path("/current-session"), "{\"session_id\":1}"));
    refused(400, "bad_message", node.post(watcher.path("/sessions"), "[]"));
    refused(400, "too_long", session("x".repeat(129)));
    refused(400, "bad_message", node.get(watcher.path("/events"), "Last-Event-ID", "not a place"));
  }

  private static void refused(int status, String code, Http.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.at("code").asText()).isEqualTo(code);
    assertThat(answer.at("message").asText()).isNotEmpty();
  }

  @Case
  @DisplayName("49: attached without create; the hold expires; sessions outlive the workspace")
  void aWorkspaceLivesAsLongAsAClaim() {
    viewer().attaches();
    Viewer holder = new Viewer(node, TestNode.unique("held"));
    assertThat(holder.creates().status()).isEqualTo(201);
    assertThat(holder.creates().status()).isEqualTo(200);
    node.post(holder.path("/sessions"), "{\"id\":\"kept\"}");
    assertThat(node.get(holder.path("")).status()).isEqualTo(200);
    await().atMost(Transcript.PATIENCE).until(() -> node.get(holder.path("")).status() == 404);
    assertThat(holder.creates().at("sessions/0/id").asText()).isEqualTo("kept");
  }

  @Case
  @DisplayName("49: a workspace at a path is one, whoever creates it")
  void aPathIsOneWorkspace() {
    String path = "{\"path\":\"/home/%s\",\"name\":\"home\"}".formatted(TestNode.unique("ann"));
    Http.Answer one = node.post("/v1/workspaces?client_id=" + watcher.id(), path);
    Http.Answer other = node.post("/v1/workspaces?client_id=" + UUID.randomUUID(), path);
    assertThat(one.status()).isEqualTo(201);
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.at("id")).isEqualTo(one.at("id"));
    assertThat(other.at("name").asText()).isEqualTo("home");
  }

  @Case
  @DisplayName("50: a blip shorter than the detach grace")
  void whoComesBackInTimeHasLostNothing() {
    Viewer ann = viewer().attaches().selects("S1");
    watcher.sees("S1", 1, 0);
    ann.drops();
    watcher.sees("S1", 0, 1);
    ann.attaches();
    watcher.sees("S1", 1, 0);
    Story.passes(DETACH_GRACE_MS + 500);
    watcher.sees("S1", 1, 0);
  }

  @Case
  @DisplayName("51: released, then the stream ends")
  void whoReleasesHasNoGrace() {
    Viewer ann = viewer().attaches().selects("S1");
    watcher.sees("S1", 1, 0);
    assertThat(ann.releases().status()).isEqualTo(204);
    ann.stream().awaits("closed");
    ann.stream().awaitsEnd();
    watcher.sees("S1", 0, 0);
    assertThat(watcher.stream().told())
        .noneMatch(each -> each.json().path("leased_clients").asInt() > 0);
    assertThat(ann.releases().status()).as("repeated").isEqualTo(204);
    ann.attaches().selects("S2");
    watcher.sees("S2", 1, 0);
  }

  @Case
  @DisplayName("51: a client retires")
  void whoRetiresIsGoneEverywhereForGood() {
    Viewer ann = viewer().attaches().selects("S1");
    String elsewhere = node.post("/v1/workspaces?client_id=" + ann.id(), "{}").at("id").asText();
    watcher.sees("S1", 1, 0);

    assertThat(ann.retires().status()).isEqualTo(204);

    assertThat(node.get("/v1/workspaces/" + elsewhere).status()).isEqualTo(404);
    watcher.sees("S1", 0, 0);
    ann.stream().awaitsEnd();
    assertThat(ann.retires().status()).as("repeated").isEqualTo(204);
    refused(409, "conflict", ann.creates());
    refused(409, "conflict", node.get(ann.path("/events")));
  }

  @Case
  @DisplayName("52: every answer and every event has the true numbers")
  void everyAnswerHasTheNumbers() {
    viewer().attaches().selects("S1");
    watcher.sees("S1", 1, 0);
    List<JsonNode> answers =
        List.of(
            session("S1").at(""),
            node.get(watcher.path("/sessions")).at("sessions/0"),
            node.get(watcher.path("/sessions/S1")).at(""),
            node.get(watcher.path("")).at("sessions/0"),
            node.send("PUT", watcher.path("/sessions/S1"), "{\"name\":\"Plan\"}").at(""));
    assertThat(answers)
        .allSatisfy(each -> {
          assertThat(each.path("id").asText()).isEqualTo("S1");
          assertThat(each.path("attached_clients").asInt()).isEqualTo(1);
          assertThat(each.path("leased_clients").asInt(-1)).isZero();
          assertThat(each.path("is_busy").isBoolean()).isTrue();
        });
    watcher.seesName("S1", "Plan");
  }

  @Case
  @DisplayName("52: a session is deleted")
  void aDeletedSessionHasNoViewers() {
    viewer().attaches().selects("S1");
    watcher.sees("S1", 1, 0);
    assertThat(node.send("DELETE", watcher.path("/sessions/S1"), "").status()).isEqualTo(204);
    watcher.stream().awaits("session_deleted");
    refused(404, "not_found", node.get(watcher.path("/sessions/S1")));
    session("S1");
    watcher.sees("S1", 0, 0);
  }

  @Case
  @DisplayName("52: a stream that comes back is told what it missed, or to start again")
  void aStreamGoesOnWhereItWas() {
    watcher.sees("S2", 0, 0);
    List<EventStream.Event> told = watcher.stream().told();
    String last = told.getLast().id();
    session("S3");

    EventStream same = watcher.opens("Last-Event-ID", last);
    same.awaits("session");
    assertThat(same.told()).extracting(EventStream.Event::type).containsExactly("session");
    assertThat(same.told().getFirst().json().path("id").asText()).isEqualTo("S3");

    EventStream upToDate = watcher.opens("Last-Event-ID", same.told().getFirst().id());
    upToDate.awaits("");
    EventStream other = watcher.opens("Last-Event-ID", "1:1");
    other.awaits("workspace");
    assertThat(other.told())
        .extracting(EventStream.Event::type)
        .containsExactly("resync", "workspace");
    assertThat(upToDate.told()).isEmpty();
    assertThat(other.answer().headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
  }

  @Case
  @DisplayName("53: a viewer whose connection broke")
  void aBrokenConnectionIsFound() throws IOException {
    Viewer ann = viewer();
    try (Socket socket = new Socket(node.url().getHost(), node.url().getPort())) {
      socket.setSoLinger(true, 0); // the end of it is no farewell
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: a\r\n\r\n"
                  .formatted(ann.path("/events"))
                  .getBytes(StandardCharsets.US_ASCII));
      await().until(() -> ann.tries("S1").status() == 204);
      watcher.sees("S1", 1, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    watcher.sees("S1", 0, 1);
    watcher.sees("S1", 0, 0);
  }

  @Case
  @DisplayName("53: attach against the expiry of the claim, at every distance")
  void whoAttachesIsAttachedOrWasGone() {
    Story.join(
        IntStream.range(0, 20)
            .mapToObj(n -> {
              Viewer each = viewer();
              each.creates();
              return Story.later(
                  CREATE_GRACE_MS - 20 + 2L * n, () -> each.attaches().selects("S2"));
            })
            .toList());
    watcher.sees("S2", 20, 0);
  }

  @Case
  @DisplayName("55: a session is busy while something runs in it")
  void aSessionIsBusyDuringARun() {
    Viewer ann = viewer().attaches();
    String run = ann.runs("S1");
    watcher.seesBusy("S1", true);
    assertThat(ann.ends("S1", run).status()).isEqualTo(204);
    watcher.seesBusy("S1", false);
    ann.runs("S1");
    watcher.seesBusy("S1", true);
    ann.drops();
    watcher.seesBusy("S1", true);
    watcher.seesBusy("S1", false);
    refused(409, "not_attached", node.post(ann.path("/sessions/S1/runs"), ""));
  }
}
