package presence.auth;

import static org.jose4j.jwa.AlgorithmConstraints.ConstraintType.PERMIT;

import java.security.Key;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.InvalidJwtSignatureException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import presence.protocol.ErrorCode;
import presence.protocol.Handle;

/// Judges signature and claims of one token against the keys that may have signed it.
final class JwtClaimsCheck {
  /// The end of the year 9999: an expiry beyond it is a mistake (milliseconds, most often), and
  /// arithmetic with it may overflow.
  private static final long SECONDS_MAX = 253_402_300_799L;

  private final AlgorithmConstraints algorithms;
  private final TokenRules rules;
  private final InstantSource clock;

  JwtClaimsCheck(Set<String> algorithms, TokenRules rules, InstantSource clock) {
    this.algorithms = new AlgorithmConstraints(PERMIT, algorithms.toArray(String[]::new));
    this.rules = rules;
    this.clock = clock;
  }

  TokenVerifier.Verdict judge(JsonWebSignature token, List<? extends Key> candidates) {
    try {
      JwtClaims claims = JwtClaims.parse(token.getUnverifiedPayload());
      consumer(candidates).processContext(new JwtContext(claims, List.of(token)));
      return accepted(claims);
    } catch (InvalidJwtSignatureException e) {
      return bad("the token's signature does not fit");
    } catch (InvalidJwtException e) {
      return e.hasExpired() && e.getErrorDetails().size() == 1
          ? new TokenVerifier.Verdict.Refused(ErrorCode.EXPIRED_TOKEN, "the token has expired")
          : bad("the token's claims are not acceptable");
    } catch (MalformedClaimException e) {
      return bad("the token's claims are not acceptable");
    }
  }

  private TokenVerifier.Verdict accepted(JwtClaims claims) throws MalformedClaimException {
    long expiresAt = claims.getExpirationTime().getValue();
    if (expiresAt > SECONDS_MAX) {
      return bad("the token's expiry is no reasonable time");
    }
    if (!(claims.getClaimValue(rules.handleClaim()) instanceof String handle)) {
      return bad("the token names no handle");
    }
    try {
      return new TokenVerifier.Verdict.Accepted(
          new Principal.User(Handle.of(handle)),
          Instant.ofEpochSecond(expiresAt).plus(rules.skew()),
          RightsClaim.read(claims.getClaimsMap()));
    } catch (RightsClaim.Unreadable e) {
      return bad("the token's claim " + RightsClaim.NAME + " is not what it should be");
    } catch (IllegalArgumentException e) {
      return bad("the token names no usable handle");
    }
  }

  /// One per token, because jose4j takes the time of judgement when a consumer is built.
  private JwtConsumer consumer(List<? extends Key> candidates) {
    JwtConsumerBuilder builder =
        new JwtConsumerBuilder()
            .setJwsAlgorithmConstraints(algorithms)
            .setVerificationKeyResolver((token, _) -> fitting(token, candidates))
            .setRequireExpirationTime()
            .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
            .setAllowedClockSkewInSeconds((int) rules.skew().toSeconds());
    rules.issuer().ifPresent(builder::setExpectedIssuer);
    rules
        .audience()
        .ifPresentOrElse(builder::setExpectedAudience, builder::setSkipDefaultAudienceValidation);
    return builder.build();
  }

  private static Key fitting(JsonWebSignature token, List<? extends Key> candidates)
      throws UnresolvableKeyException {
    if (candidates.size() == 1) {
      return candidates.getFirst(); // the consumer verifies it
    }
    for (Key key : candidates) {
      if (signedBy(key, token)) {
        return key;
      }
    }
    throw new UnresolvableKeyException("none of the issuer's keys signed this");
  }

  private static boolean signedBy(Key key, JsonWebSignature token) {
    token.setKey(key);
    try {
      return token.verifySignature();
    } catch (JoseException e) {
      return false; // not with this key; another may fit
    }
  }

  private static TokenVerifier.Verdict bad(String message) {
    return new TokenVerifier.Verdict.Refused(ErrorCode.BAD_TOKEN, message);
  }
}
