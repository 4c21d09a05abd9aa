package presence.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import presence.protocol.ClientMessage.Attestation;

class SigningKeyTest {
  private static final String X509 = "302a300506032b6570032100";
  private static final String PKCS8 = "302e020100300506032b657004220420";

  @Test
  void aKnownKeyHasItsKnownName() throws Exception { // RFC 8032, test 1
    String secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    String known = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    KeyFactory keys = KeyFactory.getInstance("Ed25519");
    SigningKey key =
        SigningKey.of(
            new KeyPair(
                keys.generatePublic(new X509EncodedKeySpec(HexFormat.of().parseHex(X509 + known))),
                keys.generatePrivate(
                    new PKCS8EncodedKeySpec(HexFormat.of().parseHex(PKCS8 + secret)))));
    assertThat(key.publicKey()).isEqualTo(known);
    assertThat(verifies(key.publicKey(), "presence.v1\nhello\n" + known + "\nN", key.answer("N")))
        .isTrue();
  }

  @Test
  void anAttestationIsTheParentsWord() throws Exception {
    SigningKey parent = SigningKey.generate();
    String child = SigningKey.generate().publicKey();
    Attestation word = parent.attest(child, Instant.ofEpochMilli(5));
    assertThat(word.parentKey()).isEqualTo(parent.publicKey());
    assertThat(word.expiresAt()).isEqualTo(5);
    String text = "presence.v1\nattest\n" + parent.publicKey() + "\n" + child + "\n5";
    assertThat(verifies(parent.publicKey(), text, word.signature())).isTrue();
    assertThat(verifies(child, text, word.signature())).isFalse();
  }

  @Test
  void aKeyOfAnotherKindIsRefused() throws Exception {
    KeyPair other = KeyPairGenerator.getInstance("EC").generateKeyPair();
    assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.of(other));
  }

  private static boolean verifies(String publicKey, String text, String signature)
      throws Exception {
    PublicKey key =
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new X509EncodedKeySpec(HexFormat.of().parseHex(X509 + publicKey)));
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(key);
    verifier.update(text.getBytes(UTF_8));
    return verifier.verify(Base64.getUrlDecoder().decode(signature));
  }
}
