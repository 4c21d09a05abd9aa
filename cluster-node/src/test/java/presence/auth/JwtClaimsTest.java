package presence.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static presence.auth.SecretTokens.GOOD;
import static presence.auth.SecretTokens.LATER;
import static presence.auth.SecretTokens.NOW;
import static presence.auth.SecretTokens.accepted;
import static presence.auth.SecretTokens.ann;
import static presence.auth.SecretTokens.assertRefused;
import static presence.auth.SecretTokens.signed;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import presence.protocol.ErrorCode;
import presence.protocol.Handle;

@Timeout(30)
class JwtClaimsTest {
  private final SecretTokens tokens = new SecretTokens();

  @Nested
  class TheTimes {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          ",\"exp\":null",
          ",\"exp\":\"1999999999\"",
          ",\"exp\":true",
          ",\"exp\":[1999999999]",
          ",\"exp\":{}",
          ",\"exp\":1767272400000",
          ",\"exp\":9223372036854775807",
          ",\"exp\":18446744075476823200",
          ",\"exp\":1e300",
          ",\"exp\":1e999",
          ",\"exp\":1999999999,\"exp\":1999999999"
        })
    void expiryMustBeAReasonableTime(String expiry) {
      assertRefused(tokens.claims(ann(expiry)), ErrorCode.BAD_TOKEN);
    }

    @Test
    void expiryMayHaveAFraction() {
      assertThat(tokens.claims(ann(",\"exp\":" + LATER + ".75")))
          .isEqualTo(accepted("@ann", LATER));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"0", "-1", "-9223372036854775808", "-1e300", "1767268769", "1767268770"})
    void anExpiredTokenIsTold(String expiry) {
      assertRefused(tokens.claims(ann(",\"exp\":" + expiry)), ErrorCode.EXPIRED_TOKEN);
    }

    @Test
    void expiryAllowsForTheClockSkewAndNoMore() {
      String jwt = signed(ann(",\"exp\":" + NOW));
      tokens.clock.advance(Duration.ofSeconds(29));
      assertThat(tokens.verdict(jwt)).isEqualTo(accepted("@ann", NOW));
      tokens.clock.advance(Duration.ofSeconds(1));
      assertRefused(tokens.verdict(jwt), ErrorCode.EXPIRED_TOKEN);
    }

    @Test
    void aTokenIsNotGoodBeforeItsTime() {
      String jwt = signed(ann(",\"exp\":%d,\"nbf\":%d".formatted(LATER, NOW + 60)));
      assertRefused(tokens.verdict(jwt), ErrorCode.BAD_TOKEN);
      tokens.clock.advance(Duration.ofSeconds(30));
      assertThat(tokens.verdict(jwt)).isEqualTo(accepted("@ann", LATER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "true", "[1]", "18446744073709551617", "1e300"})
    void notBeforeMustBeATime(String notBefore) {
      assertRefused(
          tokens.claims(ann(",\"exp\":" + LATER + ",\"nbf\":" + notBefore)), ErrorCode.BAD_TOKEN);
    }

    @Test
    void onlyExpiryIsToldAsExpiry() {
      TokenVerifier strict =
          tokens.verifier(
              new TokenRules(
                  Optional.of("issuer"), Optional.empty(), "sub", Duration.ofSeconds(30)));
      String jwt = signed(ann(",\"exp\":1,\"iss\":\"other\""));
      assertRefused(SecretTokens.verdict(strict, jwt), ErrorCode.BAD_TOKEN);
    }
  }

  @Nested
  class TheHandle {
    @ParameterizedTest
    @CsvSource({"Ann,@ann", "@ANN,@ann", "\uFF21\uFF4E\uFF4E,@ann", "Jürgen,@jürgen", "李,@李"})
    void isNormalised(String text, String handle) {
      assertThat(tokens.claims("{\"sub\":\"%s\",\"exp\":%d}".formatted(text, LATER)))
          .isEqualTo(accepted(handle, LATER));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\"\"",
          "\"@\"",
          "\" \"",
          "\"a b\"",
          "\"auth0|1234\"",
          "\"a@b.example\"",
          "null",
          "7",
          "true",
          "[\"ann\"]",
          "{\"sub\":\"ann\"}",
          "\"\\u202eann\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"ann\\u200b\"",
          "\"https://example.org/ann\""
        })
    void mustBeUsable(String subject) {
      assertRefused(
          tokens.claims("{\"sub\":%s,\"exp\":%d}".formatted(subject, LATER)), ErrorCode.BAD_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"GRO\u1E9E", "\u0130", "a\u0345\u0301", "\uFB01", "\u03A3\u03A3", "\u1FB7"})
    void isNormalisedOrRefusedHoweverOddItsLetters(String text) {
      String jwt = signed("{\"sub\":\"%s\",\"exp\":%d}".formatted(text, LATER));
      assertThat(tokens.verifier(TokenRules.DEFAULT).verify(jwt).toCompletableFuture())
          .isCompleted();
    }

    @Test
    void mustNotBeTooLong() {
      assertRefused(
          tokens.claims("{\"sub\":\"%s\",\"exp\":%d}".formatted("x".repeat(65), LATER)),
          ErrorCode.BAD_TOKEN);
    }

    @Test
    void mustBeThere() {
      assertRefused(tokens.claims("{\"exp\":%d}".formatted(LATER)), ErrorCode.BAD_TOKEN);
    }

    @Test
    void isInTheConfiguredClaim() {
      TokenVerifier byName =
          tokens.verifier(
              new TokenRules(
                  Optional.empty(), Optional.empty(), "preferred_username", Duration.ZERO));
      String jwt =
          signed("{\"sub\":\"f3a1\",\"preferred_username\":\"Ann\",\"exp\":%d}".formatted(LATER));
      assertThat(SecretTokens.verdict(byName, jwt))
          .isEqualTo(
              new TokenVerifier.Verdict.Accepted(
                  new Principal.User(Handle.of("ann")), Instant.ofEpochSecond(LATER)));
      assertRefused(SecretTokens.verdict(byName, signed(GOOD)), ErrorCode.BAD_TOKEN);
    }
  }

  @Nested
  class WithIssuerAndAudienceRequired {
    private final TokenVerifier strict =
        tokens.verifier(
            new TokenRules(
                Optional.of("https://id.example"),
                Optional.of("presence"),
                "sub",
                Duration.ofSeconds(30)));

    private TokenVerifier.Verdict strictly(String issuer, String audience) {
      String payload = ann(",\"exp\":%d,\"iss\":%s,\"aud\":%s".formatted(LATER, issuer, audience));
      return SecretTokens.verdict(strict, signed(payload));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"presence\"", "[\"presence\"]", "[\"other\",\"presence\"]"})
    void theAudienceMayBeATextOrAList(String audience) {
      assertThat(strictly("\"https://id.example\"", audience)).isEqualTo(accepted("@ann", LATER));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\"other\"",
          "[]",
          "null",
          "\"\"",
          "7",
          "[7]",
          "[[\"presence\"]]",
          "{\"presence\":1}",
          "\"presence \"",
          "\"Presence\"",
          "[\"presence\",7]"
        })
    void anotherAudienceIsRefused(String audience) {
      assertRefused(strictly("\"https://id.example\"", audience), ErrorCode.BAD_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"\"https://id.example/\"", "\"\"", "null", "7", "[\"https://id.example\"]"})
    void anotherIssuerIsRefused(String issuer) {
      assertRefused(strictly(issuer, "\"presence\""), ErrorCode.BAD_TOKEN);
    }

    @Test
    void bothMustBeThere() {
      assertRefused(SecretTokens.verdict(strict, signed(GOOD)), ErrorCode.BAD_TOKEN);
    }
  }

  @Nested
  class TheRules {
    @Test
    void refuseASkewThatMakesTimesMeaningless() {
      for (Duration skew : new Duration[] {Duration.ofSeconds(-1), Duration.ofHours(1)}) {
        assertThatThrownBy(() -> new TokenRules(Optional.empty(), Optional.empty(), "sub", skew))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }

    @Test
    void needANameForTheHandlesClaim() {
      assertThatThrownBy(
              () -> new TokenRules(Optional.empty(), Optional.empty(), " ", Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anAudienceIsIgnoredWhereNoneIsRequired() {
    assertThat(tokens.claims(ann(",\"aud\":\"other\",\"iss\":\"any\",\"exp\":" + LATER)))
        .isEqualTo(accepted("@ann", LATER));
  }

  @Test
  void aRefusalQuotesNothingOfTheToken() {
    for (String payload :
        new String[] {ann(",\"exp\":1"), ann(",\"exp\":\"secret\""), "{\"sub\":\"a secret\"}"}) {
      TokenVerifier.Verdict verdict = tokens.claims(payload);
      assertThat(verdict.toString()).doesNotContain("secret").doesNotContain("ann");
    }
  }
}
