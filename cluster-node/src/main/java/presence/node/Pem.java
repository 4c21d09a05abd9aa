package presence.node;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A private key and its certificate, as they are written in PEM files.
///
/// @param chain the certificate first, then those that vouch for it
/// @param text both files as they were, to see whether they have become others
record Pem(PrivateKey key, List<X509Certificate> chain, List<byte[]> text) {
  /// Why files are not what they should be, as part of a sentence.
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String why) {
      super(why, null);
    }
  }

  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");

  /// Reads both files, and sees that they belong together.
  static Pem read(Path certificate, Path key) throws Unusable {
    byte[] certificates = bytes(certificate);
    byte[] keys = bytes(key);
    Pem pem =
        new Pem(key(keys, key), chain(certificates, certificate), List.of(certificates, keys));
    if (!pem.fits()) {
      throw new Unusable("%s is not the key of %s".formatted(key, certificate));
    }
    return pem;
  }

  /// Reads certificates, one at least.
  static List<X509Certificate> chain(Path file) throws Unusable {
    return chain(bytes(file), file);
  }

  /// Whether the files are still as they were read.
  boolean isStillIn(Path certificate, Path key) throws Unusable {
    return Arrays.equals(text.get(0), bytes(certificate)) && Arrays.equals(text.get(1), bytes(key));
  }

  private static byte[] bytes(Path file) throws Unusable {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new Unusable("%s cannot be read".formatted(file));
    }
  }

  private static List<X509Certificate> chain(byte[] text, Path file) throws Unusable {
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (CertificateException e) {
      // says the same as what follows
    }
    throw new Unusable("%s holds no certificate in PEM".formatted(file));
  }

  private static PrivateKey key(byte[] text, Path file) throws Unusable {
    Matcher written = KEY.matcher(new String(text, StandardCharsets.ISO_8859_1));
    if (written.find()) {
      try {
        byte[] der = Base64.getMimeDecoder().decode(written.group(1));
        for (String algorithm : ALGORITHMS) {
          try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
          } catch (InvalidKeySpecException e) {
            // a key of another algorithm
          }
        }
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        // says the same as what follows
      }
    }
    throw new Unusable(
        "%s holds no private key in PEM (PKCS 8, unencrypted: openssl pkcs8 -topk8 -nocrypt)"
            .formatted(file));
  }

  private boolean fits() {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text.get(0));
      byte[] signed = signature.sign();
      signature.initVerify(chain.getFirst().getPublicKey());
      signature.update(text.get(0));
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /// Never the key.
  @Override
  public String toString() {
    return "Pem[%s]".formatted(chain.getFirst().getSubjectX500Principal());
  }
}
