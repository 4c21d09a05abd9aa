package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.client.SigningKey;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Challenge;
import presence.protocol.ServerMessage.Said;
import presence.protocol.ServerMessage.Welcome;

/// Nobody gets what is another's, whatever they say; and nobody is told what a client made up.
class TrustCases {
  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory(
          "PRESENCE_ALLOWED_ORIGINS=https://friends.example,https://shop.example:8443");

  private final String lobby = TestNode.unique("chat-lobby");
  private final TestClient ann = node.person("ann");
  private final TestClient bob = node.person("bob");

  @BeforeEach
  void annAndBobAreInTheLobby() {
    ann.joins(lobby);
    bob.joins(lobby).seesOnline(ann).listens();
  }

  @Case
  @DisplayName("9: A's session id")
  void aSessionIdSelectsNothing() {
    String claim =
        "{\"type\":\"hello\",\"protocol\":1,\"session\":\"%s\",\"resume\":{\"token\":\"%s\"}}";
    for (String token :
        List.of(ann.session(), ann.session() + ".c2VjcmV0", "x.y", "a".repeat(200))) {
      try (RawSocket mallory = node.socket()) {
        Welcome welcome = mallory.says(claim.formatted(ann.session(), token)).hears(Welcome.class);
        assertThat(welcome.session()).isNotEqualTo(ann.session());
        assertThat(welcome.resumed()).isFalse();
        assertThat(mallory.hears(ServerMessage.Error.class).code())
            .isEqualTo(ErrorCode.RESUME_EXPIRED);
      }
    }
    assertAnnIsUntouched();
  }

  @Case
  @DisplayName("9: a key without its signature, with another's, with one that was captured")
  void aKeyIsProvenOnTheSocketAndAtTheMomentOrNotAtAll() {
    SigningKey key = SigningKey.generate();
    TestClient kay = node.holder(key).joins(lobby);
    bob.seesOnline(kay).listens();
    try (RawSocket victim = node.socket();
        RawSocket forger = node.socket();
        RawSocket replayer = node.socket();
        RawSocket signer = node.socket()) {
      String captured = key.answer(challenge(victim, key));

      assertIsRefused(forger, key, SigningKey.generate().answer(challenge(forger, key)));
      challenge(replayer, key);
      assertIsRefused(replayer, key, captured);
      assertIsRefused(signer, key, key.answer("a nonce of my own"));
    }
    assertThat(kay.isClosed()).isFalse();
    bob.heardNothingAbout(kay);
  }

  private static String challenge(RawSocket socket, SigningKey key) {
    return socket
        .says(
            "{\"type\":\"hello\",\"protocol\":1,\"key\":{\"publicKey\":\"%s\"}}"
                .formatted(key.publicKey()))
        .hears(Challenge.class)
        .nonce();
  }

  private static void assertIsRefused(RawSocket socket, SigningKey key, String signature) {
    socket.says(
        "{\"type\":\"hello\",\"protocol\":1,\"key\":{\"publicKey\":\"%s\",\"signature\":\"%s\"}}"
            .formatted(key.publicKey(), signature));
    assertThat(socket.hears(ServerMessage.Error.class).code()).isEqualTo(ErrorCode.BAD_SIGNATURE);
    assertThat(socket.closeCode()).isEqualTo(4403);
  }

  @Case
  @DisplayName("9: a resume token that was replaced and confirmed")
  void aSpentTokenSelectsNothing() {
    String spent = ann.token();
    ann.drops();
    ann.comesBack();
    ann.goesTo("anywhere");

    try (RawSocket mallory = node.socket()) {
      Welcome welcome = mallory.says(Frames.resume(spent)).hears(Welcome.class);
      assertThat(welcome.resumed()).isFalse();
      assertThat(welcome.session()).isNotEqualTo(ann.session());
    }
    assertAnnIsUntouched();
  }

  @Case
  @DisplayName("9: A's resume token with another's proof")
  void aTokenOfAnotherIdentityIsRefused() {
    try (RawSocket mallory = node.socket()) {
      mallory.says(
          "{\"type\":\"hello\",\"protocol\":1,\"token\":\"%s\",\"resume\":{\"token\":\"%s\"}}"
              .formatted(Tokens.of("mallory"), ann.token()));
      assertThat(mallory.hears(ServerMessage.Error.class).code()).isEqualTo(ErrorCode.FORBIDDEN);
      assertThat(mallory.closeCode()).isEqualTo(4403);
    }
    assertAnnIsUntouched();
  }

