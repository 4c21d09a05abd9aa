package presence.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static presence.auth.Forge.base64;
import static presence.auth.Forge.hs256;
import static presence.auth.Forge.token;
import static presence.auth.SecretTokens.GOOD;
import static presence.auth.SecretTokens.HS256;
import static presence.auth.SecretTokens.LATER;
import static presence.auth.SecretTokens.SECRET;
import static presence.auth.SecretTokens.accepted;
import static presence.auth.SecretTokens.ann;
import static presence.auth.SecretTokens.assertRefused;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import presence.protocol.ErrorCode;

@Timeout(30)
class JwtOfSecretTest {
  private final SecretTokens tokens = new SecretTokens();

  @Test
  void aGoodTokenProvesItsHandleUntilItExpires() {
    assertThat(tokens.claims(GOOD)).isEqualTo(accepted("@ann", LATER));
  }

  @Nested
  class ASecret {
    @ParameterizedTest
    @ValueSource(strings = {"", "short", "thirty-one bytes of a secret..."})
    void ofLessThan32BytesIsAConfigurationError(String text) {
      assertThatThrownBy(() -> JwtSecret.of(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the JWT secret has " + text.length() + " bytes, it needs at least 32");
    }

    @Test
    void isTheUtf8BytesOfItsText() {
      String secret = "ä".repeat(16);
      TokenVerifier other =
          JwtVerifier.ofSecret(JwtSecret.of(secret), TokenRules.DEFAULT, tokens.clock);
      assertThat(SecretTokens.verdict(other, token(HS256, GOOD, hs256(secret))))
          .isEqualTo(accepted("@ann", LATER));
    }

    @Test
    void isNotInItsDescription() {
      assertThat(JwtSecret.of(SECRET).toString()).isEqualTo("JwtSecret");
    }
  }

  @Nested
  class AnAttackerWithoutTheSecret {
    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", "", " ", "hs256", "HS256 ", "dir"})
    void cannotChooseTheAlgorithm(String algorithm) {
      String header = "{\"alg\":\"" + algorithm + "\"}";
      assertRefused(tokens.verdict(token(header, GOOD, _ -> new byte[0])), ErrorCode.BAD_TOKEN);
      assertRefused(tokens.verdict(token(header, GOOD, hs256(SECRET))), ErrorCode.BAD_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "{\"alg\":null}",
          "{\"alg\":256}",
          "{\"alg\":[\"HS256\"]}",
          "{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
          "{\"alg\":\"HS256\",\"kid\":7}",
          "{\"alg\":\"HS256\",\"kid\":{\"k\":\"\"}}",
          "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
          "{\"alg\":\"HS256\",\"crit\":\"exp\"}",
          "[\"HS256\"]",
          "\"HS256\"",
          "null",
          "",
          "{"
        })
    void cannotConfuseByTheHeader(String header) {
      assertRefused(tokens.verdict(token(header, GOOD, hs256(SECRET))), ErrorCode.BAD_TOKEN);
    }

    @ParameterizedTest
    @CsvSource({"HS384,HmacSHA384", "HS512,HmacSHA512"})
    void cannotUseASiblingAlgorithmEvenWithTheSecret(String algorithm, String mac) {
      String header = "{\"alg\":\"" + algorithm + "\"}";
      byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
      assertRefused(
          tokens.verdict(token(header, GOOD, Forge.hmac(mac, secret))), ErrorCode.BAD_TOKEN);
    }

    @Test
    void cannotUseAnotherKey() {
      assertRefused(
          tokens.verdict(token(HS256, GOOD, hs256("another secret of at least 32 bytes"))),
          ErrorCode.BAD_TOKEN);
      assertRefused(tokens.verdict(token(HS256, GOOD, _ -> new byte[32])), ErrorCode.BAD_TOKEN);
      assertRefused(tokens.verdict(token(HS256, GOOD, _ -> new byte[0])), ErrorCode.BAD_TOKEN);
      String rs256 = "{\"alg\":\"RS256\"}";
      assertRefused(
          tokens.verdict(token(rs256, GOOD, Forge.rs256(Forge.RSA.getPrivate()))),
          ErrorCode.BAD_TOKEN);
    }

    @Test
    void cannotBringTheKeyAlong() {
      String mine = "a secret of the attacker's own, long enough";
      String jwk =
          "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"%s\"},\"jku\":\"http://127.0.0.1:1/\"}"
              .formatted(base64(mine));
      assertRefused(tokens.verdict(token(jwk, GOOD, hs256(mine))), ErrorCode.BAD_TOKEN);
    }

    @Test
    void cannotChangeTheClaims() {
      String good = token(HS256, GOOD, hs256(SECRET));
      String[] parts = good.split("\\.", -1);
      String bob = base64(GOOD.replace("ann", "bob"));
      assertRefused(tokens.verdict(parts[0] + "." + bob + "." + parts[2]), ErrorCode.BAD_TOKEN);
      assertRefused(tokens.verdict(parts[0] + "." + parts[1] + "."), ErrorCode.BAD_TOKEN);
      assertRefused(tokens.verdict(parts[0] + "." + parts[1]), ErrorCode.BAD_TOKEN);
    }

    @Test
    void learnsNoMoreFromAnExpiredTokenWithAWrongSignature() {
      assertRefused(
          tokens.verdict(token(HS256, ann(",\"exp\":1"), _ -> new byte[32])), ErrorCode.BAD_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          ".",
          "..",
          "...",
          "....",
          "a.b.c",
          "{}",
          "null",
          "a.b.c.d.e",
          "\0.\0.\0",
          "ä.ö.ü",
          "\uD83D\uDE00.\uD83D\uDE00.\uD83D\uDE00",
          "e30.e30.",
          "e30.e30.e30",
          "Bearer e30.e30.e30"
        })
    void getsNowhereWithGarbage(String garbage) {
      assertRefused(tokens.verdict(garbage), ErrorCode.BAD_TOKEN);
    }

    @Test
    void getsNowhereWithAnEncryptedToken() {
      String pbes2 = "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128GCM\",\"p2c\":2147483647}";
      assertRefused(tokens.verdict(base64(pbes2) + ".AA.AA.AA.AA"), ErrorCode.BAD_TOKEN);
      assertRefused(tokens.verdict(base64(pbes2) + ".AA.AA"), ErrorCode.BAD_TOKEN);
    }

    @Test
    void getsNowhereWithNestingOrSize() {
      String deep = ann(",\"exp\":" + "[".repeat(2_900) + "]".repeat(2_900));
      assertRefused(tokens.claims(deep), ErrorCode.BAD_TOKEN);
      String header = "{\"alg\":\"HS256\",\"kid\":" + "[".repeat(2_900) + "]".repeat(2_900) + "}";
      assertRefused(tokens.verdict(token(header, GOOD, _ -> new byte[32])), ErrorCode.BAD_TOKEN);
      assertRefused(
          tokens.claims(ann(",\"exp\":" + LATER + ",\"fill\":\"" + "x".repeat(8_000) + "\"")),
          ErrorCode.BAD_TOKEN);
      assertRefused(tokens.verdict("a".repeat(50_000_000)), ErrorCode.BAD_TOKEN);
      assertRefused(tokens.verdict(".".repeat(8_192)), ErrorCode.BAD_TOKEN);
    }

    @Test
    void getsNowhereByChangingAnythingAnywhere() {
      Random random = new Random(5);
      String good = token("{\"alg\":\"HS256\",\"kid\":\"k\"}", GOOD, hs256(SECRET));
      int payload = good.lastIndexOf('.');
      for (int i = 0; i < 20_000; i++) {
        StringBuilder bad = new StringBuilder(good);
        for (int n = random.nextInt(3); n >= 0; n--) {
          int at = random.nextInt(payload);
          switch (random.nextInt(3)) {
            case 0 -> bad.setCharAt(at, (char) (' ' + random.nextInt(95)));
            case 1 -> bad.deleteCharAt(at);
            default -> bad.insert(at, (char) random.nextInt(0x300));
          }
        }
        TokenVerifier.Verdict verdict = tokens.verdict(bad.toString());
        if (!bad.toString().equals(good)) {
          assertRefused(verdict, ErrorCode.BAD_TOKEN);
        }
      }
    }
  }
}
