package presence.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import presence.datagram.Datagram;
import presence.datagram.Echo;
import presence.datagram.Kind;
import presence.datagram.Seal;
import presence.datagram.Ticket;
import presence.protocol.ServerMessage;

/// A client that pings a node by datagrams and waits for each pong.
final class Pinger implements AutoCloseable {
  private static final long PATIENCE_MS = 2_000;

  private final Ticket ticket;
  private final InetSocketAddress node;
  private final Seal seal = new Seal();
  private final DatagramChannel channel;
  private final Selector selector;
  private final ByteBuffer heard = ByteBuffer.allocate(Datagram.BYTES_MAX);
  private ByteBuffer said = ByteBuffer.allocate(0);
  private long number;
  private long lost;

  Pinger(ServerMessage.Udp where) throws IOException {
    ticket = Ticket.parse(where.ticket()).orElseThrow();
    node = new InetSocketAddress(where.host(), where.port());
    channel = DatagramChannel.open();
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    channel.configureBlocking(false);
    selector = Selector.open();
    channel.register(selector, SelectionKey.OP_READ);
  }

  /// Pings until it is answered: whatever was sent to the node before has been looked at then.
  void ping() throws IOException {
    while (true) {
      number++;
      said = seal.seal(ticket, Kind.PING, number, Echo.NONE.bytes());
      send(said);
      if (selector.select(PATIENCE_MS) > 0) {
        selector.selectedKeys().clear();
        channel.receive(heard.clear());
        return;
      }
      lost++;
    }
  }

  /// Sends anything to the node.
  void send(ByteBuffer bytes) throws IOException {
    channel.send(bytes.duplicate(), node);
  }

  /// The newest ping, as it was sent.
  ByteBuffer said() {
    return said.duplicate();
  }

  /// How many were not answered.
  long lost() {
    return lost;
  }

  long answered() {
    return number - lost;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    selector.close();
  }
}
