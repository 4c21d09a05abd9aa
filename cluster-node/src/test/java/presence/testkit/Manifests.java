package presence.testkit;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The Kubernetes resources of one overlay, as a cluster is given them.
public record Manifests(List<JsonNode> resources) {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  public static Manifests of(String overlay) {
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(RenderedManifests.file(overlay).toFile())) {
      return new Manifests(documents.readAll());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The resources of a kind.
  public Stream<JsonNode> all(String kind) {
    return resources.stream().filter(each -> each.path("kind").asText().equals(kind));
  }

  /// The one of that kind and name.
  public JsonNode one(String kind, String name) {
    return all(kind)
        .filter(each -> each.at("/metadata/name").asText().equals(name))
        .findAny()
        .orElseThrow(() -> new AssertionError("there is no %s %s".formatted(kind, name)));
  }

  /// What a pod of the nodes is made of.
  public JsonNode pod() {
    return one("Deployment", "presence").at("/spec/template");
  }

  /// The node in its pod.
  public JsonNode node() {
    return pod().at("/spec/containers/0");
  }

  /// The port of that name of a node.
  public int port(String name) {
    return elements(node().path("ports"))
        .filter(port -> port.path("name").asText().equals(name))
        .mapToInt(port -> port.path("containerPort").asInt())
        .findAny()
        .orElseThrow(() -> new AssertionError("a node has no port " + name));
  }

  /// The variables of a node as a pod with this address has them; those of a secret have the value
  /// that is given for its key.
  public Map<String, String> environment(String address, Map<String, String> secrets) {
    Map<String, String> variables = new HashMap<>();
    elements(node().path("envFrom"))
        .map(from -> one("ConfigMap", from.at("/configMapRef/name").asText()))
        .flatMap(map -> map.path("data").properties().stream())
        .forEach(entry -> variables.put(entry.getKey(), entry.getValue().asText()));
    elements(node().path("env"))
        .forEach(each -> variables.put(each.path("name").asText(), value(each, address, secrets)));
    return variables;
  }

  private String value(JsonNode variable, String address, Map<String, String> secrets) {
    JsonNode from = variable.path("valueFrom");
    if (from.has("secretKeyRef")) {
      String key = from.at("/secretKeyRef/key").asText();
      return requireNonNull(secrets.get(key), key);
    }
    if (!from.has("fieldRef")) {
      return variable.path("value").asText();
    }
    String field = from.at("/fieldRef/fieldPath").asText();
    return switch (field) {
      case "status.podIP" -> address;
      case "metadata.labels['app.kubernetes.io/version']" ->
          pod().at("/metadata/labels/app.kubernetes.io~1version").asText();
      default -> throw new AssertionError("unknown field " + field);
    };
  }

  public static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
