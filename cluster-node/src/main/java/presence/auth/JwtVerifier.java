package presence.auth;

import java.security.Key;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.HeaderParameterNames;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import presence.protocol.ErrorCode;

/// Verifies signed JWTs: the algorithm must be one of the key source's, then a key is found, then
/// signature and claims are judged.
///
/// A token is a compact JWS and nothing else: encrypted or nested tokens are refused, and of the
/// header only `alg` and `kid` are read, so a token never brings or names its own key.
public final class JwtVerifier implements TokenVerifier {
  /// As in the protocol; looked at before anything is decoded.
  private static final int LENGTH_MAX = 8192;

  private final VerificationKeys keys;
  private final JwtClaimsCheck check;

  private JwtVerifier(VerificationKeys keys, JwtClaimsCheck check) {
    this.keys = keys;
    this.check = check;
  }

  /// Verifies tokens (HS256) that were signed with this secret.
  public static TokenVerifier ofSecret(JwtSecret secret, TokenRules rules, InstantSource clock) {
    VerificationKeys keys = VerificationKeys.of(secret);
    return new JwtVerifier(keys, new JwtClaimsCheck(keys.algorithms(), rules, clock));
  }

  /// Verifies tokens (RS256, ES256, EdDSA with Ed25519) that were signed with one of the keys an
  /// issuer publishes.
  public static TokenVerifier ofIssuer(
      JwksEndpoint endpoint, KeyRefresh refresh, TokenRules rules, InstantSource clock) {
    VerificationKeys keys = new IssuerKeys(endpoint, refresh, clock);
    return new JwtVerifier(keys, new JwtClaimsCheck(keys.algorithms(), rules, clock));
  }

  @Override
  public CompletionStage<Verdict> verify(String jwt) {
    JsonWebSignature token = read(jwt);
    if (token == null) {
      return refused(ErrorCode.BAD_TOKEN, "not a signed JWT");
    }
    if (!(header(token, HeaderParameterNames.ALGORITHM) instanceof String algorithm)
        || !keys.algorithms().contains(algorithm)) {
      return refused(ErrorCode.BAD_TOKEN, "the token's algorithm is not accepted");
    }
    return switch (header(token, HeaderParameterNames.KEY_ID)) {
      case String keyId -> verify(token, algorithm, keyId);
      case null -> verify(token, algorithm, null);
      default -> refused(ErrorCode.BAD_TOKEN, "the token's kid is no text");
    };
  }

  private CompletionStage<Verdict> verify(
      JsonWebSignature token, String algorithm, @Nullable String keyId) {
    return keys.find(algorithm, keyId)
        .thenApply(found ->
            switch (found) {
              case VerificationKeys.Found.Candidates(List<? extends Key> candidates) ->
                  check.judge(token, candidates);
              case VerificationKeys.Found.Unknown() ->
                  new Verdict.Refused(
                      ErrorCode.BAD_TOKEN, "the issuer has no key that fits the token");
              case VerificationKeys.Found.Unreachable() ->
                  new Verdict.Refused(
                      ErrorCode.UNAVAILABLE, "the issuer's keys cannot be fetched just now");
            });
  }

  private static @Nullable JsonWebSignature read(String jwt) {
    if (jwt.length() > LENGTH_MAX) {
      return null;
    }
    JsonWebSignature token = new JsonWebSignature();
    try {
      token.setCompactSerialization(jwt);
      return token;
    } catch (JoseException e) {
      return null;
    }
  }

  private static @Nullable Object header(JsonWebSignature token, String name) {
    return token.getHeaders().getObjectHeaderValue(name);
  }

  private static CompletionStage<Verdict> refused(ErrorCode code, String message) {
    return CompletableFuture.completedFuture(new Verdict.Refused(code, message));
  }
}
