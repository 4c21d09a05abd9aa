package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import presence.client.ClientOptions;
import presence.client.Proof;
import presence.client.SigningKey;
import presence.node.LogWatch;
import presence.node.Node;
import presence.node.NodeConfig;
import presence.node.NodeProcess;
import presence.node.Outage;
import presence.node.Whereabouts;
import presence.protocol.Handle;

/// A real node on any free port, and the people who come to it. Waits are short by configuration;
/// rates are high, so that a test may hurry.
///
/// When it closes, every stream that any of its clients was told must have been without fault, and
/// nothing may have been logged as a warning.
final class TestNode implements AutoCloseable, BeforeAllCallback, AfterAllCallback {
  static final String ADMIN = "the operators' token";

  /// Long enough for who is to come back in time on a machine that pauses.
  static final long GRACE_MS = 5_000;

  private static final AtomicInteger names = new AtomicInteger();

  private final Map<String, String> environment = new HashMap<>();
  private final List<TestClient> clients = new ArrayList<>();
  private final LogWatch log = new LogWatch();
  private final Set<String> addresses = new HashSet<>();
  private final Http http = new Http();
  private @Nullable Path directory;
  private @Nullable Node node;
  private @Nullable NodeProcess process;
  private URI url = URI.create("http://nowhere");

  private TestNode(String journal, String... settings) {
    environment.put("PRESENCE_JOURNAL", journal);
    environment.put("PRESENCE_HTTP_PORT", "0");
    environment.put("PRESENCE_CLUSTER_PORT", "0");
    environment.put("PRESENCE_GRACE", GRACE_MS + "ms");
    environment.put("PRESENCE_JWT_SECRET", Tokens.SECRET);
    environment.put("PRESENCE_ADMIN_TOKEN", ADMIN);
    environment.put("PRESENCE_RATES_CHAT_PER_MINUTE", "60000");
    environment.put("PRESENCE_RATES_CHAT_BURST", "1000");
    environment.put("PRESENCE_RATES_DIRECT_PER_MINUTE", "60000");
    environment.put("PRESENCE_RATES_DIRECT_BURST", "1000");
    environment.put("PRESENCE_RATES_MEMBERSHIP_PER_MINUTE", "60000");
    environment.put("PRESENCE_RATES_MEMBERSHIP_BURST", "1000");
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      environment.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
  }

  /// A node whose journal is gone when it stops. As an extension it starts before all tests of a
  /// class and closes after them.
  ///
  /// @param settings what differs, as `VARIABLE=value`
  static TestNode inMemory(String... settings) {
    return new TestNode("memory", settings);
  }

  /// A node with its journal in a file.
  static TestNode on(Path directory, String... settings) {
    return new TestNode("h2:" + directory, settings);
  }

  /// A node with its journal in a file. The first time it runs in a process of its own, so that it
  /// can be killed; whatever follows is quicker in this one.
  static TestNode mortal(Path directory, String... settings) {
    TestNode node = new TestNode("h2:" + directory, settings);
    node.directory = directory;
    return node;
  }

  /// One node of a [TestCluster], which closes it: what is wrong with the streams and what was
  /// logged is a matter of the whole cluster.
  static TestNode member(String journal, List<String> settings) {
    return new TestNode(journal, settings.toArray(String[]::new));
  }

