package presence.auth;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Ed25519 of RFC 8032 over keys and signatures as they stand in messages.
///
/// The JDK checks that a public key is a point of the curve, that its encoding is the canonical one
/// and that `s` of a signature is reduced. It does not refuse the few points of small order, under
/// which one signature fits many texts: anybody could sign for such a key, so [#verifier] does.
final class Ed25519 {
  private static final int KEY_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern HEX_SIGNATURE = Pattern.compile("[0-9a-fA-F]{128}");

  /// The y-coordinates of the eight points whose order divides 8, little-endian as in a key.
  private static final Set<String> SMALL_ORDER =
      Set.of(
          "0000000000000000000000000000000000000000000000000000000000000000",
          "0100000000000000000000000000000000000000000000000000000000000000",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");

  private Ed25519() {}

  /// Whether the text has the form of a public key.
  static boolean wellFormed(String key) {
    return KEY.matcher(key).matches();
  }

  /// A verifier for the key of this text, if it is one that can prove something.
  static Optional<Signature> verifier(String key) {
    if (!wellFormed(key)) {
      return Optional.empty();
    }
    byte[] bytes = HexFormat.of().parseHex(key);
    boolean xOdd = bytes[KEY_BYTES - 1] < 0;
    bytes[KEY_BYTES - 1] &= Byte.MAX_VALUE;
    if (SMALL_ORDER.contains(HexFormat.of().formatHex(bytes))) {
      return Optional.empty();
    }
    EdECPoint point = new EdECPoint(xOdd, new BigInteger(1, reversed(bytes)));
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(
          KeyFactory.getInstance("Ed25519")
              .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point)));
      return Optional.of(verifier);
    } catch (InvalidKeyException e) {
      return Optional.empty(); // no point of the curve
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no Ed25519", e);
    }
  }

  /// The 64 bytes of a signature written in base64url or in hex.
  static Optional<byte[]> signature(String text) {
    if (HEX_SIGNATURE.matcher(text).matches()) {
      return Optional.of(HexFormat.of().parseHex(text));
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      return bytes.length == SIGNATURE_BYTES ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Whether the verifier's key signed this.
  static boolean signed(Signature verifier, byte[] message, byte[] signature) {
    try {
      verifier.update(message);
      return verifier.verify(signature);
    } catch (SignatureException e) {
      return false; // not even the form of one
    }
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = Arrays.copyOf(bytes, bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
