package presence.node;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import presence.testkit.BesideOthers;
import presence.testkit.Manifests;
import presence.testkit.RenderedManifests;

/// What the manifests in `k8s` say and what the node does are two texts about the same things:
/// neither may drift from the other.
@BesideOthers
class ManifestsTest {
  static final List<String> OVERLAYS = RenderedManifests.overlays();

  private static final String ADDRESS = "127.0.0.1";
  private static final Map<String, String> SECRETS =
      Map.of(
          "journal", "jdbc:postgresql://db/presence?user=ann&password=pw",
          "jwt-secret", "0123456789abcdef0123456789abcdef",
          "admin-token", "root");

  private final Manifests prod = Manifests.of("prod");
  private final NodeConfig node = NodeConfig.load(prod.environment(ADDRESS, SECRETS));
  private final Config pekko = node.pekko(ConfigFactory.empty());

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void everyOverlayIsRenderedAsItIsNow(String overlay) {
    assertThat(RenderedManifests.isCurrent(overlay))
        .as("%s is of other sources; run: make manifests", RenderedManifests.file(overlay))
        .isTrue();
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void everyVariableIsOneTheNodeKnows(String overlay) {
    Set<String> known =
        ConfigFactory.parseResources("presence.conf").getConfig("presence").entrySet().stream()
            .map(setting -> Settings.variable(setting.getKey()))
            .collect(toSet());

    assertThat(Manifests.of(overlay).environment(ADDRESS, SECRETS).keySet())
        .filteredOn(name -> name.startsWith("PRESENCE_"))
        .isNotEmpty()
        .isSubsetOf(known);
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void theNodeStartsWithTheSettingsOfEveryOverlay(String overlay) {
    Manifests manifests = Manifests.of(overlay);
    NodeConfig config = NodeConfig.load(manifests.environment(ADDRESS, SECRETS));

    assertThat(config.httpPort()).isEqualTo(manifests.port("http"));
    assertThat(config.clusterPort()).isEqualTo(manifests.port("cluster"));
    assertThat(config.access().open()).isEqualTo(overlay.equals("local"));
    assertThat(config.journal().shared()).isEqualTo(!overlay.equals("local"));
  }

  @Nested
  class Formation {
    @Test
    void aPodIsFoundByItsLabelAndThePortByItsName() {
      Bootstrap bootstrap = node.bootstrap();

      assertThat(prod.pod().at("/metadata/labels/app").asText()).isEqualTo(bootstrap.service());
      assertThat(prod.port(bootstrap.portName())).isEqualTo(bootstrap.managementPort());
    }

    @Test
    void asManyMustBeFoundAsThereAreAtLeast() {
      assertThat(prod.one("HorizontalPodAutoscaler", "presence").at("/spec/minReplicas").asInt())
          .isEqualTo(node.bootstrap().contactPoints());
    }

    @Test
    void theApiIsAskedWithATokenThatMayListPodsAndNothingElse() {
      assertThat(automount(prod)).isTrue();
      assertThat(automount(Manifests.of("local"))).isFalse();
      assertThat(rules(prod)).containsExactly("list pods");
      assertThat(prod.one("RoleBinding", "presence-discovery").at("/subjects/0/name"))
          .isEqualTo(prod.pod().at("/spec/serviceAccountName"));
    }

    @Test
    void theLeaseThatMayBeTakenIsTheOneThatPekkoTakes() {
      Manifests lease = Manifests.of("prod-lease");

      assertThat(rules(lease))
          .containsExactlyInAnyOrder("list pods", "create leases", "get leases", "update leases");
      assertThat(lease.one("Role", "presence-lease").at("/rules/1/resourceNames/0").asText())
          .as("the name that Pekko gives it")
          .isEqualTo(NodeConfig.system() + "-pekko-sbr");
    }

    @Test
    void theVersionIsTheTagOfTheImage() {
      assertThat(prod.node().path("image").asText())
          .endsWith(":" + pekko.getString("pekko.cluster.app-version"));
    }

    private boolean automount(Manifests manifests) {
      return manifests
          .one("ServiceAccount", "presence")
          .path("automountServiceAccountToken")
          .asBoolean();
    }

    private List<String> rules(Manifests manifests) {
      return manifests
          .all("Role")
          .flatMap(role -> Manifests.elements(role.path("rules")))
          .flatMap(rule ->
              Manifests.elements(rule.path("verbs"))
                  .map(verb -> verb.asText() + " " + rule.at("/resources/0").asText()))
          .toList();
    }
  }

  @Nested
  class Leaving {
    @Test
    void theGraceIsLongerThanThePauseAndAllPhasesTogether() {
      Config shutdown = pekko.getConfig("pekko.coordinated-shutdown");
      long phases =
          shutdown.getObject("phases").keySet().stream()
              .map(phase -> shutdown.getConfig("phases").getConfig(phase))
              .map(phase -> phase.withFallback(byDefault(shutdown)))
              .mapToLong(phase -> phase.getDuration("timeout").toSeconds())
              .sum();
      long pause = prod.node().at("/lifecycle/preStop/sleep/seconds").asLong();

      assertThat(phases).isGreaterThan(30);
      assertThat(prod.pod().at("/spec/terminationGracePeriodSeconds").asLong())
          .isGreaterThan(pause + phases);
    }

    private Config byDefault(Config shutdown) {
      return ConfigFactory.empty().withValue("timeout", shutdown.getValue("default-phase-timeout"));
    }

    @Test
    void thePauseIsLongerThanALoadBalancerNeedsToSeeIt() {
      JsonNode ready = prod.node().path("readinessProbe");

      assertThat(prod.node().at("/lifecycle/preStop/sleep/seconds").asLong())
          .isGreaterThan(ready.path("periodSeconds").asLong());
    }

    @Test
    void neverIsThereOneNodeLessThanWanted() {
      JsonNode rolling = prod.one("Deployment", "presence").at("/spec/strategy/rollingUpdate");

      assertThat(rolling.path("maxSurge").asInt()).isEqualTo(1);
      assertThat(rolling.path("maxUnavailable").asInt(-1)).isZero();
    }
  }

  @Nested
  class Routes {
    private final JsonNode paths = openApi();

    @Test
    void theProbesAskWhatTheNodeAnswers() {
      for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
        JsonNode asked = prod.node().at("/" + probe + "/httpGet");

        assertThat(paths.has(asked.path("path").asText())).as("%s %s", probe, asked).isTrue();
        assertThat(prod.port(asked.path("port").asText())).isEqualTo(node.httpPort());
      }
    }

    @Test
    void clientsReachEveryRouteOfTheirsAndNoneOfTheOperators() {
      List<JsonNode> open =
          prod.all("Ingress")
              .flatMap(ingress -> Manifests.elements(ingress.at("/spec/rules/0/http/paths")))
              .toList();
      Set<String> reached = new HashSet<>();
      paths
          .fieldNames()
          .forEachRemaining(path -> {
            if (open.stream().anyMatch(each -> reaches(each, path))) {
              reached.add(path);
            }
          });

      assertThat(open).allMatch(each -> reached.stream().anyMatch(path -> reaches(each, path)));
      assertThat(reached)
          .contains("/ws", "/v1/leave", "/v1/instances/{name}/events")
          .noneMatch(path -> path.matches("/(v1/admin|health|metrics|ops|dev).*"));
      assertThat(reached).containsAll(names(paths).stream().filter(this::isForClients).toList());
    }

    private boolean isForClients(String path) {
      return path.startsWith("/v1/") && !path.startsWith("/v1/admin/");
    }

    private boolean reaches(JsonNode open, String path) {
      String prefix = open.path("path").asText();
      return path.equals(prefix)
          || open.path("pathType").asText().equals("Prefix") && path.startsWith(prefix + "/");
    }

    private static JsonNode openApi() {
      try (var in = Node.class.getResourceAsStream("/presence/api/openapi.json")) {
        return new ObjectMapper().readTree(in).path("paths");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Nested
  class Room {
    private final JsonNode scaling = prod.one("HorizontalPodAutoscaler", "presence").path("spec");

    @Test
    void thePostgresHasConnectionsForAllNodesAndThoseThatReplaceThem() {
      int each = node.presence().getInt("store.postgresql.connections");
      int replaced = 2; // one more than wanted, and one that still leaves

      assertThat((scaling.path("maxReplicas").asInt() + replaced) * each)
          .as("max_connections of PostgreSQL by default")
          .isLessThanOrEqualTo(100);
    }

    @Test
    void theSocketsOfOneOfThreeFitOnTheOthers() {
      int sessions = scaling.at("/metrics/0/pods/target/averageValue").asInt();

      assertThat(sessions).isPositive();
      assertThat(sessions * 3 / 2).isLessThan(pekko.getInt("pekko.http.server.max-connections"));
    }

    @Test
    void memoryIsPromisedAndProcessorTimeIsNotTakenAway() {
      JsonNode resources = prod.node().path("resources");

      assertThat(resources.at("/limits/memory")).isEqualTo(resources.at("/requests/memory"));
      assertThat(resources.path("limits").has("cpu")).isFalse();
    }
  }

  @Nested
  class Selectors {
    private final Map<String, String> labels = labels(prod.pod().at("/metadata/labels"));

    @Test
    void whateverMeansTheNodesFindsThem() {
      Stream<JsonNode> selectors =
          Stream.of(
              prod.one("Deployment", "presence").at("/spec/selector/matchLabels"),
              prod.one("Service", "presence").at("/spec/selector"),
              prod.one("Service", "presence-nodes").at("/spec/selector"),
              prod.one("PodDisruptionBudget", "presence").at("/spec/selector/matchLabels"),
              prod.one("NetworkPolicy", "presence").at("/spec/podSelector/matchLabels"),
              prod.pod().at("/spec/topologySpreadConstraints/0/labelSelector/matchLabels"));

      assertThat(selectors)
          .allSatisfy(selector ->
              assertThat(labels(selector))
                  .isNotEmpty()
                  .allSatisfy((label, value) -> assertThat(labels).containsEntry(label, value)));
    }

    @Test
    void whatIsScrapedIsAPortOfEveryNode() {
      JsonNode monitor = prod.one("ServiceMonitor", "presence").path("spec");
      JsonNode service = prod.one("Service", "presence-nodes");

      assertThat(labels(service.at("/metadata/labels")))
          .containsAllEntriesOf(labels(monitor.at("/selector/matchLabels")));
      assertThat(service.at("/spec/ports").findValuesAsText("name"))
          .contains(monitor.at("/endpoints/0/port").asText());
    }

    @Test
    void onlyNodesMaySpeakToThePortsOfTheCluster() {
      JsonNode rules = prod.one("NetworkPolicy", "presence").at("/spec/ingress");

      assertThat(rules.get(0).path("ports").findValuesAsText("port")).containsExactly("http");
      assertThat(rules.get(1).path("ports").findValuesAsText("port"))
          .containsExactly("cluster", "management");
      assertThat(labels(rules.get(1).at("/from/0/podSelector/matchLabels")))
          .containsEntry("app", node.bootstrap().service());
      assertThat(prod.one("NetworkPolicy", "presence").at("/spec/egress").findValuesAsText("port"))
          .contains("cluster", "management", "5432", "443");
    }

    private static Map<String, String> labels(JsonNode node) {
      return new ObjectMapper().convertValue(node, new TypeReference<>() {});
    }
  }

  private static Collection<String> names(JsonNode object) {
    Set<String> names = new HashSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
