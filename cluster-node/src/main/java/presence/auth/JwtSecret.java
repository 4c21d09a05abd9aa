package presence.auth;

import java.nio.charset.StandardCharsets;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// A secret that signs and verifies tokens by HMAC-SHA256: the UTF-8 bytes of its text, as other
/// programs that share it take it.
public final class JwtSecret {
  /// As long as the MAC: a shorter one is guessed faster than the MAC is (RFC 7518, 3.2).
  private static final int BYTES_MIN = 32;

  private final SecretKey key;

  private JwtSecret(SecretKey key) {
    this.key = key;
  }

  /// Takes the text as the operator wrote it.
  ///
  /// @throws IllegalArgumentException when the text is too short to be a secret
  public static JwtSecret of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < BYTES_MIN) {
      throw new IllegalArgumentException(
          "the JWT secret has " + bytes.length + " bytes, it needs at least " + BYTES_MIN);
    }
    return new JwtSecret(new SecretKeySpec(bytes, "HmacSHA256"));
  }

  SecretKey key() {
    return key;
  }

  @Override
  public String toString() {
    return "JwtSecret";
  }
}
