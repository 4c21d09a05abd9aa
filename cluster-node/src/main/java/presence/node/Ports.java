package presence.node;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Whether the node's ports are free: asked before anything is started, so that the answer is one
/// line and not the failure of half a node.
final class Ports {

  private Ports() {}

  /// @throws ConfigurationError if nobody could listen on the port `port` of `host`, which the
  ///   setting `key` names
  static void requireFree(Config presence, String key, String host, int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException e) {
      throw taken(presence, key, host, port, e);
    }
  }

  /// The error for a port that could not be bound.
  static ConfigurationError taken(
      Config presence, String key, String host, int port, Throwable cause) {
    var root = root(cause);
    if (root instanceof BindException && String.valueOf(root.getMessage()).contains("assign")) {
      return Settings.error(
          presence, "host", "\"%s\" is not an address of this machine".formatted(host));
    }
    return Settings.error(
        presence,
        key,
        "port %d of %s cannot be used (%s); stop what listens there, or choose another port"
            .formatted(port, host, root.getMessage()));
  }

  private static Throwable root(Throwable failure) {
    var root = failure;
    for (var cause = root.getCause(); cause != null; cause = cause.getCause()) {
      root = cause;
    }
    return root;
  }
}
