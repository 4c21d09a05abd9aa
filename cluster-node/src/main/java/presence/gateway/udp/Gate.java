package presence.gateway.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import presence.datagram.Datagram;
import presence.datagram.Echo;
import presence.datagram.Kind;
import presence.datagram.MovePayload;
import presence.datagram.Seal;
import presence.datagram.Ticket;
import presence.gateway.Traffic.Drop;
import presence.protocol.ClientMessage.Stride;

/// Decides about every datagram that comes: lets in what a client of this node sealed and what has
/// not come before, and counts the rest by the reason. Nobody who is not let in gets an answer, and
/// no answer is longer than what it answers. For one thread.
final class Gate {
  private final Function<Ticket.Id, @Nullable ClientPath> paths;
  private final Tally tally;
  private final InstantSource clock;
  private final Supplier<Echo> echoes;
  private final Seal seal = new Seal();

  /// @param echoes that nobody can guess
  Gate(
      Function<Ticket.Id, @Nullable ClientPath> paths,
      Tally tally,
      InstantSource clock,
      Supplier<Echo> echoes) {
    this.paths = paths;
    this.tally = tally;
    this.clock = clock;
    this.echoes = echoes;
  }

  /// Takes a datagram.
  ///
  /// @return the answer, if it gets one
  @Nullable ByteBuffer take(Datagram datagram, InetSocketAddress from) {
    if (datagram.isTooLong()) {
      return drop(Drop.OVERSIZED);
    }
    Kind kind = datagram.isComplete() ? datagram.kind() : null;
    if (kind == null || !kind.isUp()) {
      return drop(Drop.MALFORMED);
    }
    ClientPath path = paths.apply(datagram.ticket());
    if (path == null) {
      return drop(Drop.UNKNOWN_TICKET);
    }
    if (!seal.isOn(datagram, path.ticket())) {
      return drop(Drop.FORGED);
    }
    if (!path.admits(datagram.number())) {
      return drop(Drop.REPLAYED);
    }
    return kind == Kind.PING ? ping(path, datagram, from) : move(path, datagram);
  }

  private @Nullable ByteBuffer ping(ClientPath path, Datagram datagram, InetSocketAddress from) {
    Optional<Echo> said = Echo.read(datagram.payload());
    if (said.isEmpty()) {
      return drop(Drop.ILLEGIBLE);
    }
    tally.accepted();
    if (path.isNewest(datagram.number())) {
      path.isAt(path.reach().pinged(from, said.get(), echoes, clock.millis()));
    }
    if (!from.equals(path.reach().address())) {
      return null; // an old one, from where the client was
    }
    return seal.seal(path.ticket(), Kind.PONG, path.nextNumber(), path.reach().echo().bytes());
  }

  private @Nullable ByteBuffer move(ClientPath path, Datagram datagram) {
    Optional<Stride> move = MovePayload.read(datagram.payload());
    if (move.isEmpty()) {
      return drop(Drop.ILLEGIBLE);
    }
    if (!path.moved(datagram.number(), move.get())) {
      return drop(Drop.OVERTAKEN);
    }
    tally.accepted();
    return null;
  }

  private @Nullable ByteBuffer drop(Drop why) {
    tally.dropped(why);
    return null;
  }
}
