package presence.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import presence.datagram.Datagram;
import presence.datagram.Echo;
import presence.datagram.Kind;
import presence.datagram.Seal;
import presence.datagram.Ticket;
import presence.protocol.ServerMessage;

/// A node's UDP port that does what a test tells it, for one client.
final class TinyPort implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  final Ticket ticket = Ticket.issue(new Random(1));
  private final Seal seal = new Seal();
  private final DatagramChannel channel;
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private @Nullable SocketAddress client;
  private long number;

  record Heard(Datagram datagram, SocketAddress from) {}

  TinyPort() throws IOException {
    channel = DatagramChannel.open();
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.startVirtualThread(this::read);
  }

  private void read() {
    try {
      while (channel.isOpen()) {
        ByteBuffer buffer = ByteBuffer.allocate(2_000);
        SocketAddress from = channel.receive(buffer);
        heard.add(new Heard(new Datagram(buffer.flip()), from));
      }
    } catch (IOException e) {
      // closed
    }
  }

  ServerMessage.Udp offer() {
    try {
      int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
      return new ServerMessage.Udp("127.0.0.1", port, ticket.text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next datagram of this kind, which must be genuine; others before it are passed over.
  Heard hears(Kind kind) {
    try {
      while (true) {
        Heard next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("a %s", kind).isNotNull();
        assertThat(seal.isOn(next.datagram(), ticket)).as("genuine").isTrue();
        client = next.from();
        if (next.datagram().kind() == kind) {
          return next;
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Echo hearsPing() {
    return Echo.read(hears(Kind.PING).datagram().payload()).orElseThrow();
  }

  ByteBuffer sends(Kind kind, ByteBuffer payload) {
    ByteBuffer sealed = seal.seal(ticket, kind, ++number, payload);
    sends(sealed);
    return sealed;
  }

  void sends(ByteBuffer bytes) {
    try {
      channel.send(bytes.duplicate(), Objects.requireNonNull(client, "heard"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
