package presence.node;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A real node on free ports, with its journal in memory.
public final class MemoryNode implements AutoCloseable {
  private final Node node;
  private final URI url;

  private MemoryNode(Node node, URI url) {
    this.node = node;
    this.url = url;
  }

  /// Starts a node.
  ///
  /// @param settings variables and their values, in turn, beside those every test needs
  public static MemoryNode with(String... settings) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PRESENCE_JOURNAL", "memory");
    environment.put("PRESENCE_HTTP_PORT", "0");
    environment.put("PRESENCE_CLUSTER_PORT", "0");
    for (int i = 0; i < settings.length; i += 2) {
      environment.put(settings[i], settings[i + 1]);
    }
    Node node = Node.open(NodeConfig.load(environment));
    return new MemoryNode(
        node, node.start().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join());
  }

  public URI url() {
    return url;
  }

  @Override
  public void close() {
    node.close();
  }
}
