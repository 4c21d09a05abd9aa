package presence.node;

/// The address of a node for other nodes.
public record HostPort(String host, int port) {

  /// Reads `host:port`.
  ///
  /// @throws IllegalArgumentException if it is anything else
  public static HostPort parse(String text) {
    var colon = text.lastIndexOf(':');
    try {
      var port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port > 0 && port <= 65_535) {
        return new HostPort(text.substring(0, colon), port);
      }
    } catch (NumberFormatException e) {
      // says the same as what follows
    }
    throw new IllegalArgumentException("\"" + text + "\" is not host:port");
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
