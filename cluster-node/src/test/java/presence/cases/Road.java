package presence.cases;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/// The way of one client to the nodes, as a load balancer is: its address never changes, and a new
/// connection goes to the first node of those it leads to that takes it.
final class Road implements AutoCloseable {
  private final ServerSocket door;
  private volatile List<TestNode> nodes;

  Road(TestNode... nodes) {
    try {
      this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.nodes = List.of(nodes);
    Thread.ofVirtual().name("road").start(this::accept);
  }

  /// From now on new connections go here.
  void leadsTo(TestNode... others) {
    nodes = List.of(others);
  }

  URI socketUrl() {
    return URI.create("ws://127.0.0.1:%d/ws".formatted(door.getLocalPort()));
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Thread.ofVirtual().name("road-in").start(() -> connect(client));
      } catch (IOException e) {
        return; // it is closed
      }
    }
  }

  private void connect(Socket client) {
    try (client;
        Socket server = reach()) {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Thread back = Thread.ofVirtual().name("road-out").start(() -> carry(server, client));
      carry(client, server);
      back.join();
    } catch (IOException e) {
      // no node takes it: the client finds its connection closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Socket reach() throws IOException {
    IOException refused = new IOException("it leads nowhere");
    for (TestNode node : nodes) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(node.url().getHost(), node.url().getPort()), 1_000);
        return socket;
      } catch (IOException e) {
        socket.close();
        refused = e;
      }
    }
    throw refused;
  }

  /// When one direction ends, both do.
  private static void carry(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      in.transferTo(to.getOutputStream());
    } catch (IOException e) {
      // the connection broke, and so does the other half
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
