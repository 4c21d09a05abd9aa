package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static presence.cases.Tokens.inSeconds;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Authenticated;
import presence.protocol.ServerMessage.Presence;
import presence.protocol.ServerMessage.Welcome;

/// Attacks by name, each with the refusal that was observed. What every one of them leaves behind:
/// a node that serves, and a log without a warning.
class AbuseCases {
  @RegisterExtension static final TestNode node = TestNode.inMemory();

  private final String lobby = TestNode.unique("chat-lobby");

  private static RawSocket hello(String fields) {
    return node.socket().says("{\"type\":\"hello\",\"protocol\":1" + fields + "}");
  }

  private static void assertIsRefused(RawSocket socket, ErrorCode code, int closeCode) {
    try (socket) {
      assertThat(socket.hears(ServerMessage.Error.class).code()).isEqualTo(code);
      assertThat(socket.closeCode()).isEqualTo(closeCode);
    }
  }

  private static void assertIsNoToken(String token) {
    assertIsRefused(hello(",\"token\":\"" + token + "\""), ErrorCode.BAD_TOKEN, 4403);
  }

  @Case
  @DisplayName("fixation: a session that was prepared for somebody is theirs alone once they speak")
  void aPreparedSessionIsNotSharedWithWhoPreparedIt() {
    try (RawSocket mallory = node.socket()) {
      Welcome prepared = mallory.says(Frames.ANONYMOUS).hears(Welcome.class);
      try (RawSocket ann = node.socket()) {
        Welcome resumed = ann.says(Frames.resume(prepared.resume())).hears(Welcome.class);
        assertThat(resumed.session()).isEqualTo(prepared.session());
        assertThat(mallory.closeCode()).isEqualTo(4409);
        ann.says("{\"type\":\"authenticate\",\"token\":\"%s\"}".formatted(Tokens.of("ann")))
            .hears(Authenticated.class);

        try (RawSocket again = node.socket()) {
          Welcome other = again.says(Frames.resume(prepared.resume())).hears(Welcome.class);
          assertThat(other.session()).isNotEqualTo(prepared.session());
          assertThat(other.user()).isNull();
        }
        assertThat(ann.isOpen()).isTrue();
      }
    }
  }

  @Case
  @DisplayName("fixation: a proof does not take over a session of nobody by a token of it")
  void aProofAndATokenOfNobodyDoNotGoTogether() {
    try (RawSocket mallory = node.socket()) {
      String prepared = mallory.says(Frames.ANONYMOUS).hears(Welcome.class).resume();
      assertIsRefused(
          hello(
              ",\"token\":\"%s\",\"resume\":{\"token\":\"%s\"}"
                  .formatted(Tokens.of("ann"), prepared)),
          ErrorCode.FORBIDDEN,
          4403);
    }
  }

