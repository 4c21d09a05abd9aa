package presence.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import presence.cluster.Formation;
import presence.store.Journal;

@Timeout(120)
class NodeTest {

  @TempDir Path directory;

  @Test
  void aStartedNodeIsLiveAndReadyAndSaysWhatItIs() throws Exception {
    try (var node = Node.open(config("memory"));
        var client = HttpClient.newHttpClient()) {
      var url = start(node);

      assertThat(get(client, url, "/health/live").statusCode()).isEqualTo(200);
      assertThat(get(client, url, "/health/ready").body())
          .isEqualTo("{\"ready\":true,\"waitsFor\":[]}");
      assertThat(get(client, url, "/health").body())
          .contains(
              "\"service\":\"presence\"", "\"version\":\"", "\"commit\":\"", "\"startedAt\":\"20");
    }
  }

  @Test
  void startAndStopAreQuietOnAnEmptyJournalAndOnAnExistingOne() throws Exception {
    var addresses = new HashSet<String>();
    try (var log = new LogWatch()) {
      for (var round = 0; round < 2; round++) {
        try (var node = Node.open(config("h2:" + directory))) {
          start(node);
          addresses.add(Whereabouts.address(node));
        }
      }
      log.forgives(each -> each.contains("heartbeat was delayed")); // a busy machine
      assertThat(log.saidAt(addresses)).isEmpty();
    }
  }

  @Test
  void everyStartOfAClusterOfOneIsANewFormation() throws Exception {
    var config = config("h2:" + directory);
    var first = formationAfterStart(config);
    var second = formationAfterStart(config);

    assertThat(second.formedAt()).isAfter(first.formedAt());
  }

  private static Formation formationAfterStart(NodeConfig config) throws Exception {
    try (var node = Node.open(config)) {
      start(node);
    }
    try (var journal = Journal.open(config.journal(), config.store(), new SecureRandom())) {
      return journal.facts().formation().orElseThrow();
    }
  }

  @Test
  void aTakenPortIsAConfigurationErrorThatNamesIt() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = String.valueOf(taken.getLocalPort());
      assertRefused("PRESENCE_HTTP_PORT", port, config("memory", port, "0"));
      assertRefused("PRESENCE_CLUSTER_PORT", port, config("memory", "0", port));
    }
  }

  private static void assertRefused(String variable, String port, NodeConfig config) {
    assertThatThrownBy(() -> Node.open(config))
        .isInstanceOf(ConfigurationError.class)
        .hasMessageContainingAll(variable, port);
  }

  private static NodeConfig config(String journal) {
    return config(journal, "0", "0");
  }

  private static NodeConfig config(String journal, String httpPort, String clusterPort) {
    return NodeConfig.load(
        Map.of(
            "PRESENCE_JOURNAL", journal,
            "PRESENCE_HTTP_PORT", httpPort,
            "PRESENCE_CLUSTER_PORT", clusterPort));
  }

  private static URI start(Node node) throws Exception {
    return node.start().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static HttpResponse<String> get(HttpClient client, URI url, String path)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(url.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
