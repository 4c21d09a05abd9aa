package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.testkit.Format;

/// The OpenAPI document says what a node answers, and nothing else is answered.
@ExtendWith(OpenNode.class)
@Timeout(120)
class OpenApiTest {
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);

  /// Where a route's source names a segment of its path.
  private static final Pattern SEGMENT =
      Pattern.compile("\\b(?:path|pathPrefix|segment|slash|at)\\(\\s*\"([^\"]+)\"");

  private final LiveNode node;
  private final JsonNode api;

  private record Operation(String method, String path, JsonNode says) {
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private record Answer(int status, String body, String allow) {}

  OpenApiTest(LiveNode node) {
    this.node = node;
    this.api = node.json("/openapi.json");
  }

  /// What deletes comes last, what is inside something before it.
  private List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    api.get("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(each ->
                    operations.add(
                        new Operation(
                            each.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            each.getValue()))));
    operations.sort(
        Comparator.comparing((Operation each) -> each.method().equals("DELETE"))
            .thenComparingInt(each -> each.method().equals("DELETE") ? -each.path().length() : 0));
    return operations;
  }

  @Test
  void everyDocumentedRouteAnswersAsDocumented() throws Exception {
    Client ann = node.person("@api-ann");
    ann.join("chat-api");
    for (Operation each : operations()) {
      Answer answer = answer(each);
      JsonNode documented =
          resolved(each.says().get("responses").path(String.valueOf(answer.status())));
      assertThat(documented.isObject())
          .as("%s answers %d %s", each, answer.status(), answer.body())
          .isTrue();
      assertThat(answer.body()).as(each.toString()).doesNotContain("there is nothing here");
      JsonNode schema = documented.at("/content/application~1json/schema");
      if (!schema.isMissingNode() && !each.method().equals("HEAD")) {
        assertThat(errors(schema, LiveNode.JSON.readTree(answer.body())))
            .as("%s %d", each, answer.status())
            .isEmpty();
      }
    }
  }

  @Test
  void everyMethodOfADocumentedPathIsDocumented() throws Exception {
    Map<String, Set<String>> documented =
        operations().stream()
            .collect(
                Collectors.groupingBy(
                    Operation::path, Collectors.mapping(Operation::method, Collectors.toSet())));
    for (Operation each : operations()) {
      Answer answer = send("PATCH", each, "Authorization", OpenNode.ADMIN);
      assertThat(answer.status()).as(each.path()).isEqualTo(405);
      Set<String> allowed = new TreeSet<>();
      allowed.addAll(Arrays.asList(answer.allow().split(", ", -1)));
      allowed.remove("OPTIONS");
      assertThat(allowed).as(each.path()).isEqualTo(documented.get(each.path()));
    }
  }

  @Test
  void everySegmentThatARouteNamesIsDocumented() throws IOException {
    Set<String> documented =
        operations().stream()
            .flatMap(each -> Stream.of(each.path().split("/", -1)))
            .collect(Collectors.toSet());
    Set<String> named = new TreeSet<>();
    Path sources = Format.root().resolve("cluster-node/src/main/java/presence");
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        if (source.contains("javadsl.server.Directives.path")) {
          SEGMENT.matcher(source).results().forEach(each -> named.add(each.group(1)));
        }
      }
    }
    assertThat(named).contains("workspaces", "health", "openapi.json").isSubsetOf(documented);
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    assertThat(api.findValuesAsText("$ref"))
        .isNotEmpty()
        .allSatisfy(ref -> assertThat(api.at(ref.substring(1)).isObject()).as(ref).isTrue());
  }

  @Test
  void everyExampleOfABodyFitsItsSchema() {
    for (Operation each : operations()) {
      JsonNode body = each.says().at("/requestBody/content/application~1json");
      if (!body.isMissingNode()) {
        assertThat(errors(body.get("schema"), body.get("example"))).as(each.toString()).isEmpty();
      }
    }
  }

  private Answer answer(Operation each) throws Exception {
    if (each.path().startsWith("/v1/admin")) {
      return send(each.method(), each, "Authorization", OpenNode.ADMIN);
    }
    return send(each.method(), each);
  }

  /// Streams do not end: of what never does the head is the answer.
  private Answer send(String method, Operation each, String... headers) throws Exception {
    URI url = URI.create(node.url() + path(each));
    if (each.path().endsWith("/events") && method.equals("GET")) {
      return new Answer(Events.open(node.http(), url, headers).answer().statusCode(), "", "");
    }
    JsonNode content = each.says().at("/requestBody/content");
    JsonNode example = content.isMissingNode() ? content : content.elements().next().get("example");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .method(
                method,
                example.isMissingNode()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(
                        example.isTextual() ? example.asText() : example.toString()));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer = node.http().send(request.build(), BodyHandlers.ofString());
    return new Answer(
        answer.statusCode(), answer.body(), answer.headers().firstValue("Allow").orElse(""));
  }

  private String path(Operation each) {
    String path = each.path();
    List<String> query = new ArrayList<>();
    for (JsonNode one : each.says().path("parameters")) {
      JsonNode parameter = resolved(one);
      String name = parameter.get("name").asText();
      String example = parameter.path("example").asText();
      switch (parameter.get("in").asText()) {
        case "path" -> path = path.replace("{" + name + "}", encoded(example));
        case "query" -> {
          if (!example.isEmpty()) {
            query.add(name + "=" + encoded(example));
          }
        }
        default -> {}
      }
    }
    return query.isEmpty() ? path : path + "?" + String.join("&", query);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private JsonNode resolved(JsonNode part) {
    return !part.has("$ref") ? part : api.at(part.get("$ref").asText().substring(1));
  }

  /// Why a value is not as a schema of the document says.
  private List<String> errors(JsonNode schema, JsonNode value) {
    ObjectNode alone = schema.deepCopy();
    alone.set("components", api.get("components"));
    return SCHEMAS.getSchema(alone).validate(value).stream().map(Object::toString).toList();
  }
}
