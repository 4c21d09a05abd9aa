package presence.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Makes and reads resume tokens, `SESSION.SECRET`. The client alone keeps the secret; the session
/// keeps its hash, so that a stolen journal resumes nothing.
public final class ResumeTokens {
  private static final int SECRET_BYTES = 32;
  private static final Pattern TOKEN = Pattern.compile("([\\w-]{1,64})\\.([\\w-]{43})");
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private ResumeTokens() {}

  /// A token for the client and the hash its session keeps.
  public record Issued(String token, String hash) {
    /// Never the token: it may end up in a log.
    @Override
    public String toString() {
      return "Issued[hash=" + hash + "]";
    }
  }

  /// What a client's token says: the session it asks for, and the hash that must be its.
  public record Presented(String sessionId, String hash) {}

  /// A new token.
  ///
  /// @param random a `SecureRandom`, wherever the token is to resist guessing
  public static Issued issue(String sessionId, RandomGenerator random) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = BASE64.encodeToString(bytes);
    return new Issued(sessionId + "." + secret, hash(secret));
  }

  /// Reads a token; nothing when it is none. Says nothing of whether the id is genuine or the
  /// secret right.
  public static Optional<Presented> parse(String token) {
    Matcher parts = TOKEN.matcher(token);
    return parts.matches()
        ? Optional.of(new Presented(parts.group(1), hash(parts.group(2))))
        : Optional.empty();
  }

  /// Whether two hashes are of one secret, in constant time.
  public static boolean sameHash(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /// Of the secret's text, not of its bytes: so a secret has one spelling.
  private static String hash(String secret) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return BASE64.encodeToString(sha256.digest(secret.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
