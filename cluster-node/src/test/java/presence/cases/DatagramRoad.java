package presence.cases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import presence.datagram.Datagram;
import presence.datagram.Kind;

/// The way of datagrams between clients and one node, on which a test may have them lost, and which
/// counts those that come through.
final class DatagramRoad implements AutoCloseable {
  private final DatagramSocket door;
  private final Map<SocketAddress, DatagramSocket> lanes = new ConcurrentHashMap<>();
  private final Map<Kind, AtomicInteger> carried = new EnumMap<>(Kind.class);
  private volatile Set<Kind> lost = Set.of();
  private volatile @Nullable InetSocketAddress node;

  DatagramRoad() {
    for (Kind kind : Kind.values()) {
      carried.put(kind, new AtomicInteger());
    }
    try {
      door = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("datagrams-in").start(() -> carry(door, null));
  }

  int port() {
    return door.getLocalPort();
  }

  void leadsTo(TestNode to) {
    node = new InetSocketAddress(to.url().getHost(), to.url().getPort());
  }

  /// From now on datagrams of these kinds are lost, and no others.
  void loses(Kind... kinds) {
    lost = kinds.length == 0 ? Set.of() : EnumSet.of(kinds[0], kinds);
  }

  void losesAll() {
    loses(Kind.values());
  }

  /// How many datagrams of this kind have come through.
  int carried(Kind kind) {
    AtomicInteger count = carried.get(kind);
    return count == null ? 0 : count.get();
  }

  /// Carries on whatever comes here: to the node, or back to this client.
  private void carry(DatagramSocket from, @Nullable SocketAddress client) {
    byte[] bytes = new byte[Datagram.BYTES_MAX + 1];
    while (!from.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        from.receive(packet);
        SocketAddress to = client == null ? node : client;
        if (to != null && passes(ByteBuffer.wrap(bytes, 0, packet.getLength()))) {
          DatagramSocket on = client == null ? lane(packet.getSocketAddress()) : door;
          on.send(new DatagramPacket(bytes, packet.getLength(), to));
        }
      } catch (IOException e) {
        // closed; or nobody listens there just now
      }
    }
  }

  private boolean passes(ByteBuffer bytes) {
    Kind kind = new Datagram(bytes).kind();
    AtomicInteger count = kind == null || lost.contains(kind) ? null : carried.get(kind);
    return count != null && count.incrementAndGet() > 0;
  }

  private DatagramSocket lane(SocketAddress client) {
    return lanes.computeIfAbsent(
        client,
        _ -> {
          try {
            DatagramSocket lane =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread.ofVirtual().name("datagrams-out").start(() -> carry(lane, client));
            return lane;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public void close() {
    door.close();
    lanes.values().forEach(DatagramSocket::close);
  }
}
