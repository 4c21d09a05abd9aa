package presence.cases;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signed tokens (JWT), good ones and bad ones.
final class Tokens {
  static final String SECRET = "a secret that only the tests and their nodes know";

  private static final String HS256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private Tokens() {}

  /// A token that proves the handle for an hour.
  static String of(String handle) {
    return signed("{\"sub\":\"%s\",\"exp\":%d}".formatted(handle, inSeconds(3_600)));
  }

  static String signed(String claims) {
    return signed(HS256, claims, SECRET);
  }

  static String signed(String header, String claims, String secret) {
    String text = base64(header) + "." + base64(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + BASE64.encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String base64(String text) {
    return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static long inSeconds(long seconds) {
    return System.currentTimeMillis() / 1_000 + seconds;
  }
}
