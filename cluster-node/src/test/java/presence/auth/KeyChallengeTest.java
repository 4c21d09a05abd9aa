package presence.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.auth.TestClock.START;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.EdECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;

class KeyChallengeTest {
  // Keys of RFC 8032, 7.1, tests 1 and 2; what they signed here was signed with Node's crypto.
  private static final String KEY =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  private static final String PARENT =
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
  private static final String NONCE = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
  private static final String SIGNED_HELLO =
      "4xfMQCgvK0XIJL1CK0s46ovhrS5DMovae2cXlVIayhdNR77uW3e1t6ab2cckl9u302Sxux3Intzr3srTWujeCw";
  private static final String SIGNED_HELLO_HEX =
      "e317cc40282f2b45c824bd422b4b38ea8be1ad2e43328bda7b671795521aca17"
          + "4d47beee5b77b5b7a69bd9c72497dbb7d364b1bb1dc89edcebdecad35ae8de0b";
  private static final long ATTESTED_UNTIL = 1_767_268_800_000L; // 2026-01-01T12:00:00Z
  private static final String SIGNED_ATTESTATION =
      "DWe5OaiCgjaDM5a51RctVxLEUAhUYa-tXU2zeTZh_AIOS1c_kVqBDF4-bacxwu_Tjbfe4EJOZdn6tL0aMUTmAA";

  private static KeyChallenge.Verdict verify(
      String key, @Nullable String signature, ClientMessage.@Nullable Attestation attestation) {
    return KeyChallenge.verify(
        new ClientMessage.Key(key, signature, attestation), NONCE, START.minusSeconds(1));
  }

  private static void assertRefused(KeyChallenge.Verdict verdict, ErrorCode code) {
    assertThat(verdict).isInstanceOf(KeyChallenge.Verdict.Refused.class);
    assertThat(((KeyChallenge.Verdict.Refused) verdict).code()).isEqualTo(code);
  }

  private static KeyChallenge.Verdict accepted(String key, String person) {
    return new KeyChallenge.Verdict.Accepted(new Principal.Key(key, person));
  }

  @Test
  void aNonceIs32BytesAndNew() {
    Random random = new Random(3);
    String nonce = KeyChallenge.nonce(random);
    assertThat(Base64.getUrlDecoder().decode(nonce)).hasSize(32);
    assertThat(nonce).hasSize(43).isNotEqualTo(KeyChallenge.nonce(random));
  }

  @Nested
  class AKeyByItself {
    @Test
    void provesItselfByASignatureInBase64urlOrHex() {
      assertThat(verify(KEY, SIGNED_HELLO, null)).isEqualTo(accepted(KEY, KEY));
      assertThat(verify(KEY, SIGNED_HELLO + "==", null)).isEqualTo(accepted(KEY, KEY));
      assertThat(verify(KEY, SIGNED_HELLO_HEX, null)).isEqualTo(accepted(KEY, KEY));
      assertThat(verify(KEY, SIGNED_HELLO_HEX.toUpperCase(java.util.Locale.ROOT), null))
          .isEqualTo(accepted(KEY, KEY));
    }

