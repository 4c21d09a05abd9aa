package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What Prometheus reads of a node that people use.
@Timeout(120)
class MetricsTest {
  private final LiveNode node = LiveNode.with();

  @AfterEach
  void stop() {
    node.close();
  }

  private HttpResponse<String> scrape() {
    return node.get("/metrics");
  }

  /// The value of a series, its labels as they are written.
  private double value(String series) {
    var found =
        Pattern.compile("^" + Pattern.quote(series) + " (\\S+)$", Pattern.MULTILINE)
            .matcher(scrape().body());
    assertThat(found.find()).as(series).isTrue();
    return Double.parseDouble(found.group(1));
  }

  private void awaitValue(String series, double value) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(value(series)).as(series).isEqualTo(value));
  }

  @Test
  void countsWhatPeopleDo() {
    Client ann = node.person("@ann");
    Client bob = node.person("@bob");
    ann.join("chat-metrics");
    bob.join("chat-metrics");
    awaitValue("presence_sessions{state=\"online\"}", 2);
    awaitValue("presence_connections", 2);
    awaitValue("presence_instances", 1);
    awaitValue("presence_instance_sessions", 2);
    assertThat(value("presence_sessions_opened_total")).isEqualTo(2);
    assertThat(value("presence_visible_changes_total{cause=\"joined\"}")).isEqualTo(2);
    assertThat(value("presence_flush_delay_seconds_count")).isPositive();
    assertThat(value("presence_persist_seconds_count")).isPositive();

    ann.say("{'type':'dm:send','to':'@bob','text':'psst','clientMessageId':'m1'}");
    String letter = bob.await("dm:message").get("id").asText();
    assertThat(value("presence_dm_accepted_total")).isEqualTo(1);
    bob.say("{'type':'dm:ack','ids':['" + letter + "']}");
    ann.await("dm:outcome");
    assertThat(value("presence_dm_settled_total{outcome=\"delivered\"}")).isEqualTo(1);

    bob.say("{'type':'planet'}");
    bob.await("error");
    assertThat(value("presence_decode_errors_total{code=\"unknown_type\"}")).isEqualTo(1);
    bob.say("{'type':'bye'}");
    awaitValue("presence_sessions_ended_total{reason=\"bye\"}", 1);
    awaitValue("presence_sessions{state=\"online\"}", 1);
    awaitValue("presence_closes_total{code=\"1000\"}", 1);
    assertThat(value("presence_divergence_total")).isZero();
  }

  @Test
  void knowsTheShardsOfTheNode() {
    node.person("@cid").join("chat-shards");

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(value("presence_shards{kind=\"session\"}")).isPositive());
    assertThat(value("presence_shard_moves_total{direction=\"in\"}")).isPositive();
  }

  @Test
  void isTextForPrometheusWithoutAName() {
    node.person("@dot").join("chat-secret");

    HttpResponse<String> answer = scrape();

    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(answer.body())
        .contains("# HELP presence_sessions ", "# TYPE presence_persist_seconds histogram")
        .contains("jvm_memory_used_bytes", "process_cpu_usage", "presence_mailbox_messages")
        .doesNotContain("chat-secret", "@dot");
  }
}
