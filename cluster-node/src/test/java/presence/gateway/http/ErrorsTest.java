package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.gateway.http.LiveNode.assertError;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@ExtendWith(OpenNode.class)
class ErrorsTest {
  private final LiveNode node;

  ErrorsTest(LiveNode node) {
    this.node = node;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/ws/",
        "/v1",
        "/v1/",
        "/v1/instances/",
        "/v1/users",
        "/session",
        "/page/index.html",
        "/presence.conf",
        "/favicon.ico"
      })
  void whereNothingIsNothingIsFound(String path) {
    assertError(node.get(path), 404, "not_found");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /session/chat, 'GET, OPTIONS'",
    "POST, /v1/instances, GET",
    "DELETE, /v1/instances/chat, GET",
    "PUT, /v1/users/@ann, GET",
    "GET, /v1/leave, 'POST, OPTIONS'",
    "GET, /dev/token, POST",
    "POST, /, 'GET, HEAD'",
    "POST, /ws, GET",
    "POST, /health/live, GET",
    "PATCH, /v1/instances/chat/roster, GET",
  })
  void aWrongMethodIsToldTheRightOnes(String method, String path, String allowed) {
    HttpResponse<String> answer = node.send(method, path, "body");

    assertError(answer, 405, "bad_message");
    assertThat(answer.headers().firstValue("Allow")).contains(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../etc/passwd",
        "/page.css/../../presence.conf",
        "//",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/v1/instances/..",
        "/v1/instances/../secrets",
        "/%00",
        "/v1/instances/a;b/c",
        "/client.js%00.html"
      })
  void aPathThatWouldEscapeDoesNot(String path) {
    try (RawHttp http = new RawHttp(node.url())) {
      http.get(path).assertError(404, "not_found");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/%", "/%zz", "/a b", "/v1/instances/%e2%82", "/v1/instances?limit=%", "*"})
  void aTargetThatIsNoUrlIsRefused(String target) {
    try (RawHttp http = new RawHttp(node.url())) {
      RawHttp.Answer answer = http.get(target);

      assertThat(answer.status()).as(answer.body()).isIn(400, 404);
      assertThat(answer.code()).isIn("bad_message", "not_found");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'GET / NONSENSE\r\n\r\n', 400, bad_message",
    "'GET / HTTP/1.1\r\n\r\n', 400, bad_message",
    "'GET / HTTP/7.1\r\nHost: a\r\n\r\n', 400, bad_message",
    "'GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n', 400, bad_message",
    "'BREW / HTTP/1.1\r\nHost: a\r\n\r\n', 405, bad_message",
    "'POST /v1/leave HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n', 400, bad_message",
    "'POST /v1/leave HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n', 413, too_long",
  })
  void whatIsNoRequestOfOursIsAnsweredAlike(String request, int status, String code) {
    try (RawHttp http = new RawHttp(node.url())) {
      http.send(request).assertError(status, code);
    }
  }

  @Test
  void anEndlessHeaderIsRefused() {
    try (RawHttp http = new RawHttp(node.url())) {
      RawHttp.Answer answer =
          http.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");

      answer.assertError(400, "too_long");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/leave", "/dev/token"})
  void aBodyThatIsTooLargeIsRefused(String path) {
    assertError(node.post(path, "x".repeat(9 * 1024)), 413, "too_long");
    assertError(node.post(path, "x".repeat(900 * 1024)), 413, "too_long");
  }

  @ParameterizedTest
  @CsvSource({
    "'', bad_message",
    "'{', bad_json",
    "'[]', bad_message",
    "'null', bad_message",
    "'7', bad_message",
    "'{}', bad_message",
    "'{\"handle\":null}', bad_message",
    "'{\"handle\":7}', bad_message",
    "'{\"handle\":[]}', bad_message",
    "'{\"handle\":\"\"}', bad_message",
    "'{\"handle\":\"a b\"}', bad_message",
    "'{\"handle\":\"a\\u0000\"}', bad_message",
    "'{\"handle\":\"a\"} x', bad_json",
    "'[[[[[[[[[[', bad_message",
    "'{\"__proto__\":{}}', bad_message"
  })
  void aBodyThatCannotBeReadIsRefused(String body, String code) {
    assertError(node.post("/dev/token", body), 400, code);
  }

  @Test
  void aBodyOfUnknownLengthIsReadNoFurtherThanItMayBeLong() {
    try (RawHttp http = new RawHttp(node.url())) {
      http.write("POST /v1/leave HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      http.write("2001\r\n" + "x".repeat(0x2001) + "\r\n");

      http.read().assertError(413, "too_long");
    }
  }

  @Test
  void aBodyWhereNoneBelongsDoesNoHarm() {
    HttpResponse<String> answer = node.send("GET", "/session/chat", "x".repeat(5_000));

    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void everyAnswerForbidsWhatItIsNotFor() {
    for (String path : new String[] {"/", "/session/chat", "/nothing", "/health/live"}) {
      HttpResponse<String> answer = node.get(path);
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
      assertThat(answer.headers().firstValue("Content-Security-Policy"))
          .hasValueSatisfying(
              policy -> assertThat(policy).contains("default-src 'none'", "frame-ancestors"));
      assertThat(answer.headers().firstValue("Server")).isEmpty();
    }
  }
}
