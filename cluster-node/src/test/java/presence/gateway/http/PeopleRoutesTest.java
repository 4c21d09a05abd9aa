package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static presence.gateway.http.LiveNode.assertError;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@ExtendWith(OpenNode.class)
class PeopleRoutesTest {
  private final LiveNode node;

  PeopleRoutesTest(LiveNode node) {
    this.node = node;
  }

  @Nested
  class APerson {
    @Test
    void isOnlineAndHereAndLaterWasSeen() {
      Client ann = node.person("@Seen-Ann");
      ann.join("chat-seen-here");
      ann.say("{'type':'location','slug':'seen-here'}");
      ann.await("presence:delta");
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() ->
              assertThat(node.json("/v1/users/seen-ann").at("/here/0").asText())
                  .isEqualTo("chat-seen-here"));
      JsonNode online = node.json("/v1/users/@SEEN-ANN");
      assertThat(online.at("/user/handle").asText()).isEqualTo("@seen-ann");
      assertThat(online.get("online").asBoolean()).isTrue();
      assertThat(online.has("lastSeen")).isFalse();

      ann.say("{'type':'bye'}");
      assertThat(ann.closeCode()).isEqualTo(1000);

      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() ->
              assertThat(node.json("/v1/users/@seen-ann").get("online").asBoolean()).isFalse());
      JsonNode gone = node.json("/v1/users/@seen-ann");
      assertThat(gone.get("lastSeen").asLong()).isPositive();
      assertThat(gone.get("here")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"@never-came", "__proto__", "constructor"})
    void whoNeverCameIsNotFound(String handle) {
      assertError(node.get("/v1/users/" + handle), 404, "not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "@", "a%20b", "%E2%80%AEann", "a%2Fb", "..%2f"})
    void whoCannotBeIsRefused(String handle) {
      assertError(node.get("/v1/users/" + handle), 400, "bad_message");
    }

    @Test
    void withAnEndlessNameIsRefused() {
      assertError(node.get("/v1/users/" + "a".repeat(1_000)), 400, "bad_message");
      assertError(node.get("/v1/users/" + "a".repeat(10_000)), 400, "too_long");
    }
  }

  @Nested
  class AnOperator {
    @Test
    void kicksAPersonOutOfEverySession() {
      Client one = node.person("@kicked");
      Client two = node.person("@kicked");
      awaitOnline("@kicked");

      assertThat(admin("kick", "{\"user\":\"Kicked\"}").statusCode()).isEqualTo(204);

      assertThat(one.closeCode()).isEqualTo(4410);
      assertThat(two.closeCode()).isEqualTo(4410);
      assertThat(node.person("@kicked").everything()).isNotEmpty();
    }

    @Test
    void kicksOneSession() {
      Client gone = node.connect();
      String session = node.hello(gone, "@kicked-once").get("session").asText();
      Client stays = node.person("@kicked-once");

      assertThat(admin("kick", "{\"session\":\"" + session + "\"}").statusCode()).isEqualTo(204);

      assertThat(gone.closeCode()).isEqualTo(4410);
      stays.say("{'type':'location','slug':'a','ref':'alive'}");
      stays.await("ok");
      assertError(admin("kick", "{\"session\":\"" + session + "\"}"), 404, "not_found");
    }

    @Test
    void isToldWhoIsNotThere() {
      assertError(admin("kick", "{\"user\":\"@kick-nobody\"}"), 404, "not_found");
      assertError(admin("kick", "{\"session\":\"" + "A".repeat(40) + "\"}"), 404, "not_found");
      assertError(admin("promote", "{}"), 404, "not_found");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "null",
          "[]",
          "{\"user\":\"@a\",\"session\":\"b\"}",
          "{\"user\":7}",
          "{\"user\":\"not a handle\"}"
        })
    void kicksNobodyWithoutSayingWhom(String body) {
      assertError(admin("kick", body), 400, "bad_message");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "Bearer", "Bearer ", "Bearer open", "Bearer sesam", "Basic c2VzYW1l"})
    void showsTheToken(String authorization) {
      HttpResponse<String> answer =
          authorization.isEmpty()
              ? node.post("/v1/admin/kick", "{}")
              : node.post("/v1/admin/kick", "{}", "Authorization", authorization);

      assertError(answer, 401, "unauthenticated");
      assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }

    @Test
    void seesWhichNodeHoldsWhat() {
      node.person("@sharded").join("sharded");

      JsonNode shards = ask("instance?id=sharded");

      String self = shards.get("coordinator").asText();
      assertThat(self).matches("127\\.0\\.0\\.1:\\d+");
      assertThat(shards.get("node").asText()).isEqualTo(self);
      assertThat(shards.at("/nodes/0/node").asText()).isEqualTo(self);
      assertThat(shards.at("/nodes/0/entities").asInt()).isPositive();
      assertThat(ask("session").has("node")).isFalse();
      assertError(
          node.get("/v1/admin/shards/planet", "Authorization", OpenNode.ADMIN), 404, "not_found");
    }

    private JsonNode ask(String shards) {
      return LiveNode.json(node.get("/v1/admin/shards/" + shards, "Authorization", OpenNode.ADMIN));
    }

    @Test
    void isTheOnlyOneToLearnWhatIsThere() {
      assertError(node.get("/v1/admin/anything"), 401, "unauthenticated");
    }

    private HttpResponse<String> admin(String command, String body) {
      return node.post("/v1/admin/" + command, body, "Authorization", OpenNode.ADMIN);
    }

    /// A person hears of their sessions a moment after these began.
    private void awaitOnline(String handle) {
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> node.get("/v1/users/" + handle).statusCode() == 200);
    }
  }
}
