package presence.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes the ids of sessions and recognises them: an id ends in a MAC under the cluster's key, so a
/// forged one is told from a real one before any entity is asked, and creates none.
///
/// An id is 40 characters of base64url: 16 bytes of body, 14 of MAC. Thirty bytes leave no unused
/// bits in the last character, so an id has one spelling. It is public, and no proof of anything
/// but its origin.
public final class SessionIds {
  private static final int KEY_BYTES = 32;
  private static final int BODY_BYTES = 16;
  private static final int MAC_BYTES = 14;
  private static final int LENGTH = 40;

  // Two uses of one key, kept apart by what is put before the text.
  private static final String OF_ID = "presence.session.id\n";
  private static final String OF_KEY = "presence.session.of-key\n";

  private final SecretKeySpec clusterKey;

  /// Makes and recognises the ids of one cluster.
  ///
  /// @param clusterKey 32 secret bytes, the same on every node
  public SessionIds(byte[] clusterKey) {
    if (clusterKey.length != KEY_BYTES) {
      throw new IllegalArgumentException("the cluster key has " + KEY_BYTES + " bytes");
    }
    this.clusterKey = new SecretKeySpec(clusterKey, "HmacSHA256");
  }

  /// A new id, for a session that no key selects.
  public String mint(RandomGenerator random) {
    byte[] body = new byte[BODY_BYTES];
    random.nextBytes(body);
    return id(body);
  }

  /// The id of a public key's session, always the same on every node. Without the cluster's key
  /// neither can be told from the other.
  public String derive(String publicKey) {
    byte[] mac = mac(OF_KEY, publicKey.getBytes(StandardCharsets.US_ASCII));
    return id(Arrays.copyOf(mac, BODY_BYTES));
  }

  /// Whether a node of this cluster made the id. Takes anything, in constant time for ids of the
  /// right form.
  public boolean genuine(String id) {
    if (id.length() != LENGTH) {
      return false;
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(id);
    } catch (IllegalArgumentException e) {
      return false;
    }
    return bytes.length == BODY_BYTES + MAC_BYTES
        && MessageDigest.isEqual(
            Arrays.copyOfRange(bytes, BODY_BYTES, bytes.length),
            seal(Arrays.copyOf(bytes, BODY_BYTES)));
  }

  private String id(byte[] body) {
    byte[] bytes = Arrays.copyOf(body, BODY_BYTES + MAC_BYTES);
    System.arraycopy(seal(body), 0, bytes, BODY_BYTES, MAC_BYTES);
    return Base64.getUrlEncoder().encodeToString(bytes);
  }

  private byte[] seal(byte[] body) {
    return Arrays.copyOf(mac(OF_ID, body), MAC_BYTES);
  }

  private byte[] mac(String use, byte[] bytes) {
    try {
      Mac mac = Mac.getInstance(clusterKey.getAlgorithm());
      mac.init(clusterKey);
      mac.update(use.getBytes(StandardCharsets.US_ASCII));
      return mac.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HMAC-SHA256", e);
    }
  }
}
