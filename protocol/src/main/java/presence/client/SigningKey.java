package presence.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import presence.protocol.ClientMessage.Attestation;

/// An Ed25519 key that proves who a client is, or that another key acts for it.
public final class SigningKey {
  private static final String ALGORITHM = "Ed25519";
  private static final int PUBLIC_KEY_BYTES = 32; // they end the key's X.509 form

  private final KeyPair pair;
  private final String publicKey;

  private SigningKey(KeyPair pair) {
    this.pair = pair;
    byte[] encoded = pair.getPublic().getEncoded();
    this.publicKey =
        HexFormat.of()
            .formatHex(
                Arrays.copyOfRange(encoded, encoded.length - PUBLIC_KEY_BYTES, encoded.length));
  }

  /// Throws IllegalArgumentException when the pair is not one of Ed25519.
  public static SigningKey of(KeyPair pair) {
    SigningKey key = new SigningKey(pair);
    key.sign("");
    return key;
  }

  /// A new key.
  public static SigningKey generate() {
    try {
      return new SigningKey(KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
    }
  }

  /// The 32 bytes of the public half in lowercase hex.
  public String publicKey() {
    return publicKey;
  }

  /// The proof that answers a challenge.
  public String answer(String nonce) {
    return sign("presence.v1\nhello\n" + publicKey + "\n" + nonce);
  }

  /// This key's word that another key acts for it until then.
  public Attestation attest(String otherPublicKey, Instant expiresAt) {
    long until = expiresAt.toEpochMilli();
    return new Attestation(
        publicKey,
        until,
        sign("presence.v1\nattest\n" + publicKey + "\n" + otherPublicKey + "\n" + until));
  }

  private String sign(String text) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(pair.getPrivate());
      signature.update(text.getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an " + ALGORITHM + " key", e);
    }
  }
}
