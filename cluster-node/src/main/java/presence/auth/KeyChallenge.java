package presence.auth;

import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;

/// Proves that a client holds a private key: it signs a nonce this node made for it.
///
/// That a nonce is used once, on its own socket and in time, is the connection's to see to; with
/// that, nothing captured can be replayed.
public final class KeyChallenge {
  private static final int NONCE_BYTES = 32;

  /// The longest an attestation may still be good for: a stolen one is worth little after a day.
  private static final Duration ATTESTED_AHEAD_MAX = Duration.ofHours(24);

  private KeyChallenge() {}

  /// What a signed hello amounts to.
  public sealed interface Verdict {
    /// The key is the client's.
    record Accepted(Principal.Key principal) implements Verdict {}

    /// Nothing was proven; the sentence is for a person and quotes nothing of the hello.
    record Refused(ErrorCode code, String message) implements Verdict {}
  }

  /// A nonce to be signed once.
  public static String nonce(RandomGenerator random) {
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Judges the answer to a challenge: form first, then the client's signature, then the parent's,
  /// and last the time the parent set.
  public static Verdict verify(ClientMessage.Key key, String nonce, Instant now) {
    String text = "presence.v1\nhello\n" + key.publicKey() + "\n" + nonce;
    Optional<Verdict> refusal = check("key", key.publicKey(), text, key.signature());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    ClientMessage.Attestation attestation = key.attestation();
    return attestation == null
        ? accepted(key.publicKey(), key.publicKey())
        : attested(key.publicKey(), attestation, now);
  }

  private static Verdict attested(
      String publicKey, ClientMessage.Attestation attestation, Instant now) {
    String parent = attestation.parentKey();
    String text =
        "presence.v1\nattest\n" + parent + "\n" + publicKey + "\n" + attestation.expiresAt();
    Optional<Verdict> refusal = check("attestation", parent, text, attestation.signature());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Instant expiresAt = Instant.ofEpochMilli(attestation.expiresAt());
    if (!expiresAt.isAfter(now)) {
      return refused(ErrorCode.TIMESTAMP_SKEW, "the attestation has expired");
    }
    if (expiresAt.isAfter(now.plus(ATTESTED_AHEAD_MAX))) {
      return refused(ErrorCode.TIMESTAMP_SKEW, "an attestation is good for at most 24 hours");
    }
    return accepted(publicKey, parent);
  }

  private static Optional<Verdict> check(
      String what, String publicKey, String text, @Nullable String signature) {
    Optional<Signature> verifier = Ed25519.verifier(publicKey);
    if (verifier.isEmpty()) {
      return Optional.of(
          refused(
              ErrorCode.BAD_MESSAGE,
              what + ": a public key is an Ed25519 point in 64 lowercase hex digits"));
    }
    Optional<byte[]> bytes = signature == null ? Optional.empty() : Ed25519.signature(signature);
    if (bytes.isEmpty()) {
      return Optional.of(
          refused(ErrorCode.BAD_MESSAGE, what + ": a signature is 64 bytes in base64url or hex"));
    }
    return Ed25519.signed(verifier.get(), text.getBytes(StandardCharsets.UTF_8), bytes.get())
        ? Optional.empty()
        : Optional.of(
            refused(ErrorCode.BAD_SIGNATURE, what + ": the signature does not fit key and text"));
  }

  private static Verdict accepted(String publicKey, String person) {
    return new Verdict.Accepted(new Principal.Key(publicKey, person));
  }

  private static Verdict refused(ErrorCode code, String message) {
    return new Verdict.Refused(code, message);
  }
}
