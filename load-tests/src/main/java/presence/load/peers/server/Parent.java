package presence.load.peers.server;

import java.io.IOException;

/// Whoever started this process holds its standard input.
final class Parent {
  private Parent() {}

  /// Tells where we serve, and returns when nobody wants it any more.
  static void serve(int port) throws IOException {
    System.out.println("ready http://127.0.0.1:" + port);
    while (System.in.read() >= 0) {
      // nothing is expected
    }
  }
}
