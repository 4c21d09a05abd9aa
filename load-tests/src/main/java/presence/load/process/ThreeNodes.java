package presence.load.process;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A cluster of three nodes on one PostgreSQL. A node that is started again has the ports it had.
public final class ThreeNodes implements AutoCloseable {
  public static final int COUNT = 3;

  /// Of nodes that share a machine with their clients for a minute or so: small heaps, and no
  /// compiler threads that pay off only after minutes.
  public static final List<String> BRIEF =
      List.of("-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Path directory;
  private final List<String> flags;
  private final Map<String, String> settings;
  private final List<Integer> httpPorts;
  private final List<Integer> clusterPorts = FreePorts.take(COUNT);
  private final AtomicReferenceArray<NodeProcess> nodes = new AtomicReferenceArray<>(COUNT);

  private ThreeNodes(
      Path directory, List<String> flags, Map<String, String> settings, List<Integer> httpPorts) {
    this.directory = directory;
    this.flags = List.copyOf(flags);
    this.settings = settings;
    this.httpPorts = List.copyOf(httpPorts);
  }

  /// Starts all three at the same moment, for a short time, and waits until each serves clients.
  ///
  /// @param directory where each node's output goes
  /// @param journal that they share
  /// @param settings environment variables of each beside ports, seeds and journal
  public static ThreeNodes start(Path directory, String journal, Map<String, String> settings) {
    return start(directory, BRIEF, journal, settings);
  }

  /// The same, with these flags of each JVM.
  public static ThreeNodes start(
      Path directory, List<String> flags, String journal, Map<String, String> settings) {
    return start(directory, flags, journal, settings, FreePorts.take(COUNT));
  }

  /// The same, on these ports for clients.
  public static ThreeNodes start(
      Path directory,
      List<String> flags,
      String journal,
      Map<String, String> settings,
      List<Integer> httpPorts) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("PRESENCE_JOURNAL", journal);
    ThreeNodes cluster = new ThreeNodes(directory, flags, all, httpPorts);
    try {
      cluster.startAll();
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  /// Starts every node that does not run, all at once, and waits until each serves clients.
  public void startAll() {
    List<NodeProcess> started = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      if (!isAlive(i)) {
        started.add(launch(i));
      }
    }
    started.forEach(NodeProcess::awaitReady);
  }

  /// Tells all at once to stop, and waits until they have.
  public void stopAll() {
    List<NodeProcess> running = living().toList();
    running.forEach(NodeProcess::terminate);
    running.forEach(NodeProcess::close);
  }

  /// Starts a node again and waits until it serves clients.
  public void start(int index) {
    launch(index).awaitReady();
  }

  private NodeProcess launch(int index) {
    Map<String, String> own = new HashMap<>(settings);
    own.put("PRESENCE_HTTP_PORT", httpPorts.get(index).toString());
    own.put("PRESENCE_CLUSTER_PORT", clusterPorts.get(index).toString());
    own.put(
        "PRESENCE_SEEDS",
        IntStream.range(0, COUNT).mapToObj(this::member).collect(Collectors.joining(",")));
    NodeProcess node = NodeProcess.launch(directory.resolve(name(index) + ".log"), flags, own);
    nodes.set(index, node);
    return node;
  }

  /// A name for people.
  public String name(int index) {
    return "node-" + (index + 1);
  }

  /// What the other nodes call it: `host:port`.
  public String member(int index) {
    return "127.0.0.1:" + clusterPorts.get(index);
  }

  /// Which node the others call that.
  public int index(String member) {
    return IntStream.range(0, COUNT)
        .filter(index -> member(index).equals(member))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("no node of ours: " + member));
  }

  public URI url(int index) {
    return URI.create("http://127.0.0.1:" + httpPorts.get(index));
  }

  public NodeProcess node(int index) {
    return nodes.get(index);
  }

  public boolean isAlive(int index) {
    NodeProcess node = nodes.get(index);
    return node != null && node.isAlive();
  }

  /// Processor time that those which live have used so far.
  public Duration cpu() {
    return living().map(NodeProcess::cpu).reduce(Duration.ZERO, Duration::plus);
  }

  /// How often one of those which live has believed another to be lost.
  public int suspicions() {
    return (int)
        living()
            .flatMap(node -> node.complaints().stream())
            .filter(complaint -> complaint.contains("UNREACHABLE"))
            .count();
  }

  private Stream<NodeProcess> living() {
    return IntStream.range(0, COUNT).filter(this::isAlive).mapToObj(this::node);
  }

  /// Stops all of them, the last first: the oldest has the most to do.
  @Override
  public void close() {
    for (int i = COUNT - 1; i >= 0; i--) {
      if (isAlive(i)) {
        node(i).close();
      }
    }
  }
}
