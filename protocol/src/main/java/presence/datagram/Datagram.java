package presence.datagram;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A datagram as it came, a view of its bytes. Until [Seal#isOn] says so, nothing in it is true.
///
/// @param bytes a buffer on the heap; the datagram is what remains in it
public record Datagram(ByteBuffer bytes) {
  /// What passes every network in one piece: IPv6 promises 1,280, less 48 for its headers and
  /// UDP's.
  public static final int BYTES_MAX = 1_200;

  static final byte VERSION = 1;
  static final int SEAL_BYTES = 16;

  private static final int KIND_AT = 1;
  private static final int TICKET_AT = 2;
  private static final int NUMBER_AT = 18;
  static final int PAYLOAD_AT = 26;

  static final int BYTES_MIN = PAYLOAD_AT + SEAL_BYTES;

  /// The most a payload may have.
  public static final int PAYLOAD_BYTES_MAX = BYTES_MAX - BYTES_MIN;

  /// Begins a datagram: everything before the payload.
  static void begin(ByteBuffer into, Kind kind, Ticket.Id ticket, long number) {
    into.put(VERSION).put(kind.code()).putLong(ticket.high()).putLong(ticket.low());
    into.putLong(number);
  }

  public boolean isTooLong() {
    return bytes.remaining() > BYTES_MAX;
  }

  /// Whether it is long enough to be one, and of this version.
  public boolean isComplete() {
    return bytes.remaining() >= BYTES_MIN && bytes.get(bytes.position()) == VERSION;
  }

  /// What it says it is; null for what nobody knows.
  public @Nullable Kind kind() {
    return Kind.of(bytes.get(at(KIND_AT)));
  }

  public Ticket.Id ticket() {
    return new Ticket.Id(bytes.getLong(at(TICKET_AT)), bytes.getLong(at(TICKET_AT) + Long.BYTES));
  }

  public long number() {
    return bytes.getLong(at(NUMBER_AT));
  }

  /// What it is about. Shares the bytes.
  public ByteBuffer payload() {
    return bytes.slice(at(PAYLOAD_AT), bytes.remaining() - BYTES_MIN);
  }

  private int at(int offset) {
    return bytes.position() + offset;
  }
}
