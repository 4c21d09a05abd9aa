package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static presence.cases.Tokens.inSeconds;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Authenticated;
import presence.protocol.ServerMessage.Expiring;
import presence.protocol.ServerMessage.Ok;
import presence.protocol.ServerMessage.Presence;
import presence.protocol.ServerMessage.Said;
import presence.protocol.ServerMessage.Welcome;

/// What a token allows, where, and until when.
class GrantCases {
  private static final String LOBBY =
      "{\"%1$s\":[\"say\"],\"%1$s-stage\":[\"join\"],\"%1$s-news\":[\"see\"]}";

  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory(
          "PRESENCE_JWT_SKEW=1s",
          "PRESENCE_JWT_WARN_BEFORE=4s",
          "PRESENCE_AUTH=required",
          "PRESENCE_ANONYMOUS_ADMITTED=yes",
          "PRESENCE_ANONYMOUS_MAY=say");

  private final String lobby = TestNode.unique("chat-lobby");

  private static String token(String who, long seconds, String rights) {
    return Tokens.signed(
        "{\"sub\":\"%s\",\"exp\":%d,\"presence\":%s}".formatted(who, inSeconds(seconds), rights));
  }

  private static String say(String instance, String text) {
    return "{\"type\":\"chat:message\",\"instance\":\"%s\",\"text\":\"%s\",\"clientMessageId\":\"%s\"}"
        .formatted(instance, text, TestNode.unique("m"));
  }

  private static void isRefused(RawSocket socket, String message, ErrorCode code) {
    String ref = TestNode.unique("ref");
    socket.says(message.replaceFirst("}$", ",\"ref\":\"" + ref + "\"}"));
    assertThat(socket.hears(ServerMessage.Error.class, error -> ref.equals(error.ref())).code())
        .as(message)
        .isEqualTo(code);
  }

  private static void isDone(RawSocket socket, String message) {
    String ref = TestNode.unique("ref");
    socket.says(message.replaceFirst("}$", ",\"ref\":\"" + ref + "\"}"));
    socket.hears(Ok.class, ok -> ref.equals(ok.ref()));
  }

  @Case
  @DisplayName("a token ends: no words, and nobody leaves; another one in place, and words again")
  void theEndOfATokenEndsTheRightToSpeakAndNotThePresence() {
    TestClient bob = node.person("bob").joins(lobby);
    try (RawSocket ann = node.socket()) {
      String resume =
          ann.says(Frames.hello(token("ann", 8, "{\"*\":[\"say\"]}")))
              .hears(Welcome.class)
              .resume();
      ann.says(Frames.join(lobby)).hears(Presence.class);
      isDone(ann, say(lobby, "in time"));
      bob.listens();

      Expiring warned = ann.hears(Expiring.class);
      assertThat(warned.inMs()).isBetween(0L, 4_000L);
      await().atMost(Transcript.PATIENCE).until(() -> System.currentTimeMillis() >= warned.at());
      isRefused(ann, say(lobby, "too late"), ErrorCode.EXPIRED_TOKEN);
      isRefused(
          ann,
          "{\"type\":\"dm:send\",\"to\":\"@bob\",\"text\":\"x\",\"clientMessageId\":\"late\"}",
          ErrorCode.EXPIRED_TOKEN);
      assertThat(ann.isOpen()).isTrue();

      try (RawSocket back = node.socket()) {
        assertThat(back.says(Frames.resume(resume)).hears(Welcome.class).resumed()).isTrue();
        assertThat(back.hears(Expiring.class).inMs()).isZero();
        isRefused(back, say(lobby, "still too late"), ErrorCode.EXPIRED_TOKEN);
        isRefused(
            back,
            "{\"type\":\"authenticate\",\"token\":\"%s\"}".formatted(token("eve", 60, "{}")),
            ErrorCode.CONFLICT);
        back.says(
                "{\"type\":\"authenticate\",\"token\":\"%s\"}"
                    .formatted(token("ann", 60, "{\"*\":[\"say\"]}")))
            .hears(Authenticated.class);
        isDone(back, say(lobby, "here again"));
      }
      bob.settles();
      assertThat(bob.heard(ServerMessage.Delta.class)).as("who came or went").isEmpty();
    }
  }

