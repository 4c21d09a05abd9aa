package presence.load.gatling;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import presence.load.process.NodeProcess;
import presence.load.process.PostgresServer;
import presence.load.process.ScratchDirectory;
import presence.load.process.ThreeNodes;

/// Where the load goes, by the system property `target`: `one` node that is started for it and
/// stopped after it, `three` on a PostgreSQL, or the URL of one that runs already.
final class Target implements AutoCloseable {
  private final List<URI> nodes;
  private final List<Runnable> stops;
  private final @Nullable ThreeNodes three;

  private Target(List<URI> nodes, List<Runnable> stops, @Nullable ThreeNodes three) {
    this.nodes = nodes;
    this.stops = stops;
    this.three = three;
  }

  /// What was asked for.
  ///
  /// @param otherwise what is taken if nothing was
  static Target of(String otherwise) {
    String wanted = System.getProperty("target", otherwise);
    return switch (wanted) {
      case "one" -> one();
      case "three" -> three();
      default -> new Target(List.of(URI.create(wanted)), List.of(), null);
    };
  }

  private static Target one() {
    NodeProcess node = NodeProcess.start(Map.of());
    return new Target(List.of(node.url()), List.of(node::close), null);
  }

  private static Target three() {
    Path directory = ScratchDirectory.create();
    System.out.println("logs of the nodes: " + directory);
    PostgresServer postgres = PostgresServer.start(directory.resolve("postgres"));
    ThreeNodes nodes = ThreeNodes.start(directory, postgres.journal(), Map.of());
    return new Target(
        IntStream.range(0, ThreeNodes.COUNT).mapToObj(nodes::url).toList(),
        List.of(nodes::close, postgres::close),
        nodes);
  }

  /// The node for a client that was sent elsewhere so many times.
  URI node(long client, int moves) {
    return nodes.get((int) ((client + moves) % nodes.size()));
  }

  List<String> urls() {
    return nodes.stream().map(URI::toString).toList();
  }

  /// Stops one node after the other, each back before the next goes.
  void restartAll() {
    ThreeNodes cluster = three;
    if (cluster == null) {
      throw new IllegalStateException("a rolling restart needs -Dtarget=three");
    }
    for (int node = ThreeNodes.COUNT - 1; node >= 0; node--) {
      cluster.node(node).close();
      cluster.start(node);
    }
  }

  @Override
  public void close() {
    stops.forEach(Runnable::run);
  }
}
