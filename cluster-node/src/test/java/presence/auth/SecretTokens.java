package presence.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.auth.TestClock.START;

import java.time.Instant;
import presence.protocol.ErrorCode;
import presence.protocol.Handle;

/// A verifier of tokens signed with one secret, and the words to test it with.
final class SecretTokens {
  static final String SECRET = "correct horse battery staple, 32 bytes and more";
  static final String HS256 = "{\"alg\":\"HS256\"}";
  static final long NOW = START.getEpochSecond();
  static final long LATER = NOW + 3_600;
  static final String GOOD = ann(",\"exp\":" + LATER);

  final TestClock clock = new TestClock();
  private final TokenVerifier verifier = verifier(TokenRules.DEFAULT);

  TokenVerifier verifier(TokenRules rules) {
    return JwtVerifier.ofSecret(JwtSecret.of(SECRET), rules, clock);
  }

  TokenVerifier.Verdict verdict(String jwt) {
    return verdict(verifier, jwt);
  }

  /// What a verifier that need not ask anybody says, at once.
  static TokenVerifier.Verdict verdict(TokenVerifier verifier, String jwt) {
    return verifier.verify(jwt).toCompletableFuture().resultNow();
  }

  /// The verdict on these claims, rightly signed.
  TokenVerifier.Verdict claims(String payload) {
    return verdict(signed(payload));
  }

  static String signed(String payload) {
    return Forge.token(HS256, payload, Forge.hs256(SECRET));
  }

  static String ann(String more) {
    return "{\"sub\":\"ann\"" + more + "}";
  }

  static TokenVerifier.Verdict accepted(String handle, long expiresAt) {
    return new TokenVerifier.Verdict.Accepted(
        new Principal.User(Handle.of(handle)), Instant.ofEpochSecond(expiresAt).plusSeconds(30));
  }

  static void assertRefused(TokenVerifier.Verdict verdict, ErrorCode code) {
    assertThat(verdict).isInstanceOf(TokenVerifier.Verdict.Refused.class);
    assertThat(((TokenVerifier.Verdict.Refused) verdict).code()).isEqualTo(code);
  }
}
