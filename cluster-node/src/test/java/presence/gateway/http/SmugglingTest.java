package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests that a proxy in front and this server might read differently: then one client's words
/// would be taken for another's. Each is refused, and what follows on the connection is not read as
/// a request.
@Timeout(120)
@ExtendWith(OpenNode.class)
class SmugglingTest {
  private static final String HIDDEN = "GET /client.js HTTP/1.1\r\nHost: a.example\r\n\r\n";

  private final LiveNode node;

  SmugglingTest(LiveNode node) {
    this.node = node;
  }

  private static Arguments named(String name, String... lines) {
    return Arguments.of(name, String.join("\r\n", lines) + "\r\n\r\n");
  }

  private static Arguments posted(String name, String... headers) {
    return named(name, "POST /v1/leave HTTP/1.1\r\nHost: a.example", String.join("\r\n", headers));
  }

  static List<Arguments> framed() {
    return List.of(
        posted(
            "a length and chunks",
            "Content-Length: 4",
            "Transfer-Encoding: chunked",
            "", // the body
            "0"),
        posted("two lengths", "Content-Length: 0", "Content-Length: 40"),
        posted("a list of lengths", "Content-Length: 0, 40"),
        posted("a length with a sign", "Content-Length: +40"),
        posted("a negative length", "Content-Length: -1"),
        posted("another transfer coding", "Transfer-Encoding: xchunked"),
        posted("a space before the colon", "Content-Length : 40"));
  }

  static List<Arguments> addressed() {
    String get = "GET /v1/instances HTTP/1.1";
    String host = "Host: a.example";
    return List.of(
        named("two hosts", get, host, "Host: b.example"),
        named("no host", get),
        named("a host that is none", get, "Host: a.example/evil@b"),
        named("a control character in a header", get, host, "X-A: b\u0000c"),
        named("another protocol", "GET /v1/instances HTTP/9.9", host),
        named("a method that is none", "G\u0001T /v1/instances HTTP/1.1", host),
        named("a preface of HTTP/2", "PRI * HTTP/2.0", "", "SM"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("framed")
  void isRefusedAndNothingBehindItIsRead(String name, String request) {
    try (RawHttp http = new RawHttp(node.url())) {
      http.write(request + HIDDEN);
      RawHttp.Answer answer = http.read();

      assertThat(answer.status()).as("%s: %s", name, answer.body()).isBetween(400, 505);
      assertThat(hearsMore(http)).as("an answer to what was hidden behind it").isFalse();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("addressed")
  void isRefused(String name, String request) {
    try (RawHttp http = new RawHttp(node.url())) {
      RawHttp.Answer answer = http.send(request);
      assertThat(answer.status()).as("%s: %s", name, answer.body()).isBetween(400, 505);
    }
  }

  private static boolean hearsMore(RawHttp http) {
    try {
      return http.read().body().contains("PresenceClient");
    } catch (IllegalStateException | UncheckedIOException e) {
      return false;
    }
  }

  @Test
  void aBodyOfAnUpgradeIsNotReadAsFrames() {
    try (RawHttp http = new RawHttp(node.url())) {
      RawHttp.Answer answer =
          http.upgrade("a.example", 13, "Content-Length: " + HIDDEN.length() + "\r\n");
      assertThat(answer.status()).isEqualTo(400);
    }
  }
}
