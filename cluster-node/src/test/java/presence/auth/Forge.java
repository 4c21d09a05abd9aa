package presence.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwk.PublicJsonWebKey;

/// Makes tokens and key sets by hand, bad ones too, with the JDK's cryptography only.
final class Forge {
  // Making RSA keys is slow, so the tests share these.
  static final KeyPair RSA = rsa(2048);
  static final KeyPair OTHER_RSA = rsa(2048);

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private Forge() {}

  interface Signer {
    byte[] sign(byte[] text) throws GeneralSecurityException;
  }

  static String token(String header, String payload, Signer signer) {
    String text = base64(header) + "." + base64(payload);
    try {
      byte[] signature = signer.sign(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + BASE64.encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String base64(String text) {
    return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static Signer hmac(String algorithm, byte[] secret) {
    return text -> {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret, algorithm));
      return mac.doFinal(text);
    };
  }

  static Signer hs256(String secret) {
    return hmac("HmacSHA256", secret.getBytes(StandardCharsets.UTF_8));
  }

  static Signer rs256(PrivateKey key) {
    return jca("SHA256withRSA", key);
  }

  static Signer es256(PrivateKey key) {
    return jca("SHA256withECDSAinP1363Format", key);
  }

  static Signer eddsa(PrivateKey key) {
    return jca("EdDSA", key);
  }

  static Signer jca(String algorithm, PrivateKey key) {
    return text -> {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      return signature.sign();
    };
  }

  static KeyPair rsa(int bits) {
    return pair("RSA", generator -> generator.initialize(bits));
  }

  static KeyPair ec(String curve) {
    return pair("EC", generator -> generator.initialize(new ECGenParameterSpec(curve)));
  }

  static KeyPair okp(String curve) {
    return pair(curve, _ -> {});
  }

  private interface Setup {
    void on(KeyPairGenerator generator) throws GeneralSecurityException;
  }

  private static KeyPair pair(String algorithm, Setup setup) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      setup.on(generator);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// One key of a set, with members such as `kid` added.
  static String jwk(PublicKey key, Map<String, Object> members) {
    try {
      PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(key);
      members.forEach(jwk::setOtherParameter);
      return jwk.toJson();
    } catch (org.jose4j.lang.JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  static String jwk(PublicKey key, String keyId) {
    return jwk(key, Map.of("kid", keyId));
  }

  static String set(String... keys) {
    return Stream.of(keys).collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }
}
