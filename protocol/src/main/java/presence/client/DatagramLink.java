package presence.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import presence.datagram.Datagram;
import presence.datagram.Echo;
import presence.datagram.Kind;
import presence.datagram.MovePayload;
import presence.datagram.MovesPayload;
import presence.datagram.ReplayWindow;
import presence.datagram.Seal;
import presence.datagram.Ticket;
import presence.protocol.ClientMessage.Stride;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Moved;

/// The datagrams of one connection, as long as that is: sends moves, hears those of others, and
/// pings so that both sides know whether anything comes through. While nothing does, moves go by
/// the socket, and return when something comes again.
///
/// A datagram may be lost, so a move that is followed by none is said by the socket too: what comes
/// to rest is where it should be.
public final class DatagramLink implements AutoCloseable {
  static final long PING_MS = 1_000;
  static final long REST_MS = 250;

  private final ServerMessage.Udp where;
  private final Ticket ticket;
  private final Consumer<Moved> moved;
  private final Consumer<Stride> bySocket;
  private final ClientRuntime runtime;
  private final Lane lane;
  private volatile Passage passage = Passage.CLOSED;

  // only touched on the lane
  private final Seal seal = new Seal();
  private final ReplayWindow window = new ReplayWindow();
  private @Nullable DatagramChannel channel;
  private final Map<String, Stride> moving = new HashMap<>(); // by world
  private long number;
  private boolean silent;
  private boolean closed;

  /// Opens the link that a `welcome` offers; throws IllegalArgumentException when its ticket is
  /// none.
  ///
  /// @param moved hears of the others' moves, one call after the other
  /// @param bySocket says a move on the connection's WebSocket
  public static DatagramLink open(
      ServerMessage.Udp where,
      Consumer<Moved> moved,
      Consumer<Stride> bySocket,
      ClientRuntime runtime) {
    DatagramLink link = new DatagramLink(where, moved, bySocket, runtime);
    link.rebind();
    link.lane.execute(link::tick);
    return link;
  }

  private DatagramLink(
      ServerMessage.Udp where,
      Consumer<Moved> moved,
      Consumer<Stride> bySocket,
      ClientRuntime runtime) {
    this.where = where;
    this.ticket =
        Ticket.parse(where.ticket())
            .orElseThrow(() -> new IllegalArgumentException("no ticket for datagrams"));
    this.moved = moved;
    this.bySocket = bySocket;
    this.runtime = runtime;
    this.lane = new Lane(runtime.workers(), () -> {});
  }

  /// Whether datagrams come through.
  public boolean isOpen() {
    return passage.isOpen(now());
  }

  /// Says where the client's avatar is, by whichever way is open.
  public void move(Stride move) {
    lane.execute(() -> {
      if (closed || !isOpen()) {
        moving.remove(move.piece());
        bySocket.accept(move);
        return;
      }
      moving.put(move.piece(), move);
      send(Kind.MOVE, MovePayload.write(move));
      after(REST_MS, () -> rest(move));
    });
  }

  private void rest(Stride move) {
    if (moving.remove(move.piece(), move)) {
      bySocket.accept(move);
    }
  }

  @Override
  public void close() {
    lane.execute(() -> {
      closed = true;
      disconnect();
    });
  }

  // ---- for tests and load

  /// Goes on from another port, as when a router on the way has forgotten the one before.
  public void rebind() {
    lane.execute(() -> {
      disconnect();
      if (!closed) {
        connect();
      }
    });
  }

  /// Whether it says nothing, as when its datagrams are lost.
  public void mute(boolean wanted) {
    lane.execute(() -> silent = wanted);
  }

  private void connect() {
    try {
      DatagramChannel opened = DatagramChannel.open();
      channel = opened;
      opened.connect(new InetSocketAddress(where.host(), where.port()));
      Thread.ofVirtual().name("presence-datagrams").start(() -> read(opened));
    } catch (IOException | RuntimeException e) { // no such host, no such network
      disconnect(); // the socket serves
    }
  }

  private void disconnect() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // it is gone all the same
    }
    channel = null;
  }

  private void read(DatagramChannel from) {
    while (from.isOpen()) {
      ByteBuffer buffer = ByteBuffer.allocate(Datagram.BYTES_MAX + 1);
      try {
        from.read(buffer);
        Datagram datagram = new Datagram(buffer.flip());
        lane.execute(() -> heard(datagram));
      } catch (IOException e) {
        // closed; or nobody listens there just now, which a ping finds out again
      }
    }
  }

  private void heard(Datagram datagram) {
    Kind kind = !datagram.isTooLong() && datagram.isComplete() ? datagram.kind() : null;
    if (closed
        || kind == null
        || kind.isUp()
        || !datagram.ticket().equals(ticket.id())
        || !seal.isOn(datagram, ticket)
        || !window.admit(datagram.number())) {
      return;
    }
    if (kind == Kind.MOVES) {
      MovesPayload.read(datagram.payload()).ifPresent(moved);
    } else {
      Optional<Echo> echo = Echo.read(datagram.payload());
      boolean wasOpen = isOpen();
      echo.ifPresent(said -> passage = new Passage(said, now()));
      if (!wasOpen && echo.isPresent()) {
        ping(); // the node waits for its echo
      }
    }
  }

  private void tick() {
    if (!closed) {
      ping();
      after(PING_MS, this::tick);
    }
  }

  private void ping() {
    send(Kind.PING, passage.echo().bytes());
  }

  private void send(Kind kind, ByteBuffer payload) {
    number++;
    if (channel == null || silent) {
      return;
    }
    try {
      channel.write(seal.seal(ticket, kind, number, payload));
    } catch (IOException e) {
      // lost, as any datagram may be
    }
  }

  private void after(long ms, Runnable then) {
    var _ = runtime.timer().schedule(() -> lane.execute(then), ms, TimeUnit.MILLISECONDS);
  }

  private long now() {
    return runtime.clock().millis();
  }
}
