package presence.gateway.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import presence.datagram.Kind;
import presence.datagram.MovesPayload;
import presence.datagram.ReplayWindow;
import presence.datagram.Seal;
import presence.datagram.Ticket;
import presence.gateway.Datagrams;
import presence.gateway.Moves;
import presence.protocol.ClientMessage.Stride;
import presence.protocol.ServerMessage;
import presence.protocol.Step;

/// One connection's datagrams: those that come are told to it by the [Gate]'s thread, those that go
/// are sent by the connection. A connection that never uses it costs the ticket alone.
final class ClientPath implements Datagrams.Path {
  /// Worlds whose moves may wait to be asked for: more than a client is in.
  private static final int WORLDS_MAX = 64;

  private final DatagramPort port;
  private final Ticket ticket;
  private final Runnable arrived;
  private final AtomicLong numbers = new AtomicLong();
  private volatile Reach reach = Reach.NOWHERE;

  // only touched by the gate's thread
  private @Nullable ReplayWindow window;
  private long newestMove;

  private final Map<String, Stride> waiting = new HashMap<>(2); // guarded by itself

  // only touched by the connection
  private @Nullable Seal seal;

  ClientPath(DatagramPort port, Ticket ticket, Runnable arrived) {
    this.port = port;
    this.ticket = ticket;
    this.arrived = arrived;
  }

  Ticket ticket() {
    return ticket;
  }

  // for the gate

  /// Whether a datagram of this number has not come before.
  boolean admits(long number) {
    if (window == null) {
      window = new ReplayWindow();
    }
    return window.admit(number);
  }

  /// Whether nothing newer has come: only that says where the client is now.
  boolean isNewest(long number) {
    return window != null && number == window.newest();
  }

  Reach reach() {
    return reach;
  }

  void isAt(Reach next) {
    reach = next;
  }

  /// Keeps a move until it is asked for; the newest in each world.
  ///
  /// @return whether it counts
  boolean moved(long number, Stride move) {
    if (number < newestMove) {
      return false;
    }
    boolean first;
    synchronized (waiting) {
      if (waiting.size() >= WORLDS_MAX && !waiting.containsKey(move.piece())) {
        return false;
      }
      first = waiting.isEmpty();
      waiting.put(move.piece(), move);
    }
    newestMove = number;
    if (first) {
      arrived.run();
    }
    return true;
  }

  long nextNumber() {
    return numbers.incrementAndGet();
  }

  // for the connection

  @Override
  public ServerMessage.Udp offer() {
    return port.offer(ticket);
  }

  @Override
  public List<Stride> received() {
    synchronized (waiting) {
      List<Stride> moves = List.copyOf(waiting.values());
      waiting.clear();
      return moves;
    }
  }

  @Override
  public boolean take(String piece, List<Moves> moves) {
    Reach now = reach;
    InetSocketAddress address = now.address();
    if (address == null || !port.isConfirmed(now)) {
      return false;
    }
    if (seal == null) {
      seal = new Seal();
    }
    List<Step> steps = moves.stream().flatMap(each -> each.steps().stream()).toList();
    for (ByteBuffer payload : MovesPayload.write(new ServerMessage.Moved(piece, steps))) {
      port.send(seal.seal(ticket, Kind.MOVES, nextNumber(), payload), address);
    }
    return true;
  }

  @Override
  public void close() {
    port.forget(ticket);
  }
}
