package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.gateway.http.LiveNode.assertError;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.auth.DevTokens;
import presence.auth.JwtSecret;
import presence.auth.TokenRules;
import presence.protocol.Handle;

/// A node as it stands on the internet: identities are proven, pages of one origin may connect, and
/// it has a name of its own.
@Timeout(120)
class RequiredNodeTest {
  private static final String SECRET = "a secret of at least thirty-two bytes";

  private static LiveNode node;

  @BeforeAll
  static void start() {
    node =
        LiveNode.with(
            "PRESENCE_AUTH", "required",
            "PRESENCE_JWT_SECRET", SECRET,
            "PRESENCE_PUBLIC_URL", "https://chat.example.org/presence/",
            "PRESENCE_ALLOWED_ORIGINS", "https://app.example.org",
            "PRESENCE_HTTP_ANSWER_WITHIN", "6s",
            "PRESENCE_HTTP_SPECTATORS_MAX", "1");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void aTokenOfTheIssuerIsAProof() {
    Client ann = hello("@ann", SECRET);

    assertThat(ann.await("welcome").at("/user/id").asText()).isEqualTo("@ann");
  }

  @Test
  void aTokenOfAnotherSecretIsNone() {
    Client ann = hello("@ann", SECRET + "!");

    assertThat(ann.await("error").get("code").asText()).isEqualTo("bad_token");
    assertThat(ann.closeCode()).isEqualTo(4403);
  }

  @Test
  void whoProvesNothingIsRefused() {
    Client client = node.connect();
    client.say("{'type':'hello','protocol':1}");

    assertThat(client.await("error").get("code").asText()).isEqualTo("unauthenticated");
    assertThat(client.closeCode()).isEqualTo(4403);
  }

  @Test
  void workspacesAreForWhoeverProvesSomebody() {
    String create = "/v1/workspaces?client_id=3f2b8c1e-6d0a-4e57-9b1c-0a1b2c3d4e5f";
    assertError(node.post(create, "{}"), 401, "unauthenticated");
    assertError(node.post(create, "{}", "Authorization", "Bearer x"), 401, "bad_token");
    String token = token("@ann", SECRET);
    assertThat(node.post(create, "{}", "Authorization", "Bearer " + token).statusCode())
        .isEqualTo(201);
    assertError(
        node.post(create, "{}", "Authorization", "Bearer " + token, "Origin", "https://b"),
        403,
        "forbidden");
  }

  @Test
  void thereAreNoDevelopmentTokens() {
    assertError(node.post("/dev/token", "{\"handle\":\"@ann\"}"), 404, "not_found");
  }

  @Test
  void thereAreNoOperatorsWithoutAToken() {
    assertError(node.post("/v1/admin/kick", "{}", "Authorization", "Bearer "), 404, "not_found");
  }

  @Test
  void clientsAreSentToThePublicName() {
    assertThat(node.json("/session/chat").get("url").asText())
        .isEqualTo("wss://chat.example.org/presence/ws");
  }

  @Test
  void onlyPagesOfTheListedOriginsConnectAndRead() {
    assertThat(upgrade("https://app.example.org").status()).isEqualTo(101);
    assertThat(upgrade("https://chat.example.org").status()).isEqualTo(101);
    upgrade("https://app.example.org.evil.example").assertError(403, "forbidden");
    upgrade("http://app.example.org").assertError(403, "forbidden");

    HttpResponse<String> read = node.get("/v1/instances", "Origin", "https://app.example.org");
    assertThat(read.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("https://app.example.org");
    assertThat(read.headers().firstValue("Vary")).contains("Origin");
    HttpResponse<String> other =
        node.get("/v1/users/x y".replace(" ", "%20"), "Origin", "https://b");
    assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    assertThat(
            node.get("/v1/users/@nobody", "Origin", "https://app.example.org")
                .headers()
                .firstValue("Access-Control-Allow-Origin"))
        .as("a page may read why it was refused")
        .contains("https://app.example.org");
  }

  @Test
  void spectatorsAreAsManyAsThereMayBe() {
    Client ann = hello("@ann", SECRET);
    ann.await("welcome");
    ann.join("chat-full");
    node.events("/v1/instances/chat-full/events").next("presence");

    HttpResponse<String> answer = node.get("/v1/instances/chat-full/events");

    assertError(answer, 429, "rate_limited");
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
  }

  @Test
  void aBodyThatNeverComesIsNotWaitedForLong() {
    try (RawHttp http = new RawHttp(node.url())) {
      http.send("POST /v1/leave HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
          .assertError(400, "bad_message");
    }
  }

  private static String token(String handle, String secret) {
    return new DevTokens(
            JwtSecret.of(secret), TokenRules.DEFAULT, Duration.ofMinutes(1), InstantSource.system())
        .issue(Handle.of(handle));
  }

  private static Client hello(String handle, String secret) {
    Client client = node.connect();
    client.say("{'type':'hello','protocol':1,'token':'%s'}".formatted(token(handle, secret)));
    return client;
  }

  private static RawHttp.Answer upgrade(String origin) {
    try (RawHttp http = new RawHttp(node.url())) {
      return http.upgrade("chat.example.org", 13, "Origin: " + origin + "\r\n");
    }
  }
}