  private void assertAnnIsUntouched() {
    assertThat(ann.isClosed()).isFalse();
    bob.heardNothingAbout(ann);
    ann.drops();
    assertThat(ann.comesBack().resumed()).as("her lease").isTrue();
  }

  @Case
  @DisplayName("10: a second hello")
  void aSecondHelloIsRefusedAndTheFirstIdentityStands() {
    ann.client().sendFrame(Frames.hello(Tokens.of("somebody-else")));

    ann.hears(ErrorCode.SECOND_HELLO);
    assertThat(ann.says("still me").from().id()).isEqualTo(ann.id());
    bob.heardNothingAbout(ann, "still me");
  }

  @Case
  @DisplayName("62: nothing is relayed as it came")
  void whatOthersReadIsWrittenByTheServer() throws Exception {
    for (String type :
        List.of("presence", "presence:delta", "chat:history", "welcome", "closing", "ping", "ok")) {
      ann.client()
          .sendFrame(
              "{\"type\":\"%s\",\"instance\":\"%s\",\"seq\":99,\"online\":[],\"left\":[\"%s\"]}"
                  .formatted(type, lobby, bob.id()));
    }
    ann.client()
        .sendFrame(
            """
            {"type":"chat:message","instance":"%s","text":"hello","clientMessageId":"m1","at":1,
             "id":"mine","seq":7,"epoch":7,"from":{"id":"%s","handle":"%s"},"<b>":"<b>"}\
            """
                .formatted(lobby, bob.id(), bob.id()));

    Said said =
        bob.transcript()
            .await(
                0,
                "ann's words",
                heard ->
                    heard.message() instanceof Said words && words.text().equals("hello")
                        ? words
                        : null);
    assertThat(said.from().id()).isEqualTo(ann.id());
    assertThat(said.id()).isNotEqualTo("mine");
    assertThat(said.clientMessageId()).isNull();
    assertThat(said.at()).isGreaterThan(1);
    bob.heardNothingAbout(ann, "hello");
    Set<String> types = new TreeSet<>();
    for (Transcript.Heard heard : bob.transcript().since(0)) {
      var frame = new ObjectMapper().readTree(heard.frame());
      (frame.isArray() ? frame : List.of(frame))
          .forEach(message -> types.add(message.path("type").asText()));
      assertThat(heard.frame()).doesNotContain("<b>");
    }
    assertThat(types)
        .isSubsetOf(
            "welcome", "ping", "presence", "presence:delta", "chat:history", "chat:message", "ok");
  }

  @Case
  @DisplayName("66: pages of other origins")
  void onlyPagesOfAllowedOriginsMayOpenASocket() {
    for (String origin :
        List.of("https://friends.example", "https://shop.example:8443", node.url().toString())) {
      assertThat(handshake("Origin: " + origin)).as(origin).contains("101");
    }
    for (String origin :
        List.of(
            "https://evil.example",
            "http://friends.example",
            "https://friends.example.evil.example",
            "https://friends.example@evil.example",
            "https://shop.example",
            "null",
            "")) {
      assertThat(handshake("Origin: " + origin)).as(origin).contains("403");
    }
    assertThat(handshake("User-Agent: no browser")).contains("101");
  }

  private static String handshake(String header) {
    try (RawSocket socket = node.socket(header)) {
      return socket.status();
    }
  }

  @Case
  @DisplayName("66: operators' routes")
  void operatorsRoutesWantTheToken() {
    String body = "{\"user\":\"%s\"}".formatted(ann.id());
    for (String path : List.of("kick", "bans/@ann", "mutes/@ann", "nothing", "")) {
      assertThat(node.post("/v1/admin/" + path, body).status()).isEqualTo(401);
      for (String shown :
          List.of(
              "",
              "Bearer",
              "Bearer ",
              "Bearer x",
              TestNode.ADMIN,
              "Basic " + TestNode.ADMIN,
              "Bearer " + TestNode.ADMIN + "x",
              "Bearer " + TestNode.ADMIN.substring(1))) {
        assertThat(node.post("/v1/admin/" + path, body, "Authorization", shown).status())
            .as("shown %s", shown)
            .isEqualTo(401);
      }
    }
    assertAnnIsUntouched();
    assertThat(node.command("/v1/admin/kick", body).status()).isEqualTo(204);
    ann.isClosedWith(4410);
  }
}
