package presence.auth;

import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/// The keys an issuer publishes (RFC 7517) that may verify a token, each for the one algorithm its
/// kind allows. Shared secrets, weak keys, and keys meant for something else are left out.
record KeySet(List<Entry> entries) {
  static final KeySet EMPTY = new KeySet(List.of());

  /// A token without `kid` is tried against every key of its algorithm; this bounds the work.
  private static final int KEYS_MAX = 64;

  private static final int RSA_BITS_MIN = 2048;

  /// One key, its `kid` if it has one, and its algorithm.
  record Entry(@Nullable String keyId, String algorithm, PublicKey key) {}

  /// The document is no key set, or holds no key to verify a token with.
  static final class Unusable extends RuntimeException {
    Unusable(String message) {
      super(message);
    }
  }

  /// Reads what an issuer's endpoint answered.
  ///
  /// @throws Unusable when there is no usable key in it
  static KeySet parse(String json) {
    List<Entry> entries = new ArrayList<>();
    for (JsonWebKey key : keys(json)) {
      if (key instanceof PublicJsonWebKey usable && forTokens(usable)) {
        String algorithm = algorithm(usable);
        if (algorithm != null
            && (usable.getAlgorithm() == null || usable.getAlgorithm().equals(algorithm))) {
          entries.add(new Entry(usable.getKeyId(), algorithm, usable.getPublicKey()));
        }
      }
    }
    if (entries.isEmpty() || entries.size() > KEYS_MAX) {
      throw new Unusable("the key set has " + entries.size() + " usable keys");
    }
    return new KeySet(List.copyOf(entries));
  }

  private static List<JsonWebKey> keys(String json) {
    try {
      return new JsonWebKeySet(json).getJsonWebKeys();
    } catch (JoseException | ClassCastException e) { // jose4j casts what it has not looked at
      throw new Unusable("not a key set");
    }
  }

  private static boolean forTokens(JsonWebKey key) {
    return (key.getUse() == null || key.getUse().equals("sig"))
        && (key.getKeyOps() == null || key.getKeyOps().contains("verify"));
  }

  private static @Nullable String algorithm(PublicJsonWebKey key) {
    return switch (key) {
      case RsaJsonWebKey rsa when strong(rsa.getRsaPublicKey()) ->
          AlgorithmIdentifiers.RSA_USING_SHA256;
      case EllipticCurveJsonWebKey ec when EllipticCurves.P_256.equals(ec.getCurveName()) ->
          AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256;
      case OctetKeyPairJsonWebKey okp
          when OctetKeyPairJsonWebKey.SUBTYPE_ED25519.equals(okp.getSubtype()) ->
          AlgorithmIdentifiers.EDDSA;
      default -> null;
    };
  }

  private static boolean strong(RSAPublicKey key) {
    return key.getModulus().bitLength() >= RSA_BITS_MIN;
  }

  /// The keys for a token: those with its `kid`, or all of the algorithm if it has none.
  List<PublicKey> find(String algorithm, @Nullable String keyId) {
    return entries.stream()
        .filter(entry -> entry.algorithm().equals(algorithm))
        .filter(entry -> keyId == null || keyId.equals(entry.keyId()))
        .map(Entry::key)
        .toList();
  }
}
