package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Welcome;

/// Tokens whose keys an issuer publishes.
class IssuerCases {
  static final Issuer issuer = new Issuer();

  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory("PRESENCE_JWT_SECRET=", "PRESENCE_JWKS_URL=" + issuer.url());

  @Case
  @DisplayName("65: keys unreachable, then reachable, then unreachable again")
  void theWaitForKeysIsBoundedAndKnownKeysGoOnWorking() {
    issuer.hangs(); // and never answers: that the node does is what bounds its wait
    assertIsAnswered(issuer.token("@ann"), ErrorCode.UNAVAILABLE, 4300);

    issuer.publishes();
    Story.passes(1_100); // after a failure the issuer is left alone for a second
    assertIsWelcome(issuer.token("@ann"));

    issuer.hangs();
    assertIsWelcome(issuer.token("@bob"));
    assertIsAnswered(issuer.forged("@ann"), ErrorCode.BAD_TOKEN, 4403);
    assertIsAnswered(Tokens.of("@ann"), ErrorCode.BAD_TOKEN, 4403);
    node.log().forgives(line -> line.contains("cannot be fetched"));
  }

  private static void assertIsWelcome(String token) {
    try (RawSocket socket = node.socket()) {
      socket.says(Frames.hello(token)).hears(Welcome.class);
    }
  }

  private static void assertIsAnswered(String token, ErrorCode code, int closeCode) {
    try (RawSocket socket = node.socket()) {
      socket.says(Frames.hello(token));
      assertThat(socket.hears(ServerMessage.Error.class).code()).isEqualTo(code);
      assertThat(socket.closeCode()).isEqualTo(closeCode);
    }
  }
}
