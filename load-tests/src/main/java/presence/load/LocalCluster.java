package presence.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import presence.load.process.PostgresServer;
import presence.load.process.ScratchDirectory;
import presence.load.process.ThreeNodes;

/// A cluster to play with: three nodes on this machine, each in a JVM of its own, and a PostgreSQL
/// that is gone with them. All stop with this process, which stops with the one that started it.
public final class LocalCluster {
  private static final int FIRST_PORT = 8889;

  private LocalCluster() {}

  public static void main(String[] args) {
    Path directory = ScratchDirectory.create();
    System.out.println("starting PostgreSQL and three nodes; their logs: " + directory);
    List<Integer> ports = List.of(FIRST_PORT, FIRST_PORT + 1, FIRST_PORT + 2);
    try (PostgresServer postgres = PostgresServer.start(directory.resolve("postgres"));
        ThreeNodes nodes =
            ThreeNodes.start(directory, ThreeNodes.BRIEF, postgres.journal(), Map.of(), ports)) {
      for (int node = 0; node < ThreeNodes.COUNT; node++) {
        System.out.printf("%s   kill it: kill -9 %d%n", nodes.url(node), nodes.node(node).pid());
      }
      System.out.println(
          "open one with ?as=ann and another with ?as=bob; Ctrl-C stops all of them");
      ProcessHandle.current().parent().orElseThrow().onExit().join();
    }
  }
}
