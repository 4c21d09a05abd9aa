package presence.load.fuzz;

import static presence.load.fuzz.Target.check;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import presence.datagram.Datagram;
import presence.datagram.Echo;
import presence.datagram.Kind;
import presence.datagram.MovePayload;
import presence.datagram.MovesPayload;
import presence.datagram.Seal;
import presence.datagram.Ticket;
import presence.protocol.ClientMessage.Stride;
import presence.protocol.ServerMessage;
import presence.protocol.Spot;

/// Datagrams to a node, half of them rightly sealed by a client of it: behind some of them follows
/// a ping, which must be answered.
public final class DatagramTarget implements Target {
  private static final int PING_EVERY = 50;
  private static final int PINGS_MAX = 5;
  private static final int PATIENCE_MS = 3_000;
  private static final int STALE_MS = 1;
  private static final int BYTES_MAX = Datagram.BYTES_MAX + 100;
  private static final List<Kind> KINDS = List.of(Kind.values());

  private final Ticket ticket;
  private final InetSocketAddress node;
  private final Seal seal = new Seal();
  private final DatagramSocket socket;
  private long number;
  private long taken;

  /// @param where a client of the node may send, which stays connected
  public DatagramTarget(ServerMessage.Udp where) throws IOException {
    ticket = Ticket.parse(where.ticket()).orElseThrow();
    node = new InetSocketAddress(where.host(), where.port());
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @Override
  public String name() {
    return "datagrams";
  }

  /// The first byte says whether what follows is sealed, and as what.
  @Override
  public byte[] input(RandomGenerator random) {
    Mutilation mutilation = new Mutilation(random);
    byte[] content =
        switch (random.nextInt(3)) {
          case 0 -> noise(random);
          case 1 -> mutilation.bytes(bytes(new Echo(random.nextLong()).bytes()));
          default ->
              mutilation.bytes(
                  bytes(
                      MovePayload.write(
                          new Stride(
                              "plain",
                              new Spot(random.nextInt(1_000_000), 2.5, null),
                              random.nextLong(1 << 30),
                              null))));
        };
    byte[] input = new byte[1 + content.length];
    input[0] = (byte) random.nextInt(2 * KINDS.size());
    System.arraycopy(content, 0, input, 1, content.length);
    return input;
  }

  private static byte[] noise(RandomGenerator random) {
    byte[] noise = new byte[random.nextInt(random.nextInt(20) == 0 ? BYTES_MAX : 80)];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Override
  public void take(byte[] input) throws IOException {
    byte[] content = Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
    int how = input.length == 0 ? KINDS.size() : input[0] & 0xFF;
    Optional<Stride> move = MovePayload.read(ByteBuffer.wrap(content));
    if (move.isPresent()) {
      Optional<Stride> again = MovePayload.read(MovePayload.write(move.get()));
      check(again.equals(move), () -> "%s is read again as %s".formatted(move, again));
    }
    var _ = MovesPayload.read(ByteBuffer.wrap(content));
    boolean sealable = how < KINDS.size() && content.length <= Datagram.PAYLOAD_BYTES_MAX;
    send(
        sealable
            ? seal.seal(ticket, KINDS.get(how), ++number, ByteBuffer.wrap(content))
            : ByteBuffer.wrap(content));
    if (taken++ % PING_EVERY == 0) {
      ping();
    }
  }

  private void ping() throws IOException {
    while (hears(STALE_MS)) {
      // an answer to what was sent before
    }
    for (int pings = 0; pings < PINGS_MAX; pings++) {
      send(seal.seal(ticket, Kind.PING, ++number, Echo.NONE.bytes()));
      if (hears(PATIENCE_MS)) {
        return;
      }
    }
    throw new AssertionError("no ping is answered any more");
  }

  private boolean hears(int withinMs) throws IOException {
    socket.setSoTimeout(withinMs);
    try {
      socket.receive(new DatagramPacket(new byte[BYTES_MAX], BYTES_MAX));
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private void send(ByteBuffer datagram) throws IOException {
    byte[] bytes = bytes(datagram.duplicate());
    socket.send(new DatagramPacket(bytes, bytes.length, node));
  }

  @Override
  public void close() {
    socket.close();
  }
}
