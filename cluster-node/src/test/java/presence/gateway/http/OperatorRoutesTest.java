package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What operators see of a cluster, here of one node, and tell it.
@Timeout(120)
class OperatorRoutesTest {
  private final LiveNode node = LiveNode.with("PRESENCE_ADMIN_TOKEN", "sesame");

  @AfterEach
  void stop() {
    node.close();
  }

  private JsonNode overview() {
    HttpResponse<String> answer = node.get("/v1/admin/overview", "Authorization", OpenNode.ADMIN);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return LiveNode.json(answer);
  }

  private HttpResponse<String> drain(String name, String... headers) {
    return node.post("/v1/admin/nodes/" + name + "/drain", "", headers);
  }

  @Test
  void theOverviewShowsWhatGoesOn() {
    Client ann = node.person("@ann");
    ann.join("chat-overview");
    node.person("@bob").say("{'type':'bye'}");

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          JsonNode only = overview().at("/nodes/0");
          assertThat(only.get("status").asText()).isEqualTo("up");
          assertThat(only.get("reachable").asBoolean()).isTrue();
          JsonNode report = only.get("report");
          assertThat(report).isNotNull();
          assertThat(report.at("/sessions/online").asInt()).isEqualTo(1);
          assertThat(report.at("/shards/session").asInt()).isPositive();
          assertThat(report.at("/instances/0/instance").asText()).isEqualTo("chat-overview");
          assertThat(report.at("/instances/0/counts/people").asInt()).isEqualTo(1);
          assertThat(report.at("/slowest/0/instance").asText()).isEqualTo("chat-overview");
          assertThat(report.at("/ends/0/reason").asText()).isEqualTo("bye");
          assertThat(report.at("/ends/0/session").asText()).hasSize(8);
          assertThat(report.get("samples")).isNotEmpty();
        });
  }

  @Test
  void onlyOperatorsSeeAndDoThat() {
    LiveNode.assertError(node.get("/v1/admin/overview"), 401, "unauthenticated");
    LiveNode.assertError(drain("127.0.0.1:1"), 401, "unauthenticated");
    LiveNode.assertError(drain("127.0.0.1:1", "Authorization", OpenNode.ADMIN), 404, "not_found");
  }

  @Test
  void aNodeThatIsToldToLeaveSendsItsClientsAway() {
    Client ann = node.person("@ann");
    await().atMost(Duration.ofSeconds(20)).until(() -> overview().at("/nodes/0").has("report"));
    String self = overview().get("answeredBy").asText();

    assertThat(drain(self, "Authorization", OpenNode.ADMIN).statusCode()).isEqualTo(204);

    assertThat(ann.await("closing").get("code").asInt()).isEqualTo(1012);
  }
}
