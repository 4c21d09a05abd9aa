package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
@ExtendWith(OpenNode.class)
class PageRoutesTest {
  private final LiveNode node;

  PageRoutesTest(LiveNode node) {
    this.node = node;
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=UTF-8, <title>",
    "/page.css, text/css; charset=UTF-8, {",
    "/page.js, text/javascript; charset=UTF-8, /client.js",
    "/places.css, text/css; charset=UTF-8, .plain",
    "/parts.js, text/javascript; charset=UTF-8, renderList",
    "/garden.js, text/javascript; charset=UTF-8, /parts.js",
    "/workshop.js, text/javascript; charset=UTF-8, EventSource",
    "/client.js, text/javascript; charset=UTF-8, PresenceClient",
    "/client.d.ts, text/plain; charset=UTF-8, PresenceClient",
  })
  void everyFileHasItsTypeAndIsAskedForAgain(String path, String type, String content) {
    HttpResponse<String> answer = node.get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains(type);
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-cache");
    assertThat(answer.body()).contains(content);
    String tag = answer.headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> again = node.get(path, "If-None-Match", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void theHeadOfAFileIsThatOfTheFile() {
    HttpResponse<String> head = node.send("HEAD", "/client.js", "");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("ETag"))
        .isEqualTo(node.get("/client.js").headers().firstValue("ETag"));
    assertThat(head.body()).isEmpty();
  }

  @Test
  void thePageRunsNothingThatIsNotItsOwn() {
    HttpResponse<String> page = node.get("/");

    assertThat(page.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(policy ->
            assertThat(policy)
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "*"));
    assertThat(page.headers().allValues("Content-Security-Policy")).hasSize(1);
    assertThat(page.headers().firstValue("X-Frame-Options")).contains("DENY");
    assertThat(page.body()).doesNotContain("style=\"", "onclick", "<script>");
  }

  @Test
  void theClientMayBeImportedByEveryPage() {
    assertThat(node.get("/client.js").headers().firstValue("Access-Control-Allow-Origin"))
        .contains("*");
    assertThat(node.get("/page.js").headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }
}
