package presence.cases;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import presence.client.ClientOptions;
import presence.client.Proof;
import presence.node.LogWatch;
import presence.node.Node;
import presence.node.Outage;
import presence.protocol.Handle;
import presence.testkit.Postgres;

/// Three nodes of one cluster in this process, on a PostgreSQL of their own, and the people who
/// come to them: each by a [Road], which leads to the node the test says.
///
/// When it closes, every stream that any client was told must have been without fault, through
/// whatever happened to the nodes.
final class TestCluster implements AutoCloseable, BeforeAllCallback, AfterAllCallback {
  private static final int SIZE = 3;

  private final List<TestNode> nodes;
  private final Map<TestClient, Road> roads = new HashMap<>();
  private final LogWatch log = new LogWatch();

  private TestCluster(String... settings) {
    System.setProperty(Outage.POSSIBLE, "on");
    String journal = Postgres.emptyDatabase();
    List<Integer> ports = freePorts();
    String seeds = ports.stream().map(port -> "127.0.0.1:" + port).collect(joining(","));
    this.nodes =
        ports.stream()
            .map(port ->
                TestNode.member(
                    journal,
                    Stream.concat(
                            Stream.of(
                                "PRESENCE_CLUSTER_PORT=" + port,
                                "PRESENCE_SEEDS=" + seeds,
                                "PRESENCE_DRAIN_SPREAD=500ms"),
                            Stream.of(settings))
                        .toList()))
            .toList();
  }

  /// @param settings what differs on all nodes, as `VARIABLE=value`
  static TestCluster ofThree(String... settings) {
    return new TestCluster(settings);
  }

  private static List<Integer> freePorts() {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < SIZE; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    start();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  /// Starts all nodes at once.
  TestCluster start() {
    Story.atOnce(nodes.stream().map(node -> (Runnable) node::start).toArray(Runnable[]::new));
    return this;
  }

  /// The nodes in the order in which they are named as seeds.
  TestNode node(int number) {
    return nodes.get(number);
  }

  List<TestNode> nodes() {
    return nodes;
  }

  /// The running nodes but this one.
  List<TestNode> othersThan(TestNode node) {
    return nodes.stream().filter(each -> each != node && each.isRunning()).toList();
  }

  /// A person with a handle nobody else has, whose road leads to this node.
  TestClient person(String name, TestNode node) {
    return personOf(TestNode.unique(name), node);
  }

  TestClient personOf(String handle, TestNode node) {
    Road road = new Road(node);
    ClientOptions options =
        ClientOptions.of(road.socketUrl()).withProof(Proof.token(Tokens.of(handle)));
    TestClient client = node.client(Handle.of(handle).value(), options);
    roads.put(client, road);
    return client;
  }

  /// Where the client's next connection goes.
  void leads(TestClient client, TestNode... to) {
    Objects.requireNonNull(roads.get(client), client.id()).leadsTo(to);
  }

  /// The node to which the road of this client leads first.
  TestNode nodeOf(TestClient client) {
    return Objects.requireNonNull(roads.get(client), client.id()).leadsTo();
  }

  /// A node dies, as far as one process can show it.
  void dies(TestNode node) {
    node.dies(othersThan(node));
  }

  /// A node and the others do not hear each other any more.
  void cutsOff(TestNode node) {
    Outage.cutOff(node.here(), othersThan(node).stream().map(TestNode::here).toList());
  }

  /// A node dies, and will be cut off from the others when it is started again.
  void diesAndIsCutOff(TestNode node) {
    List<TestNode> others = othersThan(node);
    Node dead = node.dies(others);
    Outage.cutOffNext(dead, others.stream().map(TestNode::here).toList());
  }

  /// The next incarnation of a node and the others hear each other after all.
  void heals(TestNode node) {
    Outage.heal(node.here(), othersThan(node).stream().map(TestNode::here).toList());
  }

  /// A node that was cut off, and stopped for that, is started once more.
  void comesBack(TestNode node) {
    heals(node);
    node.stop();
    node.start();
  }

  /// Waits until this many nodes are members and agree on it.
  void hasMembers(int count) {
    await("the members of the cluster")
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(50))
        .until(() ->
            nodes.stream()
                .filter(TestNode::isRunning)
                .allMatch(node -> Outage.members(node.here()) == count));
  }

  /// Warnings and errors that these nodes have logged.
  List<String> complaints() {
    return log.saidAt(
        nodes.stream().flatMap(node -> node.addresses().stream()).collect(Collectors.toSet()));
  }

  @Override
  public void close() {
    try (log) {
      List<String> violations = new ArrayList<>();
      for (TestNode node : nodes) {
        violations.addAll(node.violations());
        node.closeClients();
      }
      for (TestNode node : nodes) {
        node.stop();
        node.log().close();
      }
      roads.values().forEach(Road::close);
      assertThat(violations).as("what is wrong with the streams").isEmpty();
    } finally {
      System.clearProperty(Outage.POSSIBLE);
    }
  }
}
