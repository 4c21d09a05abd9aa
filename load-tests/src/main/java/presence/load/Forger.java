package presence.load;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.Supplier;
import presence.datagram.Datagram;
import presence.datagram.Echo;
import presence.datagram.Kind;
import presence.datagram.MovePayload;
import presence.datagram.Seal;
import presence.datagram.Ticket;
import presence.protocol.ClientMessage.Stride;
import presence.protocol.ServerMessage;
import presence.protocol.Spot;

/// Makes datagrams that a node must not take, each nearly right in another way.
final class Forger {
  private static final int TRICKS = 8;
  private static final int NOISE_BYTES_MAX = 1_400;

  private final Ticket victim;
  private final Ticket ended;
  private final Supplier<ByteBuffer> taken;
  private final Random random;
  private final Seal seal = new Seal();
  private long number = 1_000;

  /// @param victim whose datagrams are forged
  /// @param ended a ticket whose connection has ended
  /// @param taken one of the victim's that the node took
  Forger(
      ServerMessage.Udp victim,
      ServerMessage.Udp ended,
      Supplier<ByteBuffer> taken,
      Random random) {
    this.victim = Ticket.parse(victim.ticket()).orElseThrow();
    this.ended = Ticket.parse(ended.ticket()).orElseThrow();
    this.taken = taken;
    this.random = random;
  }

  ByteBuffer next() {
    return switch (random.nextInt(TRICKS)) {
      case 0 -> noise(random.nextInt(NOISE_BYTES_MAX));
      case 1 -> flipped(genuine());
      case 2 -> cut(genuine());
      case 3 -> strange(genuine());
      case 4 -> seal.seal(ended, Kind.PING, ++number, Echo.NONE.bytes());
      case 5 -> taken.get();
      case 6 -> seal.seal(victim, Kind.PONG, ++number, Echo.NONE.bytes());
      default -> noise(Datagram.BYTES_MAX + 1 + random.nextInt(200));
    };
  }

  private ByteBuffer genuine() {
    number++;
    return random.nextBoolean()
        ? seal.seal(victim, Kind.PING, number, new Echo(random.nextLong()).bytes())
        : seal.seal(
            victim,
            Kind.MOVE,
            number,
            MovePayload.write(new Stride("plain", new Spot(1, 2, null), number, null)));
  }

  private ByteBuffer noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private ByteBuffer flipped(ByteBuffer datagram) {
    int at = random.nextInt(datagram.remaining());
    return datagram.put(at, (byte) (datagram.get(at) ^ 1 << random.nextInt(Byte.SIZE)));
  }

  private ByteBuffer cut(ByteBuffer datagram) {
    return datagram.limit(random.nextInt(datagram.remaining()));
  }

  /// The seal is anything.
  private ByteBuffer strange(ByteBuffer datagram) {
    int from = datagram.limit() - Long.BYTES;
    return datagram.putLong(from, datagram.getLong(from) + 1 + random.nextInt(Integer.MAX_VALUE));
  }
}
