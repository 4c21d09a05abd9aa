package presence.gateway.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import presence.datagram.Datagram;
import presence.datagram.Echo;
import presence.datagram.Kind;
import presence.datagram.Seal;
import presence.datagram.Ticket;
import presence.protocol.ServerMessage;

/// Sends whatever a test wants from a UDP port of its own, and hears what comes back.
public final class Sender implements AutoCloseable {
  private static final long PATIENCE_MS = 10_000;

  private final Ticket ticket;
  private final Seal seal = new Seal();
  private final DatagramChannel channel;
  private final Selector selector;
  private final InetSocketAddress to;

  public Sender(ServerMessage.Udp offer) {
    try {
      ticket = Ticket.parse(offer.ticket()).orElseThrow();
      to = new InetSocketAddress(offer.host(), offer.port());
      channel = DatagramChannel.open();
      channel.configureBlocking(false);
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Ticket ticket() {
    return ticket;
  }

  public ByteBuffer sealed(Kind kind, long number, ByteBuffer payload) {
    return seal.seal(ticket, kind, number, payload);
  }

  public void sends(ByteBuffer bytes) {
    try {
      channel.send(bytes.duplicate(), to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void sends(Kind kind, long number, ByteBuffer payload) {
    sends(sealed(kind, number, payload));
  }

  /// The next datagram of this kind; each that comes must be genuine.
  public Datagram hears(Kind kind) {
    while (true) {
      Datagram heard = Objects.requireNonNull(next(PATIENCE_MS), "nothing came");
      assertThat(seal.isOn(heard, ticket)).as("genuine").isTrue();
      if (heard.kind() == kind) {
        return heard;
      }
    }
  }

  /// Pings, and says what the pong wants to hear.
  public Echo pings(long number, Echo echo) {
    sends(Kind.PING, number, echo.bytes());
    return Echo.read(hears(Kind.PONG).payload()).orElseThrow();
  }

  /// Whether nothing has come; only sure behind an answer to something sent later.
  public boolean heardNothing() {
    return next(1) == null;
  }

  private @Nullable Datagram next(long patienceMs) {
    ByteBuffer buffer = ByteBuffer.allocate(Datagram.BYTES_MAX + 1);
    try {
      if (channel.receive(buffer) == null) {
        selector.select(patienceMs);
        selector.selectedKeys().clear();
        return channel.receive(buffer) == null ? null : new Datagram(buffer.flip());
      }
      return new Datagram(buffer.flip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
