package presence.cluster;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// Keys that are created once in the life of a journal and are the same on every node and after
/// every restart.
///
/// @param sessionIds the key of the HMAC every session id ends in: who does not know it cannot name
///   an entity
/// @param developmentTokens the secret that signs development tokens in `open` mode when no other
///   is configured
public record ClusterSecrets(SecretKey sessionIds, SecretKey developmentTokens) {

  /// The output size of SHA-256: a shorter key weakens the HMAC, a longer one adds nothing.
  public static final int KEY_BYTES = 32;

  /// A key for HMAC-SHA-256 from its bytes; its `toString` does not reveal them.
  public static SecretKey key(byte[] bytes) {
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key has %d bytes, not %d".formatted(KEY_BYTES, bytes.length));
    }
    return new SecretKeySpec(bytes, "HmacSHA256");
  }
}
