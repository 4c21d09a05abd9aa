package presence.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import presence.node.NodeProcess;

/// A cluster to play with: three nodes on this machine, each in a JVM of its own, and a PostgreSQL
/// that is gone with them. All stop with this process, which stops with the one that started it.
public final class LocalCluster {
  private static final int NODES = 3;
  private static final int FIRST_PORT = 8889;
  private static final long READY_MAX_MS = 90_000;

  private record Started(NodeProcess process, String url) {}

  private LocalCluster() {}

  public static void main(String[] args) throws Exception {
    System.out.println("Starting PostgreSQL and " + NODES + " nodes ...");
    String journal = Postgres.emptyDatabase();
    List<Integer> ports = freePorts();
    String seeds = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    List<Started> nodes = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      int port = FIRST_PORT + i;
      Map<String, String> settings =
          Map.of(
              "PRESENCE_HTTP_PORT",
              String.valueOf(port),
              "PRESENCE_CLUSTER_PORT",
              String.valueOf(ports.get(i)),
              "PRESENCE_SEEDS",
              seeds,
              "PRESENCE_JOURNAL",
              journal);
      Path directory = Files.createTempDirectory("presence-node-");
      nodes.add(new Started(NodeProcess.start(directory, settings), "http://127.0.0.1:" + port));
    }
    for (Started node : nodes) {
      awaitReady(node.process());
      System.out.printf("%s   kill it: kill -9 %d%n", node.url(), node.process().pid());
    }
    System.out.println("Open one with ?as=ann and another with ?as=bob. Ctrl-C stops all of them.");
    ProcessHandle.current().parent().orElseThrow().onExit().join();
    System.exit(0);
  }

  private static void awaitReady(NodeProcess node) throws InterruptedException {
    long deadline = System.currentTimeMillis() + READY_MAX_MS;
    while (node.output().stream().noneMatch(line -> line.startsWith("ready "))) {
      if (!node.alive() || System.currentTimeMillis() > deadline) {
        System.err.println("A node does not start: " + node.output() + node.errors());
        System.exit(1);
      }
      Thread.sleep(100);
    }
  }

  private static List<Integer> freePorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }
}
