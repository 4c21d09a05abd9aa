package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Stream;
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

  static Stream<Arguments> framed() {
    return Stream.of(
            Map.entry(
                "a length and chunks",
                "POST /v1/leave HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            Map.entry(
                "two lengths",
                "POST /v1/leave HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0\r\n"
                    + "Content-Length: 40\r\n\r\n"),
            Map.entry(
                "a list of lengths",
                "POST /v1/leave HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0, 40\r\n\r\n"),
            Map.entry(
                "a length with a sign",
                "POST /v1/leave HTTP/1.1\r\nHost: a.example\r\nContent-Length: +40\r\n\r\n"),
            Map.entry(
                "a negative length",
                "POST /v1/leave HTTP/1.1\r\nHost: a.example\r\nContent-Length: -1\r\n\r\n"),
            Map.entry(
                "another transfer coding",
                "POST /v1/leave HTTP/1.1\r\n"
                    + "Host: a.example\r\n"
                    + "Transfer-Encoding: xchunked\r\n\r\n"),
            Map.entry(
                "a space before the colon",
                "POST /v1/leave HTTP/1.1\r\nHost: a.example\r\nContent-Length : 40\r\n\r\n"))
        .map(each -> Arguments.of(each.getKey(), each.getValue()));
  }

  static Stream<Arguments> addressed() {
    return Stream.of(
            Map.entry(
                "two hosts",
                "GET /v1/instances HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n"),
            Map.entry("no host", "GET /v1/instances HTTP/1.1\r\n\r\n"),
            Map.entry(
                "a host that is none",
                "GET /v1/instances HTTP/1.1\r\nHost: a.example/evil@b\r\n\r\n"),
            Map.entry(
                "a control character in a header",
                "GET /v1/instances HTTP/1.1\r\nHost: a.example\r\nX-A: b\u0000c\r\n\r\n"),
            Map.entry("another protocol", "GET /v1/instances HTTP/9.9\r\nHost: a.example\r\n\r\n"),
            Map.entry(
                "a method that is none",
                "G\u0001T /v1/instances HTTP/1.1\r\nHost: a.example\r\n\r\n"),
            Map.entry("a preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
        .map(each -> Arguments.of(each.getKey(), each.getValue()));
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
