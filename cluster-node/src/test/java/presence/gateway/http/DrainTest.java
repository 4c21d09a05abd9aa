package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DrainTest {

  @Test
  void aNodeThatLeavesSendsItsClientsAwayBeforeItStopsServing() {
    LiveNode node =
        LiveNode.with("PRESENCE_DRAIN_SPREAD", "700ms", "PRESENCE_CONNECTION_CLOSE_WAIT", "15s");
    RawHttp lingering = new RawHttp(node.url());
    assertThat(lingering.upgrade("a", 13, "").status()).isEqualTo(101); // will answer no close
    RawHttp open = new RawHttp(node.url());
    assertThat(open.get("/session/chat").status()).isEqualTo(200);
    Client ann = node.person("@ann");
    ann.join("chat-drain");
    Events events = node.events("/v1/instances/chat-drain/events");
    events.next("presence");

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::stop);

    JsonNode closing = ann.await("closing");
    assertThat(closing.get("code").asInt()).isEqualTo(1012);
    assertThat(closing.get("reconnectAfterMs").asLong()).isBetween(0L, 700L);
    assertThat(ann.closeCode()).isEqualTo(1012);
    await().until(() -> events.line().startsWith("retry: "));
    events.awaitEnd();
    RawHttp.Answer session = open.get("/session/chat");
    assertThat(session.status()).isEqualTo(503);
    assertThat(session.body()).contains("\"state\":\"Draining\"");
    open.upgrade("a", 13, "").assertError(503, "unavailable");
    assertThat(open.get("/health/ready").status()).isEqualTo(503);
    assertThat(stopped).isNotDone();
    lingering.close();
    stopped.orTimeout(60, TimeUnit.SECONDS).join();
    node.close();
  }
}
