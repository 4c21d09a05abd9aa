package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static presence.gateway.http.LiveNode.assertError;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Bans and mutes, as operators lay them on people and lift them.
@Timeout(120)
@ExtendWith(OpenNode.class)
class SanctionRoutesTest {
  private final LiveNode node;

  SanctionRoutesTest(LiveNode node) {
    this.node = node;
  }

  private HttpResponse<String> admin(String method, String path, String body) {
    return node.send(method, "/v1/admin/" + path, body, "Authorization", OpenNode.ADMIN);
  }

  private void does(String method, String path, String body) {
    HttpResponse<String> answer = admin(method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
  }

  private JsonNode asked(String path) {
    HttpResponse<String> answer = admin("GET", path, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return LiveNode.json(answer);
  }

  private Client hello(String handle) {
    Client client = node.connect();
    client.say("{'type':'hello','protocol':1,'token':'%s'}".formatted(node.token(handle)));
    return client;
  }

  /// A person hears of their sessions a moment after these began.
  private void awaitOnline(String handle) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> node.get("/v1/users/" + handle).statusCode() == 200);
  }

  private static void speaks(Client client, String instance, String id) {
    client.say(
        "{'type':'chat:message','instance':'%s','text':'hello','clientMessageId':'%s'}"
            .formatted(instance, id));
  }

  @Nested
  class ABan {
    @Test
    void endsEverySessionAndRefusesEveryHello() {
      Client ann = node.person("@banned");
      Client tab = node.person("@banned");
      awaitOnline("@banned");

      does("PUT", "bans/@Banned", "{\"seconds\":3600}");

      assertThat(ann.closeCode()).isEqualTo(4411);
      assertThat(tab.closeCode()).isEqualTo(4411);
      Client again = hello("@banned");
      assertThat(again.await("error").get("code").asText()).isEqualTo("forbidden");
      assertThat(again.closeCode()).isEqualTo(4411);
    }

    @Test
    void isNotLiftedByAKick() {
      node.person("@banned-kicked");
      awaitOnline("@banned-kicked");
      does("PUT", "bans/@banned-kicked", "{}");
      does("POST", "kick", "{\"user\":\"@banned-kicked\"}");

      assertThat(hello("@banned-kicked").closeCode()).isEqualTo(4411);
    }

    @Test
    void holdsFromTheFirstMomentOn() {
      does("PUT", "bans/@banned-before", "{}");

      assertError(node.get("/v1/users/@banned-before"), 404, "not_found");
      assertThat(hello("@banned-before").closeCode()).isEqualTo(4411);
    }

    @Test
    void isOverWhenItIsLifted() {
      does("PUT", "bans/@pardoned", "{}");
      assertThat(hello("@pardoned").closeCode()).isEqualTo(4411);

      does("DELETE", "bans/@pardoned", "");
      does("DELETE", "bans/@pardoned", "");

      hello("@pardoned").await("welcome");
      assertThat(asked("sanctions/@pardoned").has("ban")).isFalse();
    }

    @Test
    void isOverWhenItEnds() {
      does("PUT", "bans/@banned-briefly", "{\"seconds\":1}");

      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> !asked("sanctions/@banned-briefly").has("ban"));
      hello("@banned-briefly").await("welcome");
    }

