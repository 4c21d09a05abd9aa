package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Presence;
import presence.protocol.ServerMessage.Welcome;

/// Attacks of somebody who is welcome, by what their messages hold, each with the refusal that was
/// observed.
class WireAbuseCases {
  private static final int LETTERS_MAX = 5;
  private static final int INSTANCES_MAX = 4;

  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory(
          "PRESENCE_MAIL_ITEMS_MAX=" + LETTERS_MAX,
          "PRESENCE_SESSION_INSTANCES_MAX=" + INSTANCES_MAX,
          "PRESENCE_SESSION_WATCHED_MAX=10");

  private static RawSocket greeted() {
    RawSocket socket = node.socket();
    socket.says(Frames.hello(Tokens.of(TestNode.unique("mallory")))).hears(Welcome.class);
    return socket;
  }

  /// What a message is answered that bears this reference.
  private static ServerMessage asks(RawSocket socket, String ref, String message) {
    return socket.says(message).hears(ServerMessage.class, answer -> ref.equals(answer.ref()));
  }

  private static void assertError(ServerMessage answer, ErrorCode... codes) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            ServerMessage.Error.class, error -> assertThat(error.code()).isIn((Object[]) codes));
  }

  /// The next error is one of these, and the socket lives.
  private static void assertRefused(String message, ErrorCode... codes) {
    try (RawSocket socket = greeted()) {
      assertError(socket.says(message).hears(ServerMessage.Error.class), codes);
      assertThat(asks(socket, "alive", "{\"type\":\"location\",\"slug\":\"x\",\"ref\":\"alive\"}"))
          .isInstanceOf(ServerMessage.Ok.class);
    }
  }

  @Case
  @DisplayName("compression: a few bytes that inflate to many, and some that nobody agreed on")
  void noMoreIsInflatedThanAMessageMayHave() {
    byte[] bomb = presence.gateway.ws.frame.Frames.deflated(new byte[10_000_000]);
    assertThat(bomb).hasSizeLessThan(64 * 1024);
    try (RawSocket socket = node.socket("Sec-WebSocket-Extensions: permessage-deflate")) {
      assertThat(socket.answerHeaders()).anyMatch(WireAbuseCases::isExtension);
      socket.saysCompressed(bomb);
      assertThat(socket.closeCode()).isEqualTo(1009);
    }
    try (RawSocket socket = node.socket()) {
      assertThat(socket.answerHeaders()).noneMatch(WireAbuseCases::isExtension);
      socket.saysCompressed(bomb);
      assertThat(socket.closeCode()).isEqualTo(1002);
    }
  }

  @Case
  @DisplayName("compression: an operator who does not want it")
  void whereItIsOffNothingIsAgreedOn() {
    try (TestNode plain = TestNode.inMemory("PRESENCE_CONNECTION_COMPRESSION=false").start();
        RawSocket socket = plain.socket("Sec-WebSocket-Extensions: permessage-deflate")) {
      assertThat(socket.status()).contains("101");
      assertThat(socket.answerHeaders()).noneMatch(WireAbuseCases::isExtension);
    }
  }

  private static boolean isExtension(String header) {
    return header.toLowerCase(Locale.ROOT).startsWith("sec-websocket-extensions");
  }

  @Case
  @DisplayName("amplification: thousands of tiny elements in one frame are not all answered")
  void tinyRequestsAreNotAnsweredWithoutEnd() {
    try (RawSocket socket = greeted()) {
      String frame = "[" + "0,".repeat(30_000) + "0]";
      socket.says(frame);
      assertThat(socket.closeCode()).isEqualTo(4400);
      assertThat(String.join("", socket.frames()).length())
          .as("characters that were answered")
          .isLessThan(frame.length() / 2);
    }
  }

  @Case
  @DisplayName("numbers beyond all bounds: 1e400, too many digits, fractions, below zero")
  void aNumberBeyondAllBoundsIsRefused() {
    for (String number : List.of("1e400", "-1e400", "9".repeat(33), "1.5", "-1", "1e15", "\"1\"")) {
      assertRefused(
          "{\"type\":\"chat:join\",\"instance\":\"x\",\"since\":{\"epoch\":%s,\"seq\":1}}"
              .formatted(number),
          ErrorCode.BAD_MESSAGE,
          ErrorCode.BAD_JSON);
    }
    for (String number : List.of("1e400", "-1e400", "[[1e999]]", "{\"a\":1e400}")) {
      assertRefused(
          "{\"type\":\"world:emit\",\"piece\":\"x\",\"name\":\"n\",\"data\":%s}".formatted(number),
          ErrorCode.BAD_MESSAGE);
    }
  }

  @Case
  @DisplayName("one field twice: for a proxy that reads the first where the server reads the last")
  void twoOfOneFieldAreNoMessage() {
    Stream.of(
            "{\"type\":\"location\",\"slug\":\"a\",\"slug\":\"b\"}",
            "{\"type\":\"location\",\"type\":\"bye\",\"slug\":\"a\"}",
            "{\"type\":\"location\",\"slug\":\"a\",\"x\":{\"y\":1,\"y\":2}}")
        .forEach(frame -> assertRefused(frame, ErrorCode.BAD_JSON));
  }

  @Case
  @DisplayName("nesting: arrays in arrays, objects in objects, in fields nobody reads")
  void whatNestsTooDeepIsRefused() {
    Stream.of(
            "[".repeat(1_000) + "]".repeat(1_000),
            "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000),
            "{\"type\":\"location\",\"slug\":\"x\",\"y\":%s}"
                .formatted("[".repeat(200) + "]".repeat(200)))
        .forEach(frame -> assertRefused(frame, ErrorCode.BAD_JSON));
  }

  @Case
  @DisplayName("a reference without end is not sent back, nor is one that hides something")
  void aReferenceIsNoEcho() {
    for (String ref : List.of("r".repeat(60_000), "a\\u202eb", "a\\u0000b")) {
      try (RawSocket socket = greeted()) {
        ServerMessage.Error error =
            socket
                .says("{\"type\":\"location\",\"slug\":\"x\",\"ref\":\"%s\"}".formatted(ref))
                .hears(ServerMessage.Error.class);
        assertError(error, ErrorCode.TOO_LONG, ErrorCode.BAD_MESSAGE);
        assertThat(error.ref()).isNull();
        assertThat(error.message().length()).isLessThan(200);
      }
    }
  }

  @Case
  @DisplayName("unicode: names of instances, messages and persons that hide or turn what they hold")
  void hiddenSignsInANameAreRefused() {
    for (String sign :
        List.of(
            "\\u200b", "\\u202e", "\\u2066", "\\u2060", "\\ufeff", "\\u0000", "\\u2028",
            "\\ud800")) {
      assertRefused(
          "{\"type\":\"chat:join\",\"instance\":\"chat%s\"}".formatted(sign),
          ErrorCode.BAD_MESSAGE);
      assertRefused(
          "{\"type\":\"dm:send\",\"to\":\"@ann%s\",\"text\":\"x\",\"clientMessageId\":\"m\"}"
              .formatted(sign),
          ErrorCode.BAD_MESSAGE);
      assertRefused(
          "{\"type\":\"dm:send\",\"to\":\"@ann\",\"text\":\"x\",\"clientMessageId\":\"m%s\"}"
              .formatted(sign),
          ErrorCode.BAD_MESSAGE);
    }
  }

  @Case
  @DisplayName("unicode: two spellings of one letter are two instances, and neither is the other's")
  void aNameIsExactlyWhatItIs() {
    try (RawSocket one = greeted();
        RawSocket other = greeted()) {
      String name = TestNode.unique("caf");
      one.says(Frames.join(name + "\\u00e9")).hears(Presence.class);
      Presence cut = other.says(Frames.join(name + "e\\u0301")).hears(Presence.class);
      assertThat(cut.counts().sessions()).isEqualTo(1);
    }
  }

  @Case
  @DisplayName("exhaustion: more instances than a session may have, more persons than it may watch")
  void oneSessionHasNoMoreThanItsShare() {
    try (RawSocket socket = greeted()) {
      for (int i = 0; i < INSTANCES_MAX; i++) {
        assertThat(
                asks(
                    socket,
                    "j" + i,
                    "{\"type\":\"chat:join\",\"instance\":\"many-%d\",\"ref\":\"j%d\"}"
                        .formatted(i, i)))
            .isInstanceOf(Presence.class);
      }
      assertError(
          asks(socket, "jj", "{\"type\":\"chat:join\",\"instance\":\"more\",\"ref\":\"jj\"}"),
          ErrorCode.FORBIDDEN);
      String persons =
          String.join(",", IntStream.range(0, 11).mapToObj(i -> "\"@p" + i + "\"").toList());
      assertError(
          asks(socket, "w", "{\"type\":\"watch\",\"users\":[%s],\"ref\":\"w\"}".formatted(persons)),
          ErrorCode.TOO_LONG);
    }
  }

  @Case
  @DisplayName("exhaustion: many senders fill one mailbox and no more than it")
  void manySendersHaveOneMailboxBetweenThem() {
    TestClient victim = node.person("victim");
    victim.connects();
    victim.saysBye();
    int refused = 0;
    for (int sender = 0; sender < LETTERS_MAX + 3; sender++) {
      try (RawSocket socket = greeted()) {
        ServerMessage answer =
            asks(
                socket,
                "d",
                "{\"type\":\"dm:send\",\"to\":\"%s\",\"text\":\"x\",\"clientMessageId\":\"m\",\"ref\":\"d\"}"
                    .formatted(victim.id()));
        if (answer instanceof ServerMessage.Error) {
          assertError(answer, ErrorCode.MAILBOX_FULL);
          refused++;
        }
      }
    }
    assertThat(refused).isEqualTo(3);
  }

  @Case
  @DisplayName(
      "replay: the id of somebody else's message is no repetition of it, and tells nothing")
  void anIdOfAMessageBelongsToItsSender() {
    TestClient recipient = node.person("bob");
    recipient.connects();
    try (RawSocket ann = greeted();
        RawSocket mallory = greeted()) {
      String message =
          "{\"type\":\"dm:send\",\"to\":\"%s\",\"text\":\"%s\",\"clientMessageId\":\"m1\",\"ref\":\"d\"}";
      ServerMessage first = asks(ann, "d", message.formatted(recipient.id(), "from ann"));
      ServerMessage second = asks(mallory, "d", message.formatted(recipient.id(), "from mallory"));
      assertThat(first).isInstanceOf(ServerMessage.Accepted.class);
      assertThat(second)
          .isInstanceOfSatisfying(
              ServerMessage.Accepted.class,
              accepted ->
                  assertThat(accepted.id()).isNotEqualTo(((ServerMessage.Accepted) first).id()));
    }
  }

  @Case
  @DisplayName("workspaces: a foreign client releases, retires and selects nothing of another's")
  void aClaimIsItsClientsAlone() {
    String workspace = TestNode.unique("plan");
    String ann = "3f2b8c1e-6d0a-4e57-9b1c-0a1b2c3d4e5f";
    String mallory = "11111111-6d0a-4e57-9b1c-0a1b2c3d4e5f";
    String path = "/v1/workspaces/" + workspace;
    assertThat(
            node.post("/v1/workspaces?client_id=" + ann, "{\"id\":\"" + workspace + "\"}").status())
        .isEqualTo(201);

    node.send("DELETE", path + "?client_id=" + mallory, "");
    node.send("DELETE", "/v1/clients/" + mallory, "");
    assertThat(
            node.post(path + "/current-session?client_id=" + mallory, "{\"session_id\":\"S1\"}")
                .status())
        .isIn(404, 409);
    assertThat(node.get(path).status()).as("ann's claim keeps it").isEqualTo(200);
  }

  @Case
  @DisplayName("operators: a token that is nearly theirs, in other clothes, or asked for elsewhere")
  void nearlyTheOperatorsTokenIsNone() {
    String token = TestNode.ADMIN;
    for (String header :
        List.of(
            "Bearer " + token.substring(0, token.length() - 1),
            "Bearer " + token + "x",
            "Bearer " + token.toUpperCase(Locale.ROOT),
            "Bearer",
            "Bearer  ",
            "Basic " + Tokens.base64("admin:" + token),
            token)) {
      assertThat(node.get("/v1/admin/overview", "Authorization", header).status())
          .as(header)
          .isEqualTo(401);
    }
    assertThat(node.get("/v1/admin/overview?token=" + Tokens.base64(token)).status())
        .isEqualTo(401);
    assertThat(node.get("/v1/admin/overview", "Cookie", "token=" + Tokens.base64(token)).status())
        .isEqualTo(401);
    assertThat(node.command("GET", "/v1/admin/overview", "").status()).isEqualTo(200);
  }

  @Case
  @DisplayName("a method in a header instead of the one that was sent")
  void aMethodInAHeaderIsNotLookedAt() {
    for (String header : List.of("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")) {
      assertThat(node.get("/v1/leave", header, "POST").status()).isEqualTo(405);
    }
  }

  @Case
  @DisplayName("a body without end, or of megabytes where a handle is asked for")
  void aBodyBeyondItsRouteIsRefused() {
    String handle = "x".repeat(20_000);
    assertThat(node.post("/v1/leave", handle).status()).isIn(400, 413);
    assertThat(node.command("/v1/admin/kick", "{\"user\":\"@" + handle + "\"}").status())
        .isIn(400, 413);
  }
}
