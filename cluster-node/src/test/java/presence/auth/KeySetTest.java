package presence.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static presence.auth.Forge.jwk;
import static presence.auth.Forge.set;

import java.security.KeyPair;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySetTest {
  private static final KeyPair RSA = Forge.RSA;
  private static final KeyPair EC = Forge.ec("secp256r1");
  private static final KeyPair OKP = Forge.okp("Ed25519");
  private static final String OCT =
      "{\"kty\":\"oct\",\"kid\":\"shared\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}";

  @Test
  void eachKindOfKeyIsForOneAlgorithm() {
    KeySet keys =
        KeySet.parse(
            set(jwk(RSA.getPublic(), "r"), jwk(EC.getPublic(), "e"), jwk(OKP.getPublic(), "o")));
    assertThat(keys.find("RS256", "r")).containsExactly(RSA.getPublic());
    assertThat(keys.find("ES256", "e")).containsExactly(EC.getPublic());
    assertThat(keys.find("EdDSA", "o")).containsExactly(OKP.getPublic());
    assertThat(keys.find("RS256", "e")).isEmpty();
    assertThat(keys.find("ES256", "r")).isEmpty();
    assertThat(keys.find("HS256", "r")).isEmpty();
    assertThat(keys.find("RS512", "r")).isEmpty();
  }

  @Test
  void withoutAKidAllKeysOfTheAlgorithmMayFit() {
    KeyPair other = Forge.OTHER_RSA;
    KeySet keys =
        KeySet.parse(
            set(
                jwk(RSA.getPublic(), "a"),
                jwk(other.getPublic(), Map.of()),
                jwk(EC.getPublic(), "b")));
    assertThat(keys.find("RS256", null)).containsExactly(RSA.getPublic(), other.getPublic());
    assertThat(keys.find("RS256", "")).isEmpty();
    assertThat(keys.find("RS256", "A")).isEmpty();
  }

  @Test
  void keysForSomethingElseAreLeftOut() {
    String good = jwk(RSA.getPublic(), "good");
    List<String> others =
        List.of(
            OCT,
            jwk(EC.getPublic(), Map.of("use", "enc")),
            jwk(EC.getPublic(), Map.of("key_ops", List.of("encrypt"))),
            jwk(EC.getPublic(), Map.of("alg", "ECDH-ES")),
            jwk(RSA.getPublic(), Map.of("alg", "RS512")),
            jwk(RSA.getPublic(), Map.of("alg", "HS256")),
            jwk(Forge.rsa(1024).getPublic(), Map.of()),
            jwk(Forge.ec("secp384r1").getPublic(), Map.of()),
            jwk(Forge.okp("Ed448").getPublic(), Map.of()),
            jwk(Forge.okp("X25519").getPublic(), Map.of()),
            "{\"kty\":\"new\"}",
            "{\"kid\":7}",
            "{}",
            "null");
    for (String other : others) {
      assertThat(KeySet.parse(set(other, good)).entries()).as(other).hasSize(1);
      assertThatThrownBy(() -> KeySet.parse(set(other))).isInstanceOf(KeySet.Unusable.class);
    }
  }

  @Test
  void keysMayNameTheirUseAndAlgorithm() {
    Map<String, Object> named =
        Map.of("use", "sig", "key_ops", List.of("verify"), "alg", "RS256", "kid", "a");
    assertThat(KeySet.parse(set(jwk(RSA.getPublic(), named))).find("RS256", "a")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "7",
        "{}",
        "{\"keys\":null}",
        "{\"keys\":7}",
        "{\"keys\":{}}",
        "{\"keys\":\"x\"}",
        "{\"keys\":[]}",
        "{\"keys\":[7]}",
        "{\"keys\":[null,7,[],\"x\",{}]}",
        "<html>Bad gateway</html>"
      })
  void whatIsNoKeySetIsUnusable(String text) {
    assertThatThrownBy(() -> KeySet.parse(text)).isInstanceOf(KeySet.Unusable.class);
  }

  @Test
  void deepNestingIsUnusable() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThatThrownBy(() -> KeySet.parse("{\"keys\":" + deep + "}"))
        .isInstanceOf(KeySet.Unusable.class);
  }

  @Test
  void tooManyKeysAreUnusable() {
    String[] many = Collections.nCopies(65, jwk(EC.getPublic(), "k")).toArray(String[]::new);
    assertThatThrownBy(() -> KeySet.parse(set(many))).isInstanceOf(KeySet.Unusable.class);
  }
}