  @Case
  @DisplayName("a token for some instances: speaks in one, listens in another, and is kept out")
  void aTokenAllowsWhatItSaysAndNothingElse() {
    TestClient bob = node.person("bob").joins(lobby);
    try (RawSocket ann = node.socket()) {
      ann.says(Frames.hello(token("amy", 600, LOBBY.formatted(lobby)))).hears(Welcome.class);
      ann.says(Frames.join(lobby)).hears(Presence.class, p -> p.instance().equals(lobby));
      isDone(ann, say(lobby, "good morning"));
      String stage = lobby + "-stage";
      ann.says(Frames.join(stage)).hears(Presence.class, p -> p.instance().equals(stage));
      isRefused(ann, say(stage, "not here"), ErrorCode.FORBIDDEN);
      isRefused(ann, Frames.join(lobby + "-else"), ErrorCode.FORBIDDEN);
      bob.heard("good morning");

      ann.says(
              "{\"type\":\"authenticate\",\"token\":\"%s\"}"
                  .formatted(token("amy", 900, "{\"%s\":[\"join\"]}".formatted(lobby))))
          .hears(Authenticated.class);
      assertThat(
              ann.hears(ServerMessage.Error.class, error -> stage.equals(error.instance())).code())
          .as("what another token does not let it into it leaves")
          .isEqualTo(ErrorCode.FORBIDDEN);
      isRefused(ann, say(lobby, "no more"), ErrorCode.FORBIDDEN);
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> node.get("/v1/instances/" + lobby + "-stage").at("counts/sessions").asInt() == 0);
  }

  @Case
  @DisplayName("a hidden watcher hears everything and is seen by nobody, in no list and no count")
  void whoMayOnlySeeIsNotSeen() {
    String news = lobby + "-news";
    TestClient bob = node.person("bob").joins(news).listens();
    try (RawSocket watcher = node.socket()) {
      watcher.says(Frames.hello(token("wes", 600, LOBBY.formatted(lobby)))).hears(Welcome.class);
      Presence seen = watcher.says(Frames.join(news)).hears(Presence.class);
      assertThat(seen.counts().sessions()).isEqualTo(1);
      isRefused(watcher, say(news, "boo"), ErrorCode.FORBIDDEN);
      bob.says("nobody hears me");
      watcher.hears(Said.class, said -> said.text().equals("nobody hears me"));
      assertThat(node.get("/v1/instances/" + news).at("counts/sessions").asInt()).isEqualTo(1);
      isDone(watcher, "{\"type\":\"chat:leave\",\"instance\":\"%s\"}".formatted(news));
      isRefused(
          watcher,
          "{\"type\":\"chat:leave\",\"instance\":\"%s\"}".formatted(news),
          ErrorCode.NOT_JOINED);
    }
    bob.settles();
    assertThat(bob.heard(ServerMessage.Delta.class)).as("who came or went").isEmpty();
  }

  @Case
  @DisplayName(
      "a member who may only look on from now on, and asks for that at once, goes on hearing")
  void whoBecomesAWatcherHearsOn() {
    TestClient bob = node.person("bob").joins(lobby);
    try (RawSocket ann = node.socket()) {
      ann.says(Frames.hello(token("ada", 600, "{\"%s\":[\"say\"]}".formatted(lobby))))
          .hears(Welcome.class);
      ann.says(Frames.join(lobby)).hears(Presence.class);
      ann.says(
              "{\"type\":\"authenticate\",\"token\":\"%s\"}"
                  .formatted(token("ada", 900, "{\"%s\":[\"see\"]}".formatted(lobby))))
          .hears(Authenticated.class);
      String ref = TestNode.unique("ref");
      ann.says(Frames.join(lobby).replaceFirst("}$", ",\"ref\":\"" + ref + "\"}"))
          .hears(Presence.class, seen -> ref.equals(seen.ref()));
      await().until(() -> node.get("/v1/instances/" + lobby).at("counts/sessions").asInt() == 1);
      bob.says("do you hear me?");
      ann.hears(Said.class, said -> said.text().equals("do you hear me?"));
    }
  }

  @Case
  @DisplayName("a watcher of what is not there is told so, with a ref or without")
  void whatIsNotThereCannotBeWatched() {
    try (RawSocket watcher = node.socket()) {
      watcher.says(Frames.hello(token("wes", 600, LOBBY.formatted(lobby)))).hears(Welcome.class);
      String nowhere = lobby + "-news";
      assertThat(
              watcher
                  .says(Frames.join(nowhere))
                  .hears(ServerMessage.Error.class, error -> nowhere.equals(error.instance()))
                  .code())
          .isEqualTo(ErrorCode.NOT_FOUND);
      isRefused(watcher, Frames.join(nowhere), ErrorCode.NOT_FOUND);
      node.person("bob").joins(nowhere);
      watcher.says(Frames.join(nowhere)).hears(Presence.class, p -> p.instance().equals(nowhere));
    }
  }

  @Case
  @DisplayName("anonymous sessions that may speak do so under the name of their session")
  void nobodyMaySpeakWhereTheConfigurationSaysSo() {
    TestClient bob = node.person("bob").joins(lobby);
    try (RawSocket nobody = node.socket()) {
      String session = nobody.says(Frames.ANONYMOUS).hears(Welcome.class).session();
      nobody.says(Frames.join(lobby)).hears(Presence.class);
      isDone(nobody, say(lobby, "hello from nobody"));

      Said said = bob.heard("hello from nobody");
      assertThat(said.from().id()).isEqualTo(session);
      assertThat(said.from().handle()).isNull();
    }
  }
}
