package presence.auth;

import java.security.Key;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jspecify.annotations.Nullable;

/// Where the keys come from that tokens are verified with. Each source names the algorithms it is
/// for; a token that names another is refused before any key is touched, so a public key is never
/// used as a shared secret.
interface VerificationKeys {

  /// What a source knows about a token's key.
  sealed interface Found {
    /// The keys, one or more, that may have signed it.
    record Candidates(List<? extends Key> keys) implements Found {}

    /// The issuer has no such key.
    record Unknown() implements Found {}

    /// The issuer may have such a key, and cannot be asked just now.
    record Unreachable() implements Found {}
  }

  Set<String> algorithms();

  /// Finds the keys for a token. Never fails and never blocks.
  ///
  /// @param algorithm one of [#algorithms()]
  /// @param keyId the token's `kid`, null when it has none
  CompletionStage<Found> find(String algorithm, @Nullable String keyId);

  /// One shared secret, whatever the `kid`.
  static VerificationKeys of(JwtSecret secret) {
    return new VerificationKeys() {
      @Override
      public Set<String> algorithms() {
        return Set.of(AlgorithmIdentifiers.HMAC_SHA256);
      }

      @Override
      public CompletionStage<Found> find(String algorithm, @Nullable String keyId) {
        return CompletableFuture.completedFuture(new Found.Candidates(List.of(secret.key())));
      }
    };
  }
}
