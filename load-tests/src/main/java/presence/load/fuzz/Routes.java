package presence.load.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Requests as the published description of the routes gives them, with parts that are not meant.
final class Routes {
  private static final String DESCRIPTION = "/presence/api/openapi.json";

  /// What would end the node, and with it the fuzzing.
  private static final String DRAIN = "/drain";

  private static final List<String> NAMES =
      List.of(
          "chat-api",
          "@api-ann",
          "plan",
          "S1",
          "3f2b8c1e-6d0a-4e57-9b1c-0a1b2c3d4e5f",
          "%",
          "..",
          "%00",
          "%C0%AF",
          "💥",
          "@",
          "",
          "a%2Fb",
          "'",
          "%E2%80%AE",
          "1e400",
          "-1");
  private static final List<String> POSITIONS =
      List.of(
          "1:1", "0:0", "x", ":", "1:", "-1:5", "1e3:1", "9".repeat(40) + ":1", "1:2:3", "12", "0");

  private record Route(String method, String path, List<JsonNode> parameters, String body) {}

  private final String host;
  private final String admin;
  private final List<Route> routes = new ArrayList<>();

  private Routes(String host, String admin) {
    this.host = host;
    this.admin = admin;
  }

  static Routes published(String host, String admin) {
    Routes routes = new Routes(host, admin);
    try (InputStream in =
        Objects.requireNonNull(Routes.class.getResourceAsStream(DESCRIPTION), DESCRIPTION)) {
      JsonNode description = new ObjectMapper().readTree(in);
      for (Map.Entry<String, JsonNode> path : description.get("paths").properties()) {
        if (!path.getKey().endsWith(DRAIN)) {
          routes.add(description, path.getKey(), path.getValue());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return routes;
  }

  private void add(JsonNode description, String path, JsonNode methods) {
    for (Map.Entry<String, JsonNode> method : methods.properties()) {
      List<JsonNode> parameters = new ArrayList<>();
      for (JsonNode parameter : method.getValue().path("parameters")) {
        String reference = parameter.path("$ref").asText();
        parameters.add(reference.isEmpty() ? parameter : description.at(reference.substring(1)));
      }
      JsonNode body = method.getValue().at("/requestBody/content").path("application/json");
      routes.add(
          new Route(
              method.getKey().toUpperCase(Locale.ROOT),
              path,
              parameters,
              body.isMissingNode() ? "" : body.path("example").toString()));
    }
  }

  /// A request to one of the routes.
  String request(Mutilation by) {
    Route route = by.one(routes);
    String body = route.body();
    if (!body.isEmpty() && !by.once(4)) {
      body = by.text(body);
    }
    StringBuilder head = new StringBuilder();
    head.append(by.once(20) ? by.one(List.of("PATCH", "HEAD", "OPTIONS", "TRACE")) : route.method())
        .append(' ')
        .append(target(route, by))
        .append(" HTTP/1.1\r\nHost: ")
        .append(host)
        .append("\r\nConnection: close\r\n");
    if (!by.once(3)) {
      head.append("Authorization: Bearer ").append(admin).append("\r\n");
    }
    if (by.once(10)) {
      head.append(header(by));
    }
    if (!body.isEmpty()) {
      head.append("Content-Type: application/json\r\nContent-Length: ")
          .append(body.getBytes(UTF_8).length)
          .append("\r\n");
    }
    return head.append("\r\n").append(body).toString();
  }

  private static String header(Mutilation by) {
    return by.one(
            List.of(
                "Origin",
                "Range",
                "If-None-Match",
                "Accept",
                "Cookie",
                "X-Forwarded-For",
                "Expect"))
        + ": "
        + by.text("bytes=0-1, *").replaceAll("[\\r\\n]", "")
        + "\r\n";
  }

  private static String target(Route route, Mutilation by) {
    String path = route.path();
    StringBuilder query = new StringBuilder();
    for (JsonNode parameter : route.parameters()) {
      String name = parameter.path("name").asText();
      String example = parameter.path("example").asText("");
      String value = by.once(3) ? by.one(NAMES) : by.once(4) ? by.text(example) : example;
      String written = by.once(3) ? value.replaceAll("[\\s]", "") : URLEncoder.encode(value, UTF_8);
      switch (parameter.path("in").asText()) {
        case "path" -> path = path.replace("{" + name + "}", written);
        case "query" -> query.append('&').append(name).append('=').append(written);
        default -> {}
      }
    }
    if (by.once(10)) {
      query.append('&').append(by.piece().strip());
    }
    return query.isEmpty() ? path : path + "?" + query.substring(1);
  }

  /// A stream of events that is asked to go on somewhere.
  String stream(Mutilation by) {
    String path =
        by.one(
            List.of(
                "/v1/instances/chat-api/events",
                "/v1/instances/chat-api/events?roster=full",
                "/v1/workspaces/plan/events?client_id=3f2b8c1e-6d0a-4e57-9b1c-0a1b2c3d4e5f"));
    String position = by.once(3) ? by.one(POSITIONS) : by.text(by.one(POSITIONS));
    return """
    GET %s HTTP/1.1\r
    Host: %s\r
    Accept: text/event-stream\r
    Last-Event-ID: %s\r
    \r
    """
        .formatted(path, host, position.replaceAll("[\\r\\n]", ""));
  }
}
