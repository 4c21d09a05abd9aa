package presence.load.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The Kubernetes API as far as nodes use it: over TLS, for who shows the token, and no more than
/// the roles of the manifests grant. It lists the pods it is told of and keeps leases, each change
/// of which must name the version it changes.
public final class ApiServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PODS = Pattern.compile("/api/v1/namespaces/([^/]+)/pods");
  private static final Pattern LEASES =
      Pattern.compile("/apis/coordination.k8s.io/v1/namespaces/([^/]+)/leases/([^/]*)");
  private static final Map<String, String> VERBS =
      Map.of("GET", "get", "PUT", "update", "POST", "create", "DELETE", "delete");

  private record Answer(int status, JsonNode body) {
    static Answer refusal(int status, String why) {
      return new Answer(status, JSON.createObjectNode().put("kind", "Status").put("message", why));
    }
  }

  private final Manifests manifests;
  private final ServiceAccount account;
  private final HttpsServer server;
  private final Map<String, JsonNode> pods = new ConcurrentHashMap<>();
  private final Map<String, ObjectNode> leases = new ConcurrentHashMap<>();
  private final AtomicLong versions = new AtomicLong();
  private final Set<String> granted = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  private ApiServer(Manifests manifests, ServiceAccount account, HttpsServer server) {
    this.manifests = manifests;
    this.account = account;
    this.server = server;
  }

  /// An API that grants what these manifests grant.
  ///
  /// @param directory for what pods find to speak to it with
  public static ApiServer start(Manifests manifests, Path directory) {
    ServiceAccount account =
        ServiceAccount.create(directory, manifests.namespace(), "the-token-of-a-node");
    try {
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      ApiServer api = new ApiServer(manifests, account, server);
      server.setHttpsConfigurator(new HttpsConfigurator(account.tls()));
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", api::handle);
      server.start();
      return api;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where it is, as Kubernetes tells every container.
  public Map<String, String> environment() {
    return Map.of(
        "KUBERNETES_SERVICE_HOST",
        "127.0.0.1",
        "KUBERNETES_SERVICE_PORT",
        String.valueOf(server.getAddress().getPort()));
  }

  /// Flags for a JVM that has no `/var/run/secrets`: the discovery finds everything here.
  public List<String> discoveryFlags() {
    String module = "pekko.discovery.kubernetes-api";
    return Stream.concat(
            account.flags(module).stream(),
            Stream.of(
                "-D%s.pod-namespace-path=%s"
                    .formatted(module, account.directory().resolve("namespace"))))
        .toList();
  }

  /// The same for the lease, as settings.
  public Map<String, String> leaseSettings() {
    String module = "pekko.coordination.lease.kubernetes.";
    Path directory = account.directory();
    return Map.of(
        module + "api-ca-path", directory.resolve("ca.crt").toString(),
        module + "api-token-path", directory.resolve("token").toString(),
        module + "namespace-path", directory.resolve("namespace").toString(),
        module + "api-service-host", "127.0.0.1",
        module + "api-service-port", String.valueOf(server.getAddress().getPort()));
  }

  /// What was asked and granted, such as `list pods`.
  public Set<String> granted() {
    return Set.copyOf(granted);
  }

  /// What was asked and not granted.
  public Set<String> refused() {
    return Set.copyOf(refused);
  }

  void put(String name, JsonNode pod) {
    pods.put(name, pod);
  }

  void remove(String name) {
    pods.remove(name);
  }

  private void handle(HttpExchange exchange) throws IOException {
    Answer answer = answer(exchange);
    byte[] body = JSON.writeValueAsBytes(answer.body());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    String shown = exchange.getRequestHeaders().getFirst("Authorization");
    if (!("Bearer " + account.token()).equals(shown)) {
      return Answer.refusal(401, "who are you?");
    }
    String path = exchange.getRequestURI().getPath();
    Matcher podList = PODS.matcher(path);
    if (podList.matches()) {
      return granted(
          new Manifests.Request("list", "", "pods", ""),
          podList.group(1),
          (_, _) -> list(exchange));
    }
    Matcher lease = LEASES.matcher(path);
    if (lease.matches()) {
      String verb = VERBS.getOrDefault(exchange.getRequestMethod(), "patch");
      JsonNode body = JSON.readTree(exchange.getRequestBody());
      return granted(
          new Manifests.Request(verb, "coordination.k8s.io", "leases", lease.group(2)),
          lease.group(1),
          (asked, name) -> lease(asked, name, body));
    }
    refused.add(exchange.getRequestMethod() + " " + path);
    return Answer.refusal(404, path);
  }

  private Answer granted(
      Manifests.Request request, String namespace, BiFunction<String, String, Answer> answer) {
    if (!namespace.equals(manifests.namespace()) || !manifests.allow(request)) {
      refused.add(request.toString());
      return Answer.refusal(403, request + " is forbidden");
    }
    granted.add(request.toString());
    return answer.apply(request.verb(), request.name());
  }

  private Answer list(HttpExchange exchange) {
    String selector = String.valueOf(exchange.getRequestURI().getQuery());
    ObjectNode list = JSON.createObjectNode().put("kind", "PodList").put("apiVersion", "v1");
    list.putArray("items")
        .addAll(
            pods.values().stream()
                .filter(pod -> selector.equals("labelSelector=app=" + app(pod)))
                .collect(Collectors.toList()));
    return new Answer(200, list);
  }

  private static String app(JsonNode pod) {
    return pod.at("/metadata/labels/app").asText();
  }

  private synchronized Answer lease(String verb, String name, JsonNode body) {
    ObjectNode held = leases.get(name);
    if (verb.equals("get")) {
      return held == null ? Answer.refusal(404, "no such lease") : new Answer(200, held);
    }
    if (!(body instanceof ObjectNode lease)) {
      return Answer.refusal(400, "no lease");
    }
    if (verb.equals("create")) {
      return leases.containsKey(nameOf(lease))
          ? Answer.refusal(409, "there is one")
          : keep(201, lease);
    }
    return held == null || !version(held).equals(version(lease))
        ? Answer.refusal(409, "it has changed")
        : keep(200, lease);
  }

  private Answer keep(int status, ObjectNode lease) {
    ((ObjectNode) lease.path("metadata"))
        .put("resourceVersion", String.valueOf(versions.incrementAndGet()));
    leases.put(nameOf(lease), lease);
    return new Answer(status, lease);
  }

  private static String nameOf(JsonNode lease) {
    return lease.at("/metadata/name").asText();
  }

  private static String version(JsonNode lease) {
    return lease.at("/metadata/resourceVersion").asText();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
