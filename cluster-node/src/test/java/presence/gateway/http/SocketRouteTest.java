package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@ExtendWith(OpenNode.class)
class SocketRouteTest {
  private final LiveNode node;

  SocketRouteTest(LiveNode node) {
    this.node = node;
  }

  @Test
  void aHandshakeOpensASocket() {
    RawHttp.Answer answer = shake("a.example", 13, "");

    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.headers())
        .containsEntry("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        .doesNotContainKey("sec-websocket-protocol");
  }

  @Test
  void theSubprotocolIsEchoedToWhoOffersIt() {
    assertThat(shake("a.example", 13, "Sec-WebSocket-Protocol: other, presence.v1\r\n").headers())
        .containsEntry("sec-websocket-protocol", "presence.v1");
    RawHttp.Answer other = shake("a.example", 13, "Sec-WebSocket-Protocol: other\r\n");
    assertThat(other.status()).isEqualTo(101);
    assertThat(other.headers()).doesNotContainKey("sec-websocket-protocol");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://a.example:80", "https://A.example", "http://a.example"})
  void theNodesOwnPagesMayOpenOne(String origin) {
    assertThat(shake("a.example", 13, "Origin: " + origin + "\r\n").status()).isEqualTo(101);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://b.example",
        "http://a.example:8080",
        "https://a.example.evil.example",
        "null",
        "a.example",
        "file://",
        "http://a.example@evil.example",
        "chrome-extension://a.example"
      })
  void otherPagesMayNot(String origin) {
    shake("a.example", 13, "Origin: " + origin + "\r\n").assertError(403, "forbidden");
  }

  @Test
  void whoAsksForNoSocketIsToldWhatThisIs() {
    try (RawHttp http = new RawHttp(node.url())) {
      RawHttp.Answer answer = http.get("/ws");

      answer.assertError(426, "bad_message");
      assertThat(answer.headers()).containsEntry("upgrade", "websocket");
    }
  }

  @Test
  void anotherVersionIsRefused() {
    shake("a.example", 8, "").assertError(400, "bad_message");
  }

  private RawHttp.Answer shake(String host, int version, String headers) {
    try (RawHttp http = new RawHttp(node.url())) {
      return http.upgrade(host, version, headers);
    }
  }
}
