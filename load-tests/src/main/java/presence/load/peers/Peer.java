package presence.load.peers;

import java.io.IOException;

/// A kind of server.
///
/// @param name as it stands in tables
/// @param program what its server is started from
record Peer(String name, Program program) {
  static final String OURS = "ours";
  static final String NETTY = "Netty";

  /// Starts a server of a kind.
  interface Program {
    /// Starts one and waits until it serves.
    ///
    /// @param people how many will speak with it
    Server start(int people) throws IOException;
  }

  boolean isOurs() {
    return name.equals(OURS);
  }
}
