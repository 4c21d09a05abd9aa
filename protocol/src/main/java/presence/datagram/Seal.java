package presence.datagram;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;

/// Seals datagrams and checks their seals. Works in buffers of its own, so that a forged datagram
/// leaves nothing behind; for one thread at a time.
public final class Seal {
  static final String ALGORITHM = "HmacSHA256";

  private static final int HASH_BYTES = 32;

  private final Mac mac;
  private final byte[] hash = new byte[HASH_BYTES];
  private final byte[] expected = new byte[Datagram.SEAL_BYTES];
  private final byte[] claimed = new byte[Datagram.SEAL_BYTES];

  public Seal() {
    try {
      mac = Mac.getInstance(ALGORITHM);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
    }
  }

  /// A whole datagram, ready to be sent.
  ///
  /// @param number one that was never used for this ticket in this direction
  /// @param payload at most [Datagram#PAYLOAD_BYTES_MAX] bytes remain in it; it stays as it is
  public ByteBuffer seal(Ticket ticket, Kind kind, long number, ByteBuffer payload) {
    ByteBuffer bytes = ByteBuffer.allocate(Datagram.BYTES_MIN + payload.remaining());
    Datagram.begin(bytes, kind, ticket.id(), number);
    bytes.put(payload.duplicate());
    compute(ticket, bytes.array(), 0, bytes.position());
    return bytes.put(expected).flip();
  }

  /// Whether the holder of this ticket made it, in constant time.
  ///
  /// @param datagram a complete one
  public boolean isOn(Datagram datagram, Ticket ticket) {
    ByteBuffer bytes = datagram.bytes();
    int sealed = bytes.remaining() - Datagram.SEAL_BYTES;
    compute(ticket, bytes.array(), bytes.arrayOffset() + bytes.position(), sealed);
    bytes.get(bytes.position() + sealed, claimed);
    return MessageDigest.isEqual(expected, claimed);
  }

  /// Leaves the seal of these bytes in `expected`.
  private void compute(Ticket ticket, byte[] bytes, int from, int length) {
    try {
      mac.init(ticket.key());
      mac.update(bytes, from, length);
      mac.doFinal(hash, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a ticket's key seals", e);
    }
    System.arraycopy(hash, 0, expected, 0, expected.length);
  }
}
