package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.cases.Tokens.inSeconds;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Welcome;

/// What a token must be to prove anybody.
class TokenCases {
  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory(
          "PRESENCE_JWT_AUDIENCE=presence", "PRESENCE_JWT_ISSUER=us", "PRESENCE_AUTH=required");

  private static final String GOOD = "\"iss\":\"us\",\"aud\":\"presence\"";
  private static final String NONE = "{\"alg\":\"none\"}";

  @Case
  @DisplayName("65: a good token")
  void aGoodTokenProvesItsSubject() {
    try (RawSocket socket = node.socket()) {
      Welcome welcome = socket.says(Frames.hello(good("@Ann"))).hears(Welcome.class);
      assertThat(welcome.user())
          .isNotNull()
          .satisfies(user -> assertThat(user.handle()).isEqualTo("@ann"));
    }
  }

  @Case
  @DisplayName("65: expired")
  void anExpiredTokenMakesTheClientFetchAnother() {
    assertIsRefused(claims(GOOD, -120), ErrorCode.EXPIRED_TOKEN, 4402);
  }

  @Case
  @DisplayName("65: not yet valid, wrong audience, alg:none, wrong key, and what is no token")
  void aTokenThatProvesNothingIsRefused() {
    String payload = payload(GOOD, 3_600);
    Stream.of(
            Tokens.signed(payload.replace("}", ",\"nbf\":" + inSeconds(600) + "}")),
            claims("\"iss\":\"us\",\"aud\":\"others\"", 3_600),
            claims("\"iss\":\"us\"", 3_600),
            claims("\"iss\":\"them\",\"aud\":\"presence\"", 3_600),
            Tokens.base64(NONE) + "." + Tokens.base64(payload) + ".",
            Tokens.signed(NONE, payload, Tokens.SECRET),
            Tokens.signed(
                "{\"alg\":\"HS256\"}", payload, "another secret, as long as the first one"),
            Tokens.signed("{\"alg\":\"HS256\"}", "{}", Tokens.SECRET),
            Tokens.signed("{\"alg\":\"HS256\"}", "[]", Tokens.SECRET),
            good("@ann") + "x",
            good("no handle at all"),
            "x",
            "..",
            "a.b.c")
        .forEach(token -> assertIsRefused(token, ErrorCode.BAD_TOKEN, 4403));
  }

  @Case
  @DisplayName("65: no token where one is required")
  void whoProvesNothingIsRefusedWhereAProofIsRequired() {
    try (RawSocket socket = node.socket()) {
      socket.says(Frames.ANONYMOUS);
      assertThat(socket.hears(ServerMessage.Error.class).code())
          .isEqualTo(ErrorCode.UNAUTHENTICATED);
      assertThat(socket.closeCode()).isEqualTo(4403);
    }
    assertThat(node.post("/dev/token", "{\"handle\":\"@ann\"}").status()).isEqualTo(404);
  }

  private static String good(String subject) {
    return Tokens.signed(payload(GOOD, 3_600).replace("@ann", subject));
  }

  private static String claims(String claims, long secondsLeft) {
    return Tokens.signed(payload(claims, secondsLeft));
  }

  private static String payload(String claims, long secondsLeft) {
    return "{\"sub\":\"@ann\",%s,\"exp\":%d}".formatted(claims, inSeconds(secondsLeft));
  }

  private static void assertIsRefused(String token, ErrorCode code, int closeCode) {
    try (RawSocket socket = node.socket()) {
      socket.says(Frames.hello(token));
      assertThat(socket.hears(ServerMessage.Error.class).code()).as(token).isEqualTo(code);
      assertThat(socket.closeCode()).isEqualTo(closeCode);
    }
  }
}