    @Test
    void isTheSameHoweverOftenItIsCommanded() {
      String terms = "{\"until\":9007199254740990,\"reason\":\"spam\"}";
      does("PUT", "bans/@banned-twice", terms);
      JsonNode first = asked("sanctions/@banned-twice");
      does("PUT", "bans/@banned-twice", terms);

      assertThat(asked("sanctions/@banned-twice")).isEqualTo(first);
      assertThat(first.at("/ban/until").asLong()).isEqualTo(9007199254740990L);
      assertThat(first.at("/ban/reason").asText()).isEqualTo("spam");
    }
  }

  @Nested
  class AMute {
    @Test
    void leavesEverythingToHearAndNothingToSay() {
      Client ann = node.person("@muted");
      Client bob = node.person("@muted-bob");
      ann.join("chat-muted");
      bob.join("chat-muted");
      does("PUT", "mutes/@muted", "{\"seconds\":3600}");
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> {
            speaks(ann, "chat-muted", "m" + System.nanoTime()); // heard by all, or refused
            return ann.awaitOneOf("error", "chat:message").path("code").asText().equals("muted");
          });

      ann.say("{'type':'dm:send','to':'@muted-bob','text':'psst','clientMessageId':'m2'}");
      JsonNode refused = ann.await("error");
      assertThat(refused.get("code").asText()).isEqualTo("muted");
      assertThat(refused.get("clientMessageId").asText()).isEqualTo("m2");
      assertThat(refused.get("retryAfterMs").asLong()).isBetween(1L, 3_600_000L);
      speaks(bob, "chat-muted", "b1");
      assertThat(ann.await("chat:message").at("/from/handle").asText()).isEqualTo("@muted-bob");

      does("DELETE", "mutes/@muted", "");
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> asked("sanctions/@muted").get("mutes").isEmpty());
    }

    @Test
    void holdsForSessionsThatComeLater() {
      does("PUT", "mutes/@muted-before?instance=chat-hush", "{}");
      Client ann = node.person("@muted-before");
      ann.join("chat-hush");
      ann.join("chat-free");

      speaks(ann, "chat-hush", "m1");
      assertThat(ann.await("error").get("code").asText()).isEqualTo("muted");
      speaks(ann, "chat-free", "m2");
      assertThat(ann.await("chat:message").get("text").asText()).isEqualTo("hello");
    }

    @Test
    void inOneInstanceIsAnotherThanEverywhere() {
      does("PUT", "mutes/@muted-both?instance=chat-both", "{\"reason\":\"noise\"}");
      does("PUT", "mutes/@muted-both", "{}");
      does("DELETE", "mutes/@muted-both", "");

      JsonNode mutes = asked("sanctions/@muted-both").get("mutes");
      assertThat(mutes).hasSize(1);
      assertThat(mutes.at("/0/instance").asText()).isEqualTo("chat-both");
      assertThat(mutes.at("/0/reason").asText()).isEqualTo("noise");
      assertThat(mutes.at("/0").has("until")).isFalse();
    }

    @Test
    void isRefusedInTooManyInstances() {
      for (int each = 0; each < 64; each++) {
        does("PUT", "mutes/@muted-much?instance=chat-" + each, "{}");
      }
      assertError(admin("PUT", "mutes/@muted-much?instance=chat-64", "{}"), 409, "conflict");
      assertThat(asked("sanctions/@muted-much").get("mutes")).hasSize(64);
    }
  }

  @Nested
  class TheList {
    @Test
    void hasEverybodyInPagesAndNobodyWhoIsPardoned() {
      for (String each : List.of("a", "b", "c")) {
        does("PUT", "bans/@listed-" + each, "{\"reason\":\"listed\"}");
      }
      does("DELETE", "bans/@listed-b", "");

      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(listed()).containsExactly("@listed-a", "@listed-c"));
    }

    private List<String> listed() {
      List<String> all = new ArrayList<>();
      String cursor = "";
      do {
        JsonNode page = asked("sanctions?limit=2" + cursor);
        assertThat(page.get("sanctions").size()).isLessThanOrEqualTo(2);
        page.get("sanctions").forEach(each -> all.add(each.get("user").asText()));
        cursor = page.has("cursor") ? "&cursor=" + page.get("cursor").asText() : "";
      } while (!cursor.isEmpty());
      return all.stream().filter(each -> each.startsWith("@listed-")).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "{\"seconds\":0}",
        "{\"seconds\":1e99}",
        "{\"seconds\":\"7\"}",
        "{\"seconds\":7,\"until\":9007199254740990}",
        "{\"until\":1}",
        "{\"until\":9007199254740993}",
        "{\"reason\":7}",
        "{\"reason\":\"one\\ntwo\"}",
        "{\"reason\":\"\\ud800\"}"
      })
  void termsThatMakeNoSenseAreRefused(String body) {
    assertError(admin("PUT", "bans/@senseless", body), 400, "bad_message");
    assertError(admin("PUT", "mutes/@senseless", body), 400, "bad_message");
    assertThat(asked("sanctions/@senseless").get("mutes")).isEmpty();
  }

  @Test
  void aLongReasonIsRefused() {
    String body = "{\"reason\":\"" + "x".repeat(201) + "\"}";
    assertError(admin("PUT", "bans/@reasoned", body), 400, "too_long");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bans/not%20a%20handle", "mutes/%00", "mutes/@ann?instance="})
  void whomAndWhereMustBeNames(String path) {
    assertError(admin("PUT", path, "{}"), 400, "bad_message");
    assertError(admin("DELETE", path, ""), 400, "bad_message");
  }

  @Test
  void everyDecisionIsOneLineInTheLogAndNamesNoAddress() {
    Logger audit = (Logger) LoggerFactory.getLogger("presence.audit");
    Level before = audit.getLevel();
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    audit.addAppender(lines);
    audit.setLevel(Level.INFO);
    try {
      does("PUT", "bans/@audited", "{\"until\":4102444800000,\"reason\":\"not in the log\"}");
      does("PUT", "mutes/@audited?instance=chat-audited", "{}");
      does("DELETE", "mutes/@audited", "");
    } finally {
      audit.detachAppender(lines);
      audit.setLevel(before);
    }

    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.contains("@audited"))
        .containsExactly(
            "An operator banned @audited until 2100-01-01T00:00:00Z",
            "An operator muted @audited in chat-audited for good",
            "An operator lifted the mute of @audited everywhere");
  }

  @Test
  void strangersAreRefused() {
    for (String path : List.of("bans/@ann", "mutes/@ann", "sanctions", "sanctions/@ann")) {
      assertError(node.send("PUT", "/v1/admin/" + path, "{}"), 401, "unauthenticated");
      assertError(node.get("/v1/admin/" + path), 401, "unauthenticated");
    }
  }
}