    @Test
    void cannotAnswerAnotherNonce() {
      assertRefused(
          KeyChallenge.verify(
              new ClientMessage.Key(KEY, SIGNED_HELLO, null),
              KeyChallenge.nonce(new Random(1)),
              START),
          ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void cannotSignForAnotherKey() {
      assertRefused(verify(PARENT, SIGNED_HELLO, null), ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void cannotUseAnAttestationAsAHello() {
      assertRefused(verify(PARENT, SIGNED_ATTESTATION, null), ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void mustSign() {
      assertRefused(verify(KEY, null, null), ErrorCode.BAD_MESSAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abcd", "!", "ä", "4xfMQCgvK0XIJL1CK0s46ovhrS5DMova"})
    void mustSignWith64Bytes(String signature) {
      assertRefused(verify(KEY, signature, null), ErrorCode.BAD_MESSAGE);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "d75a",
          "D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A",
          "0200000000000000000000000000000000000000000000000000000000000000",
          "presence.v1",
          "@ann"
        })
    void mustBeAPointInLowercaseHex(String key) {
      assertRefused(verify(key, SIGNED_HELLO, null), ErrorCode.BAD_MESSAGE);
    }

    /// Under the neutral element, R = neutral element and s = 0 fit every text: anybody's key.
    @Test
    void mustNotBeOfSmallOrder() {
      String forged = "01" + "00".repeat(63);
      for (Curve.Point point : Curve.smallOrder()) {
        assertRefused(verify(point.encoded(), forged, null), ErrorCode.BAD_MESSAGE);
      }
    }

    @Test
    void isRefusedInWordsThatQuoteNothing() {
      for (String signature : new String[] {"secret", SIGNED_HELLO, SIGNED_HELLO_HEX}) {
        KeyChallenge.Verdict verdict = verify(PARENT, signature, null);
        assertThat(verdict.toString()).doesNotContain(signature).doesNotContain(PARENT);
      }
    }
  }

  @Nested
  class AKeyAttestedByAParent {
    private final KeyPair parent = Forge.okp("Ed25519");
    private final String parentKey = hex(parent);

    private static String hex(KeyPair pair) {
      EdECPublicKey key = (EdECPublicKey) pair.getPublic();
      var y = key.getPoint().getY();
      return Curve.hex(key.getPoint().isXOdd() ? y.setBit(255) : y);
    }

    private KeyChallenge.Verdict attested(long expiresAt, String signedText) {
      return verify(
          KEY, SIGNED_HELLO, new ClientMessage.Attestation(parentKey, expiresAt, sign(signedText)));
    }

    private String sign(String text) {
      try {
        byte[] signature =
            Forge.eddsa(parent.getPrivate()).sign(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(signature);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    private KeyChallenge.Verdict attestedUntil(Instant expiresAt) {
      long millis = expiresAt.toEpochMilli();
      return attested(millis, "presence.v1\nattest\n%s\n%s\n%s".formatted(parentKey, KEY, millis));
    }

    @Test
    void actsForTheParent() {
      assertThat(
              verify(
                  KEY,
                  SIGNED_HELLO,
                  new ClientMessage.Attestation(PARENT, ATTESTED_UNTIL, SIGNED_ATTESTATION)))
          .isEqualTo(accepted(KEY, PARENT));
    }

    @Test
    void isGoodForADayAndNoLonger() {
      Instant now = START.minusSeconds(1);
      assertThat(attestedUntil(now.plusMillis(1))).isEqualTo(accepted(KEY, parentKey));
      assertThat(attestedUntil(now.plus(Duration.ofHours(24)))).isEqualTo(accepted(KEY, parentKey));
      assertRefused(attestedUntil(now), ErrorCode.TIMESTAMP_SKEW);
      assertRefused(attestedUntil(now.minusMillis(1)), ErrorCode.TIMESTAMP_SKEW);
      assertRefused(attestedUntil(Instant.EPOCH), ErrorCode.TIMESTAMP_SKEW);
      assertRefused(
          attestedUntil(now.plus(Duration.ofHours(24)).plusMillis(1)), ErrorCode.TIMESTAMP_SKEW);
      assertRefused(attestedUntil(Instant.ofEpochMilli((1L << 53) - 1)), ErrorCode.TIMESTAMP_SKEW);
    }

    @Test
    void cannotProlongItsAttestation() {
      assertRefused(
          attested(
              ATTESTED_UNTIL + 1,
              "presence.v1\nattest\n%s\n%s\n%s".formatted(parentKey, KEY, ATTESTED_UNTIL)),
          ErrorCode.BAD_SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "presence.v1\nattest\n%2$s\n%1$s\n%3$s",
          "presence.v1\nattest\n%1$s\n%2$s\n%3$s\n",
          "presence.v1\r\nattest\r\n%1$s\r\n%2$s\r\n%3$s",
          "presence.v1\nhello\n%1$s\n%2$s\n%3$s",
          "presence.v2\nattest\n%1$s\n%2$s\n%3$s",
          "presence.v1\nattest\n%1$s\n%2$s\n0%3$s",
          "attest\n%1$s\n%2$s\n%3$s"
        })
    void isAttestedByExactlyTheText(String text) {
      assertRefused(
          attested(ATTESTED_UNTIL, text.formatted(parentKey, KEY, ATTESTED_UNTIL)),
          ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void cannotBorrowAnotherKeysAttestation() {
      String other = hex(Forge.okp("Ed25519"));
      assertRefused(
          attested(
              ATTESTED_UNTIL,
              "presence.v1\nattest\n%s\n%s\n%s".formatted(parentKey, other, ATTESTED_UNTIL)),
          ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void mustStillSignItself() {
      String text = "presence.v1\nattest\n%s\n%s\n%s".formatted(parentKey, KEY, ATTESTED_UNTIL);
      var attestation = new ClientMessage.Attestation(parentKey, ATTESTED_UNTIL, sign(text));
      assertRefused(verify(KEY, null, attestation), ErrorCode.BAD_MESSAGE);
      assertRefused(verify(KEY, SIGNED_ATTESTATION, attestation), ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void needsAParentThatIsAKey() {
      String forged = "01" + "00".repeat(63);
      for (Curve.Point point : Curve.smallOrder()) {
        assertRefused(
            verify(
                KEY,
                SIGNED_HELLO,
                new ClientMessage.Attestation(point.encoded(), ATTESTED_UNTIL, forged)),
            ErrorCode.BAD_MESSAGE);
      }
      assertRefused(
          verify(
              KEY,
              SIGNED_HELLO,
              new ClientMessage.Attestation("@ann", ATTESTED_UNTIL, SIGNED_ATTESTATION)),
          ErrorCode.BAD_MESSAGE);
      assertRefused(
          verify(KEY, SIGNED_HELLO, new ClientMessage.Attestation(PARENT, ATTESTED_UNTIL, "x")),
          ErrorCode.BAD_MESSAGE);
    }
  }

  @Test
  void noHelloWhateverItHoldsMakesItThrow() {
    Random random = new Random(11);
    SecureRandom nonces = new SecureRandom();
    for (int i = 0; i < 300; i++) {
      byte[] key = new byte[32];
      byte[] signature = new byte[64];
      random.nextBytes(key);
      random.nextBytes(signature);
      var hello =
          new ClientMessage.Key(
              HexFormat.of().formatHex(key), HexFormat.of().formatHex(signature), null);
      assertThat(KeyChallenge.verify(hello, KeyChallenge.nonce(nonces), START))
          .isInstanceOf(KeyChallenge.Verdict.Refused.class);
    }
  }
}
