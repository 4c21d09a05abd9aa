package presence.gateway.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Names for what is created without one.
final class Newcomers {
  /// Beyond guessing, and beyond meeting by chance.
  private static final int BYTES = 16;

  private final RandomGenerator random;

  Newcomers(RandomGenerator random) {
    this.random = random;
  }

  /// A name nobody else has.
  String id() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return text(bytes);
  }

  /// The name of the workspace at a path: who creates one there finds the one that is there.
  String workspace(@Nullable String path) {
    return path == null ? id() : "path-" + text(sha256(path));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