  @Case
  @DisplayName("race: one resume token at many sockets at once has one winner")
  void oneTokenAtManySocketsHasOneWinner() {
    Welcome first;
    try (RawSocket owner = node.socket()) {
      first = owner.says(Frames.hello(Tokens.of("ann"))).hears(Welcome.class);
    }
    List<RawSocket> sockets = Stream.generate(node::socket).limit(5).toList();
    sockets.forEach(each -> each.says(Frames.resume(first.resume())));

    await("all are answered, and one has the session")
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            sockets.stream().allMatch(each -> !each.isOpen() || isWelcome(each, ""))
                && sockets.stream().filter(each -> has(each, first.session())).count() == 1);
    assertThat(sockets)
        .filteredOn(each -> !has(each, first.session()))
        .allSatisfy(each ->
            assertThat(each.isOpen() ? isWelcome(each, "\"anonymous\":true") : replaced(each))
                .as("is nobody, or was replaced")
                .isTrue());
    sockets.forEach(RawSocket::close);
  }

  private static boolean has(RawSocket socket, String session) {
    return socket.isOpen() && isWelcome(socket, "\"session\":\"" + session + "\"");
  }

  private static boolean isWelcome(RawSocket socket, String part) {
    return socket.frames().stream()
        .anyMatch(frame -> frame.contains("\"welcome\"") && frame.contains(part));
  }

  private static boolean replaced(RawSocket socket) {
    return socket.closeCode() == 4409;
  }

  @Case
  @DisplayName("tokens that bring or name their own key: jwk, jku, x5u, x5c, a path as kid")
  void aTokenDoesNotBringItsOwnKey() {
    String claims = "{\"sub\":\"ann\",\"exp\":%d}".formatted(inSeconds(600));
    String own = "another secret, as long as the first one";
    Stream.of(
            "\"jwk\":{\"kty\":\"oct\",\"k\":\"%s\"}".formatted(Tokens.base64(own)),
            "\"jku\":\"http://127.0.0.1:1/keys\"",
            "\"x5u\":\"http://127.0.0.1:1/keys\"",
            "\"x5c\":[\"AAAA\"]",
            "\"kid\":\"../../../../dev/null\"",
            "\"kid\":\"' OR 1=1 --\"",
            "\"kid\":{}")
        .map(header -> Tokens.signed("{\"alg\":\"HS256\"," + header + "}", claims, own))
        .forEach(AbuseCases::assertIsNoToken);
  }

  @Case
  @DisplayName("tokens with extensions that must be understood, or none of the algorithms")
  void aTokenOfAnotherKindIsNone() {
    String claims = "{\"sub\":\"ann\",\"exp\":%d}".formatted(inSeconds(600));
    Stream.of(
            "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
            "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}",
            "{\"alg\":\"nOnE\"}",
            "{\"alg\":\"HS512\"}",
            "{\"alg\":[\"HS256\"]}",
            "{\"alg\":null}",
            "{}",
            "[]")
        .map(header -> Tokens.signed(header, claims, Tokens.SECRET))
        .forEach(AbuseCases::assertIsNoToken);
  }

  @Case
  @DisplayName("a token that is good until the year 9999 does not break the timer of its warning")
  void aTokenForAgesIsATokenLikeOthers() {
    String token = Tokens.signed("{\"sub\":\"ann\",\"exp\":253402300799}");
    try (RawSocket ann = hello(",\"token\":\"" + token + "\"")) {
      ann.hears(Welcome.class);
      ann.says(Frames.join(lobby)).hears(Presence.class);
      assertThat(ann.isOpen()).isTrue();
    }
  }

  @Case
  @DisplayName(
      "unicode: a handle in other clothes is the same person, one with hidden parts is none")
  void aHandleInOtherClothesIsTheSamePerson() {
    for (String clothes : List.of("@ANN", "ann", "\\uff41\\uff4e\\uff4e", "\\uff20ann")) {
      try (RawSocket ann =
          hello(
              ",\"token\":\"%s\""
                  .formatted(
                      Tokens.signed(
                          "{\"sub\":\"%s\",\"exp\":%d}".formatted(clothes, inSeconds(600)))))) {
        assertThat(ann.hears(Welcome.class).user())
            .isNotNull()
            .satisfies(user -> assertThat(user.id()).as(clothes).isEqualTo("@ann"));
      }
    }
    for (String hidden :
        List.of(
            "a\\u200bnn",
            "a\\u202enn",
            "ann\\u0000",
            "an\\u2060n",
            "",
            "@",
            "@@ann",
            "an n",
            "ann\\n",
            "\\ud800ann",
            "a/nn",
            "ann".repeat(100))) {
      assertIsNoToken(
          Tokens.signed("{\"sub\":\"%s\",\"exp\":%d}".formatted(hidden, inSeconds(600))));
    }
  }

  @Case
  @DisplayName("a frame full of questions for the roster: each is a list of everybody")
  void theRosterIsToldOnlySoOften() {
    int questions = 1_000;
    try (RawSocket socket = hello("")) {
      socket.says(Frames.join(lobby)).hears(Presence.class);
      String question = "{\"type\":\"roster\",\"instance\":\"%s\"}".formatted(lobby);
      socket.says(Frames.array(Collections.nCopies(questions, question).toArray(String[]::new)));
      ServerMessage.Error refused =
          socket.hears(ServerMessage.Error.class, each -> each.code() == ErrorCode.RATE_LIMITED);
      assertThat(refused.retryable()).isTrue();
      assertThat(refused.retryAfterMs()).isBetween(1L, 50L);

      await()
          .until(() ->
              socket.count(ServerMessage.Error.class) + socket.count(ServerMessage.Roster.class)
                  == questions);
      assertThat(socket.count(ServerMessage.Roster.class)).isBetween(40L, 100L);
      assertThat(socket.isOpen()).isTrue();
    }
  }

  @Case
  @DisplayName("hellos that are no hello: types, arrays, prototypes, two of one field")
  void aHelloOfAnotherFormIsRefused() {
    Stream.of(
            ",\"token\":1",
            ",\"token\":{\"toString\":\"x\"}",
            ",\"resume\":\"x\"",
            ",\"resume\":{\"token\":[]}",
            ",\"key\":{\"publicKey\":\"" + "0".repeat(64) + "\",\"signature\":7}",
            ",\"location\":[\"x\"]",
            ",\"token\":\"" + "x".repeat(9_000) + "\"")
        .forEach(fields -> {
          try (RawSocket socket = hello(fields)) {
            assertThat(socket.hears(ServerMessage.Error.class).code())
                .as(fields)
                .isIn(ErrorCode.BAD_MESSAGE, ErrorCode.BAD_TOKEN, ErrorCode.TOO_LONG);
            assertThat(socket.closeCode()).as(fields).isIn(4400, 4403);
          }
        });
  }

  @Case
  @DisplayName("a message before the hello, a binary hello, and a hello in an array after another")
  void nothingIsDoneBeforeAHello() {
    for (String first :
        List.of(
            Frames.join(lobby),
            "{\"type\":\"authenticate\",\"token\":\"%s\"}".formatted(Tokens.of("ann")),
            Frames.array(Frames.join(lobby), Frames.ANONYMOUS))) {
      assertIsRefused(node.socket().says(first), ErrorCode.NO_HELLO, 4401);
    }
    assertIsRefused(
        node.socket().saysBinary(Frames.ANONYMOUS.getBytes(StandardCharsets.UTF_8)),
        ErrorCode.NO_HELLO,
        4401);
    try (RawSocket twice = node.socket().says(Frames.array(Frames.ANONYMOUS, Frames.ANONYMOUS))) {
      twice.hears(Welcome.class);
      assertThat(twice.hears(ServerMessage.Error.class).code()).isEqualTo(ErrorCode.SECOND_HELLO);
    }
  }

  @Case
  @DisplayName("leave on behalf of others: an id, an id with a guess, a token of before")
  void nobodyIsSentAwayByWhoDoesNotHoldTheirToken() {
    TestClient ann = node.person("ann").joins(lobby);
    String before = ann.token();
    ann.drops();
    ann.comesBack();
    ann.goesTo("anywhere");
    for (String body :
        List.of(ann.session(), ann.session() + ".", ann.session() + ".guess", before, ".", "x.y")) {
      assertThat(node.post("/v1/leave", body).status()).as(body).isIn(400, 404);
    }
    assertThat(ann.isClosed()).isFalse();
  }

  @Case
  @DisplayName("mail to a session id that was made up reaches nobody")
  void aMadeUpSessionIdIsNoRecipient() {
    try (RawSocket ann = node.socket()) {
      String session = ann.says(Frames.hello(Tokens.of("ann"))).hears(Welcome.class).session();
      String forged = (session.charAt(0) == 'A' ? "B" : "A") + session.substring(1);
      ann.says(
          "{\"type\":\"dm:send\",\"to\":\"%s\",\"text\":\"x\",\"clientMessageId\":\"m\"}"
              .formatted(forged));
      assertThat(ann.hears(ServerMessage.Error.class).code())
          .isIn(ErrorCode.UNKNOWN_RECIPIENT, ErrorCode.BAD_MESSAGE);
    }
  }

  @Case
  @DisplayName("resume ids of streams that were made up")
  void aMadeUpPositionIsAnErrorOrANewBeginning() {
    for (String id : List.of("x", "1", "1:", "-1:5", "1:2:3", "9".repeat(40) + ":1", "1e3:1")) {
      assertThat(node.get("/v1/instances/" + lobby + "/events", "Last-Event-ID", id).status())
          .as(id)
          .isEqualTo(400);
    }
  }
}
