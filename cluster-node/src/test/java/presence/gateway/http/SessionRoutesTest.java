package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.gateway.http.LiveNode.assertError;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@ExtendWith(OpenNode.class)
class SessionRoutesTest {
  private final LiveNode node;

  SessionRoutesTest(LiveNode node) {
    this.node = node;
  }

  @Nested
  class WhereToConnect {
    @Test
    void isTheSocketOfTheHostThatWasAsked() {
      HttpResponse<String> answer = node.get("/session/chat~hello");

      assertThat(answer.statusCode()).isEqualTo(200);
      JsonNode where = LiveNode.json(answer);
      assertThat(where.get("url").asText())
          .isEqualTo("ws://127.0.0.1:" + node.url().getPort() + "/ws");
      assertThat(where.get("state").asText()).isEqualTo("Ready");
      assertThat(where.get("udp").asText()).startsWith("udp://127.0.0.1:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.example", "a.example:80", "[::1]:8889", "a_b", "127.0.0.1"})
    void isNamedAsTheClientNamesIt(String host) {
      try (RawHttp http = new RawHttp(node.url())) {
        String body = http.send("GET /session/a HTTP/1.1\r\nHost: " + host + "\r\n\r\n").body();

        assertThat(body).contains("\"ws://" + host + "/ws\"");
      }
    }

    @Test
    void isForPagesOfEveryOriginAndNotKept() {
      HttpResponse<String> answer = node.get("/session/chat", "Origin", "https://evil.example");

      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
      assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "%E2%80%8Fabc", "%0a"})
    void isNoPlaceOfThisName(String slug) {
      assertError(node.get("/session/" + slug), 400, "bad_message");
    }

    @Test
    void isNoPlaceOfAnEndlessName() {
      assertError(node.get("/session/" + "a".repeat(257)), 400, "too_long");
      assertError(node.get("/session/" + "a".repeat(10_000)), 400, "too_long");
    }

    @Test
    void isNothingWithoutAName() {
      assertError(node.get("/session/"), 404, "not_found");
      assertError(node.get("/session/a/b"), 404, "not_found");
    }
  }

  @Nested
  class LeavingWithoutASocket {
    @Test
    void endsTheSessionAtOnce() {
      Client bob = node.person("@leave-bob");
      bob.join("chat-leave");
      Client ann = node.connect();
      JsonNode welcome = node.hello(ann, "@leave-ann");
      ann.join("chat-leave");
      bob.await("presence:delta");

      HttpResponse<String> answer =
          node.post(
              "/v1/leave",
              welcome.get("resume").asText(),
              "Content-Type",
              "text/plain;charset=UTF-8");

      assertThat(answer.statusCode()).isEqualTo(204);
      assertThat(answer.body()).isEmpty();
      assertThat(bob.await("presence:delta").at("/left/0").asText()).isEqualTo("@leave-ann");
      assertThat(ann.closeCode()).isEqualTo(1000);
    }

    @Test
    void worksInTheGraceAndOnlyOnce() {
      Client ann = node.connect();
      String token = node.hello(ann, "@leave-twice").get("resume").asText();
      ann.drop();

      assertThat(node.post("/v1/leave", token).statusCode()).isEqualTo(204);
      assertError(node.post("/v1/leave", token), 404, "not_found");
    }

    @Test
    void needsTheWholeToken() {
      Client ann = node.connect();
      JsonNode welcome = node.hello(ann, "@leave-stay");
      String session = welcome.get("session").asText();

      assertError(node.post("/v1/leave", session + "." + "A".repeat(43)), 404, "not_found");
      ann.say("{'type':'location','slug':'a','ref':'alive'}");
      assertThat(ann.await("ok").get("ref").asText()).isEqualTo("alive");
    }

    @Test
    void ofASessionThatNobodyMadeIsNotFound() {
      assertError(node.post("/v1/leave", "A".repeat(40) + "." + "A".repeat(43)), 404, "not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "token", "{}", "a.b.c", "\u0000"})
    void needsAToken(String body) {
      assertError(node.post("/v1/leave", body), 400, "bad_message");
    }

    @Test
    void isAllowedToPagesOfEveryOrigin() {
      HttpResponse<String> answer =
          node.send(
              "OPTIONS",
              "/v1/leave",
              "",
              "Origin",
              "https://a.example",
              "Access-Control-Request-Method",
              "POST");

      assertThat(answer.statusCode()).isEqualTo(204);
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
      assertThat(answer.headers().firstValue("Access-Control-Allow-Methods")).contains("POST");
      assertThat(node.post("/v1/leave", "x").headers().firstValue("Access-Control-Allow-Origin"))
          .contains("*");
    }
  }
}
