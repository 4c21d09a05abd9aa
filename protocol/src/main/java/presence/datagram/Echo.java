package presence.datagram;

import java.nio.ByteBuffer;
import java.util.Optional;

/// The payload of ping and pong: eight bytes that a node thinks up and a client says back. Who says
/// back what was sent to an address can be reached there. A client that has heard none says 0.
public record Echo(long value) {
  public static final Echo NONE = new Echo(0);

  public ByteBuffer bytes() {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).flip();
  }

  /// Nothing when it is none.
  public static Optional<Echo> read(ByteBuffer payload) {
    return payload.remaining() == Long.BYTES
        ? Optional.of(new Echo(payload.getLong()))
        : Optional.empty();
  }
}
