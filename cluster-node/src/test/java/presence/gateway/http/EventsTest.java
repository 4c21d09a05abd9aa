package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static presence.gateway.http.LiveNode.assertError;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(OpenNode.class)
class EventsTest {
  private final LiveNode node;

  EventsTest(LiveNode node) {
    this.node = node;
  }

  @Test
  void aSpectatorIsGivenTheCutThenHistoryThenWhatHappens() {
    Client ann = node.person("@ann");
    JsonNode cut = ann.join("chat-seen");

    Events events = node.events("/v1/instances/chat-seen/events");

    assertThat(events.answer().statusCode()).isEqualTo(200);
    assertThat(events.answer().headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
    assertThat(events.answer().headers().firstValue("Cache-Control")).contains("no-store");
    Events.Event presence = events.next();
    assertThat(presence.type()).isEqualTo("presence");
    assertThat(presence.id()).isEqualTo(cut.get("epoch").asText() + ":" + cut.get("seq").asText());
    assertThat(presence.data()).isEqualTo(cut);
    assertThat(events.next().type()).isEqualTo("chat:history");

    ann.say("{'type':'chat:message','instance':'chat-seen','text':'hi','clientMessageId':'1'}");
    Events.Event said = events.next();
    assertThat(said.type()).isEqualTo("chat:message");
    assertThat(said.data().get("text").asText()).isEqualTo("hi");
    assertThat(said.data().has("clientMessageId")).isFalse();
  }

  @Test
  void whatWasMissedFollowsTheLastEventId() {
    Client ann = node.person("@ann");
    ann.join("chat-missed");
    String last = node.events("/v1/instances/chat-missed/events").next("presence").id();
    ann.say("{'type':'chat:message','instance':'chat-missed','text':'1','clientMessageId':'1'}");
    ann.await("chat:message");

    Events again = node.events("/v1/instances/chat-missed/events", "Last-Event-ID", last);

    Events.Event first = again.next();
    assertThat(first.type()).isEqualTo("chat:message");
    assertThat(first.data().get("text").asText()).isEqualTo("1");
  }

  @Test
  void anIdOfAnotherStreamIsAnsweredByASnapshot() {
    node.person("@ann").join("chat-other");

    Events events = node.events("/v1/instances/chat-other/events", "Last-Event-ID", "1:1");

    assertThat(events.next().type()).isEqualTo("presence");
  }

  @Test
  void whoIsUpToDateIsToldSo() {
    node.person("@ann").join("chat-now");
    String last = node.events("/v1/instances/chat-now/events").next("presence").id();

    Events events = node.events("/v1/instances/chat-now/events", "Last-Event-ID", last);

    Events.Event first = events.next();
    assertThat(first.type()).isEqualTo("presence:delta");
    assertThat(first.id()).isEqualTo(last);
  }

  @Test
  void countsAloneComeToWhoWantsOnlyThese() {
    node.person("@ann").join("chat-counts");

    Events events = node.events("/v1/instances/chat-counts/events?roster=counts");
    Events.Event presence = events.next("presence");
    assertThat(presence.data().get("roster").asText()).isEqualTo("counts");
    assertThat(presence.data().get("online")).isEmpty();
    node.person("@bob").join("chat-counts");

    assertThat(events.next("presence:counts").data().at("/counts/people").asInt()).isEqualTo(2);
  }

  @Test
  void aSpectatorIsInNoCountAndNoList() {
    Client ann = node.person("@ann");
    ann.join("chat-unseen");
    Events events = node.events("/v1/instances/chat-unseen/events");
    events.next("presence");
    node.events("/v1/instances/chat-unseen/events").next("presence");

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(node.json("/v1/instances/chat-unseen").get("connections").asInt())
                .isEqualTo(1));
    JsonNode numbers = node.json("/v1/instances/chat-unseen");
    assertThat(numbers.at("/counts/sessions").asInt()).isEqualTo(1);
    assertThat(numbers.at("/counts/anonymous").asInt()).isZero();
    assertThat(node.json("/v1/instances/chat-unseen/roster").get("members")).hasSize(1);
  }

  @Test
  void aQuietStreamHasComments() {
    node.person("@ann").join("chat-quiet");
    Events events = node.events("/v1/instances/chat-quiet/events");
    events.next("chat:history");

    assertThat(events.line()).isEqualTo(":");
    assertThat(events.line()).isEmpty();
    assertThat(events.line()).isEqualTo(":");
  }

  @Test
  void thereIsNothingToSeeInAnInstanceNobodyEverJoined() {
    assertError(node.get("/v1/instances/chat-nobody/events"), 404, "not_found");
  }

  @Test
  void whatCannotBeReadIsATypedError() {
    assertError(
        node.get("/v1/instances/chat-seen/events", "Last-Event-ID", "yesterday"),
        400,
        "bad_message");
    assertError(node.get("/v1/instances/chat-seen/events?roster=all"), 400, "bad_message");
    assertError(node.get("/v1/instances/%00/events"), 400, "bad_message");
    assertError(node.post("/v1/instances/chat-seen/events", ""), 405, "bad_message");
  }
}
