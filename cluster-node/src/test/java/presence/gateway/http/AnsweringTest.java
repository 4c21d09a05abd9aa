package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ExtendWith(OpenNode.class)
class AnsweringTest {
  private static final String CLIENT = "?client_id=1b4e28ba-2fa1-41d2-883f-0016d3cca427";

  private final LiveNode node;

  AnsweringTest(LiveNode node) {
    this.node = node;
  }

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/instances/chat-hung-up/events", "/v1/workspaces/hung-up/events" + CLIENT})
  void aStreamEndsWhenItsClientHangsUp(String events) throws Exception {
    node.person("@hung-up").join("chat-hung-up");
    node.send("POST", "/v1/workspaces" + CLIENT, "{\"id\":\"hung-up\"}");
    try (RawHttp raw = new RawHttp(node.url())) {
      raw.write(get(events));
      assertThat(raw.line()).isEqualTo("HTTP/1.1 200 OK");
      raw.hangsUp();

      String lastChunk = "0";
      assertThat(Stream.generate(raw::line).anyMatch(lastChunk::equals)).isTrue();
    }
  }

  @Test
  void whoHangsUpIsAnsweredAllTheSame() {
    try (RawHttp raw = new RawHttp(node.url())) {
      raw.write(get("/health/live"));
      raw.hangsUp();
      assertThat(raw.read().status()).isEqualTo(200);
    }
  }

  @Test
  void requestsOfOneConnectionAreAnsweredInTheirOrder() {
    try (RawHttp raw = new RawHttp(node.url())) {
      raw.write(get("/health/live") + get("/nowhere") + get("/health/live") + get("/client.js"));
      assertThat(List.of(raw.read().status(), raw.read().status(), raw.read().status()))
          .containsExactly(200, 404, 200);
      assertThat(raw.read().body()).contains("PresenceClient");
    }
  }
}
