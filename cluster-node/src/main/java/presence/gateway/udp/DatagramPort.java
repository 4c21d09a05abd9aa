package presence.gateway.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import presence.datagram.Datagram;
import presence.datagram.Echo;
import presence.datagram.Ticket;
import presence.gateway.Datagrams;
import presence.gateway.Traffic;
import presence.protocol.ServerMessage;

/// A node's UDP port. One thread of its own reads it and drops what is not to be let in before
/// anybody else hears of it, so that a flood fills the kernel's buffer and nothing of ours. What is
/// sent leaves on the sender's thread, or not at all: nobody waits for the network.
public final class DatagramPort implements Datagrams, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DatagramPort.class);

  /// How datagrams are taken.
  ///
  /// @param host where clients send them
  /// @param port the same; 0 = the one that is opened
  /// @param pathsMax connections that may have a ticket
  /// @param silence after what time without a sign that they arrive none are sent
  /// @param bufferBytes what may wait in the kernel to be read
  public record Settings(String host, int port, int pathsMax, Duration silence, int bufferBytes) {}

  private final Settings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final DatagramChannel channel;
  private final Selector selector;
  private final int port;
  private final Map<Ticket.Id, ClientPath> paths = new ConcurrentHashMap<>();
  private final Tally tally = new Tally();

  /// Opens the port.
  ///
  /// @param random makes the tickets; a `SecureRandom` outside of tests
  public static DatagramPort open(
      InetSocketAddress at, Settings settings, InstantSource clock, RandomGenerator random)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, settings.bufferBytes());
      channel.configureBlocking(false);
      channel.bind(at);
      DatagramPort port = new DatagramPort(settings, clock, random, channel);
      Thread.ofPlatform().daemon().name("presence-udp").start(port::read);
      return port;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private DatagramPort(
      Settings settings, InstantSource clock, RandomGenerator random, DatagramChannel channel)
      throws IOException {
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.channel = channel;
    this.port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    this.selector = Selector.open();
    channel.register(selector, SelectionKey.OP_READ);
  }

  @Override
  public Optional<Path> open(Runnable arrived) {
    if (!channel.isOpen() || paths.size() >= settings.pathsMax()) {
      return Optional.empty();
    }
    ClientPath path = new ClientPath(this, Ticket.issue(random), arrived);
    paths.put(path.ticket().id(), path);
    return Optional.of(path);
  }

  void forget(Ticket ticket) {
    paths.remove(ticket.id());
  }

  ServerMessage.Udp offer(Ticket ticket) {
    return new ServerMessage.Udp(settings.host(), offeredPort(), ticket.text());
  }

  private int offeredPort() {
    return settings.port() == 0 ? port : settings.port();
  }

  @Override
  public Optional<String> url() {
    String host = settings.host();
    return Optional.of(
        "udp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + offeredPort());
  }

  boolean isConfirmed(Reach reach) {
    return reach.isConfirmed(clock.millis(), settings.silence());
  }

  @Override
  public Traffic traffic() {
    return tally.traffic(paths.size());
  }

  /// Sends it, if the network takes it now.
  void send(ByteBuffer bytes, InetSocketAddress to) {
    try {
      tally.sent(channel.send(bytes, to));
    } catch (IOException e) {
      tally.sent(0); // no way there just now, or the port is closed: what is sent may be lost
    }
  }

  private void read() {
    Gate gate = new Gate(paths::get, tally, clock, () -> new Echo(random.nextLong() | 1));
    ByteBuffer buffer = ByteBuffer.allocate(Datagram.BYTES_MAX + 1);
    try {
      while (channel.isOpen()) {
        selector.select();
        selector.selectedKeys().clear();
        readAll(gate, buffer);
      }
    } catch (ClosedChannelException | ClosedSelectorException e) {
      // the node ends
    } catch (IOException | RuntimeException e) {
      log.error("No more datagrams are taken, clients go on by their sockets", e);
      close();
    }
  }

  private void readAll(Gate gate, ByteBuffer buffer) throws IOException {
    while (channel.receive(buffer.clear()) instanceof InetSocketAddress from) {
      ByteBuffer answer = gate.take(new Datagram(buffer.flip()), from);
      if (answer != null) {
        send(answer, from);
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
      selector.close();
    } catch (IOException e) {
      log.debug("The port for datagrams did not close", e);
    }
  }
}
