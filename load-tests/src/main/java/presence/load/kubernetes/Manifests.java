package presence.load.kubernetes;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What a cluster is told about the nodes: the rendered manifests of one overlay.
public final class Manifests {
  /// A question to the API.
  ///
  /// @param name of what is asked about; empty = all, or something new
  public record Request(String verb, String group, String resource, String name) {
    @Override
    public String toString() {
      return verb + " " + resource;
    }
  }

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final List<JsonNode> resources;

  private Manifests(List<JsonNode> resources) {
    this.resources = resources;
  }

  public static Manifests read(Path rendered) {
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(rendered.toFile())) {
      return new Manifests(documents.readAll());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Stream<JsonNode> all(String kind) {
    return resources.stream().filter(each -> each.path("kind").asText().equals(kind));
  }

  private JsonNode one(String kind, Function<JsonNode, Boolean> which) {
    return all(kind).filter(which::apply).findAny().orElseThrow();
  }

  /// What a pod is made of.
  JsonNode template() {
    return all("Deployment").findAny().orElseThrow().at("/spec/template");
  }

  private JsonNode node() {
    return template().at("/spec/containers/0");
  }

  String namespace() {
    return all("Deployment").findAny().orElseThrow().at("/metadata/namespace").asText();
  }

  int httpPort() {
    return elements(node().path("ports"))
        .filter(port -> port.path("name").asText().equals("http"))
        .findAny()
        .orElseThrow()
        .path("containerPort")
        .asInt();
  }

  String readinessPath() {
    return node().at("/readinessProbe/httpGet/path").asText();
  }

  /// Between the end of readiness and SIGTERM.
  public Duration pauseBeforeStop() {
    return Duration.ofSeconds(node().at("/lifecycle/preStop/sleep/seconds").asLong());
  }

  /// Between the deletion of a pod and SIGKILL.
  public Duration grace() {
    return Duration.ofSeconds(template().at("/spec/terminationGracePeriodSeconds").asLong());
  }

  /// How many nodes there are at least.
  public int nodes() {
    return all("HorizontalPodAutoscaler").findAny().orElseThrow().at("/spec/minReplicas").asInt();
  }

  /// The variables of a node in a pod with this address.
  ///
  /// @param secrets the values of the keys of the secret
  Map<String, String> environment(String address, Map<String, String> secrets) {
    Map<String, String> variables = new HashMap<>();
    elements(node().path("envFrom"))
        .map(from -> from.at("/configMapRef/name").asText())
        .flatMap(name -> settings(name).properties().stream())
        .forEach(each -> variables.put(each.getKey(), each.getValue().asText()));
    elements(node().path("env"))
        .forEach(each -> variables.put(each.path("name").asText(), value(each, address, secrets)));
    return variables;
  }

  private JsonNode settings(String name) {
    return one("ConfigMap", map -> map.at("/metadata/name").asText().equals(name)).path("data");
  }

  private String value(JsonNode variable, String address, Map<String, String> secrets) {
    JsonNode from = variable.path("valueFrom");
    if (from.has("secretKeyRef")) {
      String key = from.at("/secretKeyRef/key").asText();
      return requireNonNull(secrets.get(key), key);
    }
    return switch (from.at("/fieldRef/fieldPath").asText()) {
      case "" -> variable.path("value").asText();
      case "status.podIP" -> address;
      case "metadata.labels['app.kubernetes.io/version']" ->
          template().at("/metadata/labels/app.kubernetes.io~1version").asText();
      default -> throw new IllegalArgumentException("not known here: " + variable);
    };
  }

  /// Whether one of the roles grants this.
  boolean allow(Request request) {
    return all("Role")
        .flatMap(role -> elements(role.path("rules")))
        .anyMatch(rule -> allows(rule, request));
  }

  private static boolean allows(JsonNode rule, Request request) {
    return has(rule, "apiGroups", request.group())
        && has(rule, "resources", request.resource())
        && has(rule, "verbs", request.verb())
        && (!rule.has("resourceNames") || has(rule, "resourceNames", request.name()));
  }

  private static boolean has(JsonNode rule, String list, String value) {
    return elements(rule.path(list)).anyMatch(each -> each.asText().equals(value));
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
