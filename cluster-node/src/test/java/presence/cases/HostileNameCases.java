package presence.cases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Presence;

/// Names that break programs: each is refused by a typed error or treated as exactly what it is.
class HostileNameCases {
  @RegisterExtension static final TestNode node = TestNode.inMemory();

  /// Halves of characters are no UTF-8, but JSON can escape them.
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final List<String> NAMES =
      List.of(
          "__proto__",
          "constructor",
          "",
          " ",
          ".",
          "../../etc/passwd",
          "a/b?c#d%00&e",
          "'; drop table event_journal; --",
          "<script>alert(1)</script>",
          "${jndi:ldap://x}",
          "{}",
          "null",
          "a\u0000b",
          "a\nb",
          "\u202Eevil",
          "\uFEFF",
          "\uD83D",
          "💥".repeat(64),
          "n".repeat(128),
          "n".repeat(129),
          "n".repeat(10_240));

  private final TestClient ann = node.person("ann");
  private final TestClient bob = node.person("bob");

  @BeforeEach
  void annAndBobAreInTheLobby() {
    String lobby = TestNode.unique("chat-lobby");
    ann.joins(lobby);
    bob.joins(lobby).seesOnline(ann).listens();
  }

  @Case
  @DisplayName("61: as the name of an instance")
  void anInstanceHasExactlyTheNameItWasGivenOrNone() {
    try (RawSocket socket = greeted()) {
      for (int i = 0; i < NAMES.size(); i++) {
        ServerMessage answer =
            ask(socket, "j" + i, Map.of("type", "chat:join", "instance", NAMES.get(i)));
        if (answer instanceof Presence cut) {
          assertThat(cut.instance()).isEqualTo(NAMES.get(i));
          assertThat(cut.counts().sessions()).isEqualTo(1);
        } else {
          assertIsTyped(answer);
        }
        assertLives(socket, i);
      }
    }
    bob.heardNothingAbout(ann);
  }

  @Case
  @DisplayName("61: as anything else a message holds")
  void otherFieldsAreTakenOrRefusedAsTheyAre() {
    try (RawSocket socket = greeted()) {
      for (int i = 0; i < NAMES.size(); i++) {
        String name = NAMES.get(i);
        ask(socket, "l" + i, Map.of("type", "location", "slug", name));
        ask(socket, "w" + i, Map.of("type", "watch", "users", List.of(name)));
        ask(socket, "q" + i, Map.of("type", "chat:leave", "instance", name));
        ask(socket, "r" + i, Map.of("type", "roster", "instance", "x", "cursor", name));
        ask(
            socket,
            "m" + i,
            Map.of("type", "chat:message", "instance", "x", "text", name, "clientMessageId", name));
        socket.says(json(Map.of("type", name, "ref", name, name, name)));
        assertLives(socket, i);
      }
    }
    bob.heardNothingAbout(ann);
  }

  @Case
  @DisplayName("61: as a display name and as a handle")
  void aHelloWithSuchANameIsTakenOrRefused() {
    for (String name : NAMES) {
      for (Map<String, Object> hello :
          List.<Map<String, Object>>of(
              Map.of("type", "hello", "protocol", 1, "displayName", name, "device", name),
              Map.of("type", "hello", "protocol", 1, "token", Tokens.of(name)),
              Map.of("type", "hello", "protocol", 1, "resume", Map.of("token", name)),
              Map.of("type", "hello", "protocol", 1, "key", Map.of("publicKey", name)))) {
        try (RawSocket socket = node.socket()) {
          ServerMessage first = socket.says(json(hello)).hears(ServerMessage.class);
          if (first instanceof ServerMessage.Error) {
            assertIsTyped(first);
            assertThat(socket.closeCode()).isBetween(4300, 4499);
          }
        }
      }
    }
    bob.heardNothingAbout(ann);
  }

  @Case
  @DisplayName("61: in a URL")
  void aQuestionAboutSuchANameIsAnswered() {
    for (String name : NAMES) {
      String segment = URLEncoder.encode(name, UTF_8);
      for (String path :
          List.of(
              "/v1/instances/" + segment,
              "/v1/instances/" + segment + "/roster",
              "/v1/instances?cursor=" + segment + "&limit=" + segment,
              "/v1/users/" + segment,
              "/session/" + segment)) {
        assertThat(node.get(path).status()).as(path).isBetween(200, 431);
      }
    }
    bob.heardNothingAbout(ann);
  }

  private static RawSocket greeted() {
    RawSocket socket = node.socket();
    socket.says(Frames.hello(Tokens.of(TestNode.unique("hal")))).hears(ServerMessage.Welcome.class);
    return socket;
  }

  private static ServerMessage ask(RawSocket socket, String ref, Map<String, Object> message) {
    Map<String, Object> asked = new HashMap<>(message);
    asked.put("ref", ref);
    return socket.says(json(asked)).hears(ServerMessage.class, answer -> ref.equals(answer.ref()));
  }

  private static String json(Map<String, Object> message) {
    try {
      return JSON.writeValueAsString(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertIsTyped(ServerMessage answer) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            ServerMessage.Error.class,
            error -> {
              assertThat(error.code()).isNotEqualTo(ErrorCode.INTERNAL);
              assertThat(error.message().length()).isLessThan(200);
            });
  }

  private static void assertLives(RawSocket socket, int i) {
    assertThat(ask(socket, "alive" + i, Map.of("type", "location", "slug", "here")))
        .isInstanceOf(ServerMessage.Ok.class);
  }
}
