package presence.auth;

import java.time.Duration;
import java.util.Optional;

/// What a token must say beyond being signed and unexpired.
///
/// @param issuer the `iss` it must have, if any is required
/// @param audience what its `aud` must name, if anything; without it, a token the issuer made for
///   another service is good here too
/// @param handleClaim the claim that holds the handle
/// @param skew how far the issuer's clock and this node's may differ
public record TokenRules(
    Optional<String> issuer, Optional<String> audience, String handleClaim, Duration skew) {
  /// Beyond this the check of times would mean little.
  private static final Duration SKEW_MAX = Duration.ofMinutes(10);

  /// The subject is the handle, any issuer and audience, clocks within 30 s.
  public static final TokenRules DEFAULT =
      new TokenRules(Optional.empty(), Optional.empty(), "sub", Duration.ofSeconds(30));

  public TokenRules {
    if (handleClaim.isBlank()) {
      throw new IllegalArgumentException("the claim that holds the handle has no name");
    }
    if (skew.isNegative() || skew.compareTo(SKEW_MAX) > 0) {
      throw new IllegalArgumentException("the clock skew of tokens is 0 s to 10 min");
    }
  }
}