  /// A name that nothing else on any node has.
  static String unique(String name) {
    return name + "-" + names.incrementAndGet();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    start();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  /// Starts it; after the first time on the same port.
  TestNode start() {
    try {
      url = directory == null || process != null ? startHere() : startThere(directory);
      environment.put("PRESENCE_HTTP_PORT", String.valueOf(url.getPort()));
      return this;
    } catch (Exception e) {
      throw new AssertionError("the node does not start", e);
    }
  }

  private URI startHere() throws Exception {
    Node opened = Node.open(NodeConfig.load(environment));
    node = opened;
    addresses.add(Whereabouts.address(opened));
    return opened.start().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private URI startThere(Path where) throws Exception {
    NodeProcess started = NodeProcess.start(where, environment);
    process = started;
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ready(started).isPresent() || !started.alive());
    return ready(started).orElseThrow(() -> new AssertionError(started.errors()));
  }

  private static Optional<URI> ready(NodeProcess started) {
    return started.output().stream()
        .filter(line -> line.startsWith("ready "))
        .findFirst()
        .map(line -> URI.create(line.substring("ready ".length())));
  }

  void stop() {
    if (node != null) {
      node.close();
      node = null;
    }
    kill();
  }

  /// Ends the process without giving it time for anything.
  void kill() {
    if (process != null && process.alive()) {
      process.close();
      try {
        process.exitCode();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  URI url() {
    return url;
  }

  /// The node that runs in this process.
  Node here() {
    return Objects.requireNonNull(node, "no node runs here");
  }

  boolean isRunning() {
    return node != null;
  }

  /// Ends it without giving it time for anything, as far as that can be done in this process.
  Node dies(List<TestNode> others) {
    Node dying = here();
    node = null;
    Outage.kill(dying, others.stream().map(TestNode::here).toList());
    return dying;
  }

  /// What its clients heard that cannot be.
  List<String> violations() {
    synchronized (clients) {
      return clients.stream()
          .flatMap(
              client -> client.violations().stream().map(each -> client.id() + " heard " + each))
          .toList();
    }
  }

  void closeClients() {
    synchronized (clients) {
      clients.forEach(TestClient::close);
    }
  }

  URI socketUrl() {
    return URI.create("ws" + url.toString().substring(4) + "/ws");
  }

  /// A person with a handle nobody else has, proven by a token.
  TestClient person(String name) {
    return personOf(unique(name));
  }

  /// The person of this handle.
  TestClient personOf(String handle) {
    return client(Handle.of(handle).value(), options().withProof(Proof.token(Tokens.of(handle))));
  }

  /// Somebody who proves nothing.
  TestClient anonymous() {
    return client("nobody-" + names.incrementAndGet(), options());
  }

  /// Whoever holds this key.
  TestClient holder(SigningKey key) {
    return client(key.publicKey(), options().withProof(Proof.key(key)));
  }

  ClientOptions options() {
    return ClientOptions.of(socketUrl());
  }

  TestClient client(String id, ClientOptions options) {
    TestClient client = new TestClient(id, this, options);
    synchronized (clients) {
      clients.add(client);
    }
    return client;
  }

  /// A socket without a client.
  RawSocket socket(String... headers) {
    return new RawSocket(url, false, headers);
  }

  /// A socket that forgets at once what it hears.
  RawSocket deafSocket() {
    return new RawSocket(url, true);
  }

  Http.Answer get(String path, String... headers) {
    return http.send("GET", url.resolve(path), "", headers);
  }

  Http.Answer post(String path, String body, String... headers) {
    return http.send("POST", url.resolve(path), body, headers);
  }

  Http.Answer send(String method, String path, String body, String... headers) {
    return http.send(method, url.resolve(path), body, headers);
  }

  /// As an operator.
  Http.Answer command(String path, String body) {
    return command("POST", path, body);
  }

  Http.Answer command(String method, String path, String body) {
    return send(method, path, body, "Authorization", "Bearer " + ADMIN);
  }

  /// What the node tells Prometheus by this name, labels and all.
  double metric(String name) {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  /// Waits until the node has noticed how many sockets of its own follow an instance.
  void awaitConnections(String instance, int count) {
    await("%d connections follow %s".formatted(count, instance))
        .atMost(Transcript.PATIENCE)
        .until(() -> get("/v1/instances/" + instance).at("connections").asInt() == count);
  }

  LogWatch log() {
    return log;
  }

  /// By which its actor systems have called themselves, one after the other.
  Set<String> addresses() {
    return addresses;
  }

  @Override
  public void close() {
    try (log) {
      List<String> violations = violations();
      closeClients();
      stop();
      assertThat(violations).as("what is wrong with the streams").isEmpty();
      log.forgives(each -> each.contains("sending of heartbeat was delayed")); // a busy machine
      assertThat(log.complaintsAt(addresses)).as("warnings and errors in the log").isEmpty();
    }
  }
}
