package presence.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.ops.Build;
import presence.testkit.Postgres;
import presence.testkit.SharedProcess;

/// Nodes that find each other by a discovery method instead of seeds.
@SharedProcess
@Timeout(120)
class BootstrapTest {
  private static final String HERE = "127.0.0.1";
  private static final String POINTS = "pekko.discovery.config.services.presence.endpoints.";
  private static final String POSTGRES = "jdbc:postgresql://db/presence";

  @AfterEach
  void forget() {
    System.clearProperty(POINTS + "0.host");
    System.clearProperty(POINTS + "0.port");
  }

  @Test
  void aNodeThatIsFoundAloneFormsAClusterWhenOneIsEnough() throws Exception {
    var port = freePort();
    System.setProperty(POINTS + "0.host", HERE);
    System.setProperty(POINTS + "0.port", String.valueOf(port));
    var config =
        config(
            "PRESENCE_JOURNAL",
            Postgres.emptyDatabase(),
            "PRESENCE_BOOTSTRAP_DISCOVERY",
            "config",
            "PRESENCE_BOOTSTRAP_CONTACT_POINTS",
            "1",
            "PRESENCE_MANAGEMENT_PORT",
            String.valueOf(port));

    try (var node = Node.open(config);
        var http = HttpClient.newHttpClient()) {
      node.start().toCompletableFuture().get(60, TimeUnit.SECONDS);

      var management = URI.create("http://%s:%d".formatted(HERE, port));
      assertThat(status(http, management.resolve("/alive"))).isEqualTo(200);
      assertThat(status(http, management.resolve("/ready"))).isEqualTo(200);
      assertThat(status(http, management.resolve("/bootstrap/seed-nodes"))).isEqualTo(200);
    }
  }

  @Test
  void seedsAndABootstrapContradictEachOther() {
    assertRefused(
        "PRESENCE_BOOTSTRAP_DISCOVERY: given together with PRESENCE_SEEDS",
        "PRESENCE_JOURNAL",
        POSTGRES,
        "PRESENCE_SEEDS",
        "127.0.0.1:7355",
        "PRESENCE_BOOTSTRAP_DISCOVERY",
        "kubernetes-api");
  }

  @Test
  void aBootstrapNeedsAJournalThatIsSharedAndAnAddressThatIsOne() {
    assertRefused(
        "PRESENCE_BOOTSTRAP_DISCOVERY: a cluster needs PostgreSQL",
        "PRESENCE_BOOTSTRAP_DISCOVERY",
        "kubernetes-api");
    assertRefused(
        "PRESENCE_HOST: 0.0.0.0 is every address",
        "PRESENCE_JOURNAL",
        POSTGRES,
        "PRESENCE_AUTH",
        "open",
        "PRESENCE_HOST",
        "0.0.0.0",
        "PRESENCE_BOOTSTRAP_DISCOVERY",
        "kubernetes-api");
  }

  @Test
  void anUnknownMethodIsNamed() {
    assertRefused(
        "PRESENCE_BOOTSTRAP_DISCOVERY: \"dns\" is not valid",
        "PRESENCE_BOOTSTRAP_DISCOVERY",
        "dns");
  }

  @Test
  void aLeaseNeedsSomebodyWhoGrantsIt() {
    assertRefused(
        "PRESENCE_SPLIT_BRAIN: the lease is granted by the Kubernetes API",
        "PRESENCE_SPLIT_BRAIN",
        "lease-majority");
    assertRefused(
        "PRESENCE_SPLIT_BRAIN: \"keep-oldest\" is not valid",
        "PRESENCE_SPLIT_BRAIN",
        "keep-oldest");
  }

  @Test
  void theStrategyAndTheVersionAreToldToPekko() {
    var told =
        config(
                "PRESENCE_JOURNAL",
                POSTGRES,
                "PRESENCE_BOOTSTRAP_DISCOVERY",
                "kubernetes-api",
                "PRESENCE_SPLIT_BRAIN",
                "lease-majority",
                "PRESENCE_APP_VERSION",
                "1.4.0")
            .pekko(ConfigFactory.empty());

    var resolver = told.getConfig("pekko.cluster.split-brain-resolver");
    assertThat(resolver.getString("active-strategy")).isEqualTo("lease-majority");
    assertThat(told.hasPath(resolver.getString("lease-majority.lease-implementation"))).isTrue();
    assertThat(told.getString("pekko.cluster.app-version")).isEqualTo("1.4.0");
  }

  @Test
  void aNodeAloneHasTheVersionOfItsBuild() {
    assertThat(config().pekko(ConfigFactory.empty()).getString("pekko.cluster.app-version"))
        .isEqualTo(Build.current().version());
  }

  @Test
  void aTakenManagementPortIsNamed() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var config =
          config(
              "PRESENCE_JOURNAL",
              POSTGRES,
              "PRESENCE_BOOTSTRAP_DISCOVERY",
              "config",
              "PRESENCE_MANAGEMENT_PORT",
              String.valueOf(taken.getLocalPort()));
      assertThatThrownBy(() -> Node.open(config))
          .isInstanceOf(ConfigurationError.class)
          .hasMessageContaining("PRESENCE_MANAGEMENT_PORT: port " + taken.getLocalPort());
    }
  }

  private static void assertRefused(String problem, String... environment) {
    assertThatThrownBy(() -> config(environment))
        .isInstanceOf(ConfigurationError.class)
        .hasMessageStartingWith(problem);
  }

  private static NodeConfig config(String... environment) {
    Map<String, String> variables = new HashMap<>();
    variables.put("PRESENCE_HTTP_PORT", "0");
    variables.put("PRESENCE_CLUSTER_PORT", "0");
    for (var i = 0; i < environment.length; i += 2) {
      variables.put(environment[i], environment[i + 1]);
    }
    return NodeConfig.load(variables);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static int status(HttpClient http, URI url) throws Exception {
    return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
