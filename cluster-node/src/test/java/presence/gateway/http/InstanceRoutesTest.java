package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static presence.gateway.http.LiveNode.assertError;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@ExtendWith(OpenNode.class)
class InstanceRoutesTest {
  private final LiveNode node;

  InstanceRoutesTest(LiveNode node) {
    this.node = node;
  }

  @Nested
  class Numbers {
    @Test
    void areThoseOfTheStream() {
      Client ann = node.person("@numbers-ann");
      JsonNode cut = ann.join("numbers");
      node.anonymous().join("numbers");
      JsonNode delta = ann.await("presence:delta");

      JsonNode numbers = node.json("/v1/instances/numbers");

      assertThat(numbers.get("instance").asText()).isEqualTo("numbers");
      assertThat(numbers.get("epoch")).isEqualTo(cut.get("epoch"));
      assertThat(numbers.get("seq")).isEqualTo(delta.get("seq"));
      assertThat(numbers.get("counts")).isEqualTo(delta.get("counts"));
      assertThat(numbers.at("/counts/anonymous").asInt()).isEqualTo(1);
    }

    @Test
    void countTheSocketsToo() {
      node.person("@sockets-ann").join("sockets");
      Client bob = node.person("@sockets-bob");
      bob.join("sockets");
      awaitConnections("sockets", 2);

      bob.drop();

      awaitConnections("sockets", 1);
      assertThat(node.json("/v1/instances/sockets").at("/counts/sessions").asInt()).isEqualTo(2);
    }

    private void awaitConnections(String instance, int expected) {
      await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(() ->
              assertThat(node.json("/v1/instances/" + instance).get("connections").asInt())
                  .isEqualTo(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody-came", "__proto__", "constructor", "%2e%2e%2f", "a%2Fb", "%20"})
    void ofAnInstanceNobodyEverJoinedAreNotFound(String name) {
      assertError(node.get("/v1/instances/" + name), 404, "not_found");
      assertError(node.get("/v1/instances/" + name + "/roster"), 404, "not_found");
    }

    @Test
    void ofAStrangeNameAreFoundUnderExactlyThat() {
      node.person("@strange").join("a/b __proto__ \u05d0");

      assertThat(node.json("/v1/instances/a%2Fb%20__proto__%20%D7%90").get("instance").asText())
          .isEqualTo("a/b __proto__ \u05d0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "%0A", "%E2%80%AE", "%EF%BB%BF"})
    void ofAnInvisibleNameAreRefused(String name) {
      assertError(node.get("/v1/instances/" + name), 400, "bad_message");
      assertError(node.get("/v1/instances/" + name + "/roster"), 400, "bad_message");
    }

    @Test
    void ofAnEndlessNameAreRefused() {
      assertError(node.get("/v1/instances/" + "a".repeat(129)), 400, "too_long");
      assertError(node.get("/v1/instances/" + "%F0%9F%98%80".repeat(900)), 400, "too_long");
    }
  }

  @Nested
  class Rosters {
    @Test
    void comeInPagesOfOneCut() {
      Client first = node.person("@page-a");
      first.join("pages");
      node.person("@page-b").join("pages");
      node.person("@page-c").join("pages");

      JsonNode page = node.json("/v1/instances/pages/roster?limit=2");
      node.person("@page-0").join("pages"); // would shift a list that is not a cut
      JsonNode rest =
          node.json("/v1/instances/pages/roster?limit=2&cursor=" + page.get("cursor").asText());

      assertThat(ids(page)).containsExactly("@page-a", "@page-b");
      assertThat(ids(rest)).containsExactly("@page-c");
      assertThat(rest.has("cursor")).isFalse();
      assertThat(rest.get("seq")).isEqualTo(page.get("seq"));
      assertThat(page.at("/counts/people").asInt()).isEqualTo(3);
    }

    @Test
    void sayWhoIsHere() {
      Client ann = node.person("@roster-here");
      ann.join("chat-roster");
      ann.say("{'type':'location','slug':'roster'}");
      ann.await("presence:delta");

      assertThat(node.json("/v1/instances/chat-roster/roster").at("/here/0").asText())
          .isEqualTo("@roster-here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1", "__proto__", "9999999999999999.9999999999999999.999999999"})
    void startAgainWhenTheCutIsGone(String cursor) {
      node.person("@gone").join("cut-gone");

      assertError(node.get("/v1/instances/cut-gone/roster?cursor=" + cursor), 409, "conflict");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=-1", "limit=many", "limit=99999999999", "cursor=%00"})
    void areNotGivenToWhoAsksWrongly(String query) {
      assertError(node.get("/v1/instances/pages/roster?" + query), 400, "bad_message");
    }

    private static List<String> ids(JsonNode page) {
      List<String> ids = new ArrayList<>();
      page.get("members").forEach(member -> ids.add(member.get("id").asText()));
      return ids;
    }
  }

  @Nested
  class TheList {
    @Test
    void hasEveryInstanceOnceWhateverThePage() {
      for (String name : List.of("list-a", "list-b", "list-c")) {
        node.person("@lister").join(name);
      }
      node.get("/v1/instances/list-nobody");

      List<String> names = new ArrayList<>();
      String query = "limit=2";
      while (!query.isEmpty()) {
        JsonNode page = node.json("/v1/instances?" + query);
        assertThat(page.get("instances").size()).isLessThanOrEqualTo(2);
        page.get("instances").forEach(each -> names.add(each.get("instance").asText()));
        query = page.has("cursor") ? "limit=2&cursor=" + page.get("cursor").asText() : "";
      }

      assertThat(names).contains("list-a", "list-b", "list-c").doesNotContain("list-nobody");
      assertThat(names).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void hasTheSameNumbersAsTheInstance() {
      node.person("@same").join("list-same");

      for (JsonNode each : node.json("/v1/instances").get("instances")) {
        if (each.get("instance").asText().equals("list-same")) {
          assertThat(each.get("counts"))
              .isEqualTo(node.json("/v1/instances/list-same").get("counts"));
          return;
        }
      }
      throw new AssertionError("list-same is not in the list");
    }

    @Test
    void isNotGivenToWhoAsksWrongly() {
      assertError(node.get("/v1/instances?limit=none"), 400, "bad_message");
    }
  }
}
