package presence.datagram;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// What a connection's datagrams are known by: an id that every one of them names, and the key that
/// seals them, which only the client and its node have. It is good for one connection.
public final class Ticket {
  private static final int KEY_BYTES = 32;
  private static final int BYTES = 2 * Long.BYTES + KEY_BYTES;

  /// Of the 16 bytes the first eight and the last eight.
  public record Id(long high, long low) {}

  private final Id id;
  private final SecretKey key;

  private Ticket(ByteBuffer bytes) {
    id = new Id(bytes.getLong(), bytes.getLong());
    byte[] secret = new byte[KEY_BYTES];
    bytes.get(secret);
    key = new SecretKeySpec(secret, Seal.ALGORITHM);
  }

  /// A new one.
  ///
  /// @param random a `SecureRandom`, wherever nobody else shall make its seals
  public static Ticket issue(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new Ticket(ByteBuffer.wrap(bytes));
  }

  /// Reads one as `welcome.udp.ticket` has it; nothing when it is none.
  public static Optional<Ticket> parse(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      return bytes.length == BYTES
          ? Optional.of(new Ticket(ByteBuffer.wrap(bytes)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  public Id id() {
    return id;
  }

  SecretKey key() {
    return key;
  }

  /// Id and key as `welcome.udp.ticket` has them: base64url without padding, 64 characters.
  public String text() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).putLong(id.high()).putLong(id.low());
    bytes.put(key.getEncoded());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /// Never the key: it may end up in a log.
  @Override
  public String toString() {
    return "Ticket[" + id + "]";
  }
}
