package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What browsers are told beside the answer.
@Timeout(120)
@ExtendWith(OpenNode.class)
class HeadersTest {
  private static final String EVIL = "https://evil.example";

  private final LiveNode node;

  HeadersTest(LiveNode node) {
    this.node = node;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/ops",
        "/ops.js",
        "/client.js",
        "/openapi.json",
        "/health",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/ws",
        "/session/lobby",
        "/v1/instances",
        "/v1/instances/chat-headers",
        "/v1/users/@nobody",
        "/v1/admin/sessions",
        "/v1/workspaces/none",
        "/nothing",
        "/%00",
        "/v1/instances/chat-headers/roster?limit=x"
      })
  void everyAnswerForbidsABrowserToDoMoreWithItThanItIsFor(String path) {
    HttpHeaders headers = node.get(path).headers();

    assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
    assertThat(headers.firstValue("Cache-Control"))
        .hasValueSatisfying(value -> assertThat(value).isIn("no-store", "no-cache"));
    assertThat(headers.allValues("Content-Security-Policy"))
        .singleElement()
        .asString()
        .startsWith("default-src 'none'")
        .contains("base-uri 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", " *", "http:");
    assertThat(headers.firstValue("Server")).isEmpty();
    assertThat(headers.firstValue("Access-Control-Allow-Credentials")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/ops", "/page.js", "/ops.js", "/metrics", "/health"})
  void whatIsForThisSiteAloneIsReadableByNoOtherPage(String path) {
    assertThat(allowed(node.get(path, "Origin", EVIL))).isEmpty();
  }

  @Test
  void answersForOperatorsAreForNoPageOfAnotherOrigin() {
    for (String method : List.of("GET", "POST", "OPTIONS")) {
      for (String path : List.of("/v1/admin/sessions", "/v1/admin/kick", "/v1/admin/overview")) {
        assertThat(
                allowed(
                    node.send(method, path, "", "Origin", EVIL, "Authorization", OpenNode.ADMIN)))
            .as(method + " " + path)
            .isEmpty();
      }
    }
  }

  @Test
  void listsAreReadableByPagesThatMayConnectAndByNoOther() {
    String own = node.url().toString();
    for (String path : List.of("/v1/instances", "/v1/instances/chat-headers", "/v1/users/@no")) {
      HttpResponse<String> ours = node.get(path, "Origin", own);
      assertThat(allowed(ours)).as(path).contains(own);
      assertThat(ours.headers().allValues("Vary")).as(path).contains("Origin");
      assertThat(allowed(node.get(path, "Origin", EVIL))).as(path).isEmpty();
      assertThat(allowed(node.get(path, "Origin", "null"))).as(path).isEmpty();
    }
  }

  private static Optional<String> allowed(HttpResponse<String> answer) {
    return answer.headers().firstValue("Access-Control-Allow-Origin");
  }
}
