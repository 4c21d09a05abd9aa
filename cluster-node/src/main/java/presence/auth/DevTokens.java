package presence.auth;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;
import presence.protocol.Handle;

/// Issues tokens to whoever asks, for development: only a node in `open` mode may hold one of
/// these.
public final class DevTokens {
  /// A working day: long enough not to be in the way.
  public static final Duration LIFETIME = Duration.ofHours(12);

  private final JwtSecret secret;
  private final TokenRules rules;
  private final Duration lifetime;
  private final InstantSource clock;

  /// Issues tokens that [JwtVerifier#ofSecret] accepts under the same secret and rules.
  ///
  /// @param rules what the tokens will be judged by
  public DevTokens(JwtSecret secret, TokenRules rules, Duration lifetime, InstantSource clock) {
    this.secret = secret;
    this.rules = rules;
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /// A token that proves the handle until its lifetime is over.
  public String issue(Handle handle) {
    JwtClaims claims = new JwtClaims();
    rules.issuer().ifPresent(claims::setIssuer);
    rules.audience().map(List::of).ifPresent(claims::setAudience);
    claims.setStringClaim(rules.handleClaim(), handle.value());
    claims.setIssuedAt(NumericDate.fromMilliseconds(clock.millis()));
    claims.setExpirationTime(
        NumericDate.fromMilliseconds(clock.instant().plus(lifetime).toEpochMilli()));
    JsonWebSignature token = new JsonWebSignature();
    token.setHeader("typ", "JWT");
    token.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
    token.setPayload(claims.toJson());
    token.setKey(secret.key());
    try {
      return token.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException("a token that cannot be signed", e);
    }
  }
}
