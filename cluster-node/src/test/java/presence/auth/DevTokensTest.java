package presence.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.auth.TestClock.START;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.protocol.ErrorCode;
import presence.protocol.Handle;

@Timeout(10)
class DevTokensTest {
  private static final JwtSecret SECRET = JwtSecret.of("0123456789abcdef0123456789abcdef");
  private static final TokenRules RULES =
      new TokenRules(
          Optional.of("presence-dev"), Optional.of("presence"), "handle", Duration.ofSeconds(30));

  private final TestClock clock = new TestClock();

  private DevTokens tokens(TokenRules rules) {
    return new DevTokens(SECRET, rules, DevTokens.LIFETIME, clock);
  }

  private TokenVerifier.Verdict verdict(TokenRules rules, String jwt) {
    return JwtVerifier.ofSecret(SECRET, rules, clock).verify(jwt).toCompletableFuture().join();
  }

  @Test
  void aDevelopmentTokenProvesItsHandleForItsLifetime() {
    String jwt = tokens(TokenRules.DEFAULT).issue(Handle.of("Ann"));
    TokenVerifier.Verdict good =
        new TokenVerifier.Verdict.Accepted(
            new Principal.User(Handle.of("@ann")),
            START.plus(Duration.ofHours(12)).plusSeconds(30));
    assertThat(verdict(TokenRules.DEFAULT, jwt)).isEqualTo(good);
    clock.advance(Duration.ofHours(12).plusSeconds(29));
    assertThat(verdict(TokenRules.DEFAULT, jwt)).isEqualTo(good);
    clock.advance(Duration.ofSeconds(1));
    assertThat(verdict(TokenRules.DEFAULT, jwt))
        .isEqualTo(
            new TokenVerifier.Verdict.Refused(ErrorCode.EXPIRED_TOKEN, "the token has expired"));
  }

  @Test
  void aDevelopmentTokenSaysWhatTheRulesAskFor() {
    assertThat(verdict(RULES, tokens(RULES).issue(Handle.of("ann"))))
        .isInstanceOf(TokenVerifier.Verdict.Accepted.class);
    assertThat(verdict(RULES, tokens(TokenRules.DEFAULT).issue(Handle.of("ann"))))
        .isInstanceOf(TokenVerifier.Verdict.Refused.class);
  }

  @Test
  void aDevelopmentTokenIsWorthlessUnderAnotherSecret() {
    String jwt = tokens(TokenRules.DEFAULT).issue(Handle.of("ann"));
    TokenVerifier other =
        JwtVerifier.ofSecret(
            JwtSecret.of("fedcba9876543210fedcba9876543210"), TokenRules.DEFAULT, clock);
    assertThat(other.verify(jwt).toCompletableFuture().join())
        .isEqualTo(
            new TokenVerifier.Verdict.Refused(
                ErrorCode.BAD_TOKEN, "the token's signature does not fit"));
  }
}
