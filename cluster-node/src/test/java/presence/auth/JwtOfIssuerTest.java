package presence.auth;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static presence.auth.Forge.jwk;
import static presence.auth.Forge.set;
import static presence.auth.Forge.token;
import static presence.auth.TestClock.START;

import java.net.URI;
import java.net.http.HttpClient;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.protocol.ErrorCode;
import presence.protocol.Handle;

@Timeout(30)
class JwtOfIssuerTest {
  private static final KeyPair RSA = Forge.RSA;
  private static final KeyPair EC = Forge.ec("secp256r1");
  private static final KeyPair OKP = Forge.okp("Ed25519");
  private static final KeyPair STRANGER = Forge.OTHER_RSA;
  private static final String KEYS =
      set(jwk(RSA.getPublic(), "r"), jwk(EC.getPublic(), "e"), jwk(OKP.getPublic(), "o"));
  private static final long LATER = START.getEpochSecond() + 3_600;
  private static final String GOOD = "{\"sub\":\"ann\",\"exp\":" + LATER + "}";
  private static final String RSA_TOKEN =
      token(header("RS256", "r"), GOOD, Forge.rs256(RSA.getPrivate()));
  private static final TokenVerifier.Verdict ANN =
      new TokenVerifier.Verdict.Accepted(
          new Principal.User(Handle.of("ann")), Instant.ofEpochSecond(LATER).plusSeconds(30));

  private final TestClock clock = new TestClock();
  private final FakeIssuer issuer = new FakeIssuer();
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final HttpClient http = HttpClient.newBuilder().executor(threads).build();
  private final TokenVerifier verifier = verifier(issuer.url(), Duration.ofSeconds(5));
  private final TokenVerifier impatient = verifier(issuer.url(), Duration.ofMillis(200));

  private TokenVerifier verifier(URI url, Duration timeout) {
    return JwtVerifier.ofIssuer(
        new JwksEndpoint(url, http, timeout), KeyRefresh.DEFAULT, TokenRules.DEFAULT, clock);
  }

  @AfterEach
  void close() {
    issuer.close();
    http.shutdownNow();
    threads.shutdownNow();
  }

  private static String header(String algorithm, String keyId) {
    return "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + keyId + "\"}";
  }

  private TokenVerifier.Verdict verdict(String jwt) {
    return verdict(verifier, jwt);
  }

  private static TokenVerifier.Verdict verdict(TokenVerifier verifier, String jwt) {
    return verifier.verify(jwt).toCompletableFuture().orTimeout(10, SECONDS).join();
  }

  private void assertRefused(String jwt, ErrorCode code) {
    SecretTokens.assertRefused(verdict(jwt), code);
  }

  @Nested
  class WhenTheIssuerPublishesItsKeys {
    {
      issuer.publishes(KEYS);
    }

    @Test
    void aTokenOfEachAlgorithmIsGood() {
      assertThat(verdict(RSA_TOKEN)).isEqualTo(ANN);
      assertThat(verdict(token(header("ES256", "e"), GOOD, Forge.es256(EC.getPrivate()))))
          .isEqualTo(ANN);
      assertThat(verdict(token(header("EdDSA", "o"), GOOD, Forge.eddsa(OKP.getPrivate()))))
          .isEqualTo(ANN);
      assertThat(issuer.requests).hasValue(1);
    }

    @Test
    void aTokenWithoutKidIsTriedAgainstEveryKeyOfItsAlgorithm() {
      issuer.publishes(set(jwk(STRANGER.getPublic(), "s"), jwk(RSA.getPublic(), "r")));
      String rs256 = "{\"alg\":\"RS256\"}";
      assertThat(verdict(token(rs256, GOOD, Forge.rs256(RSA.getPrivate())))).isEqualTo(ANN);
      assertRefused(token(rs256, GOOD, _ -> new byte[256]), ErrorCode.BAD_TOKEN);
    }

    @Test
    void anExpiredTokenIsTold() {
      String expired = "{\"sub\":\"ann\",\"exp\":" + (START.getEpochSecond() - 31) + "}";
      assertRefused(
          token(header("RS256", "r"), expired, Forge.rs256(RSA.getPrivate())),
          ErrorCode.EXPIRED_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "HS384", "HS512"})
    void aPublicKeyIsNeverASharedSecret(String algorithm) {
      assertThat(verdict(RSA_TOKEN)).isEqualTo(ANN);
      for (byte[] secret :
          List.of(
              RSA.getPublic().getEncoded(),
              jwk(RSA.getPublic(), "r").getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
        assertRefused(
            token(header(algorithm, "r"), GOOD, Forge.hmac("HmacSHA256", secret)),
            ErrorCode.BAD_TOKEN);
      }
    }

    @Test
    void aPublishedSharedSecretIsNoKey() {
      String secret = "a secret that should not be public, 32+";
      String oct = "{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"" + Forge.base64(secret) + "\"}";
      issuer.publishes(set(oct, jwk(RSA.getPublic(), "r")));
      assertRefused(token(header("HS256", "s"), GOOD, Forge.hs256(secret)), ErrorCode.BAD_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS384", "RS512", "PS256", "ES384", "ES256K", "Ed25519", "rs256"})
    void anAlgorithmThatIsNotAllowedIsRefused(String algorithm) {
      assertRefused(
          token(header(algorithm, "r"), GOOD, Forge.rs256(RSA.getPrivate())), ErrorCode.BAD_TOKEN);
    }

    @Test
    void aKeyOfAnotherKindThanTheAlgorithmIsRefused() {
      assertRefused(
          token(header("ES256", "r"), GOOD, Forge.rs256(RSA.getPrivate())), ErrorCode.BAD_TOKEN);
      assertRefused(
          token(header("RS256", "e"), GOOD, Forge.rs256(RSA.getPrivate())), ErrorCode.BAD_TOKEN);
    }

    @Test
    void aStrangersKeyIsRefusedWhateverKidItTakes() {
      for (String keyId :
          new String[] {"r", "x", "", "../../r", "r' OR 1=1", "file:///dev/null", "\\u0000"}) {
        assertRefused(
            token(header("RS256", keyId), GOOD, Forge.rs256(STRANGER.getPrivate())),
            ErrorCode.BAD_TOKEN);
      }
      assertThat(issuer.requests).hasValue(1);
    }

    @Test
    void aKeyInTheHeaderIsNotLookedAt() {
      String header =
          "{\"alg\":\"RS256\",\"kid\":\"r\",\"jwk\":%s,\"jku\":\"%s\",\"x5u\":\"%s\"}"
              .formatted(jwk(STRANGER.getPublic(), Map.of()), issuer.url(), issuer.url());
      assertRefused(token(header, GOOD, Forge.rs256(STRANGER.getPrivate())), ErrorCode.BAD_TOKEN);
      assertThat(issuer.requests).hasValue(1);
    }

    @Test
    void aSignatureOfZerosIsRefused() {
      assertRefused(token(header("ES256", "e"), GOOD, _ -> new byte[64]), ErrorCode.BAD_TOKEN);
      assertRefused(token(header("ES256", "e"), GOOD, _ -> new byte[0]), ErrorCode.BAD_TOKEN);
      assertRefused(token(header("EdDSA", "o"), GOOD, _ -> new byte[64]), ErrorCode.BAD_TOKEN);
      assertRefused(token(header("RS256", "r"), GOOD, _ -> new byte[256]), ErrorCode.BAD_TOKEN);
    }

    @Test
    void garbageDoesNotReachTheIssuer() {
      for (String garbage : new String[] {"", "a.b.c", "e30.e30.e30", "x".repeat(100_000)}) {
        assertRefused(garbage, ErrorCode.BAD_TOKEN);
      }
      assertThat(issuer.requests).hasValue(0);
    }

    @Test
    void aRotatedKeyIsFetchedAndTheWithdrawnOneRefused() {
      assertThat(verdict(RSA_TOKEN)).isEqualTo(ANN);
      issuer.publishes(set(jwk(STRANGER.getPublic(), "next")));
      clock.advance(Duration.ofSeconds(10));
      assertThat(verdict(token(header("RS256", "next"), GOOD, Forge.rs256(STRANGER.getPrivate()))))
          .isEqualTo(ANN);
      assertRefused(RSA_TOKEN, ErrorCode.BAD_TOKEN);
      assertThat(issuer.requests).hasValue(2);
    }

    @Test
    void madeUpKidsCostTheIssuerNothing() {
      assertThat(verdict(RSA_TOKEN)).isEqualTo(ANN);
      for (int i = 0; i < 500; i++) {
        assertRefused(
            token(header("RS256", "k" + i), GOOD, _ -> new byte[256]), ErrorCode.BAD_TOKEN);
      }
      assertThat(issuer.requests).hasValue(1);
    }
  }

  @Nested
  class WhenTheIssuerCannotBeAsked {
    @Test
    void noTokenIsJudgedUntilItCan() {
      issuer.fails(503);
      assertRefused(RSA_TOKEN, ErrorCode.UNAVAILABLE);
      issuer.publishes(KEYS);
      assertRefused(RSA_TOKEN, ErrorCode.UNAVAILABLE);
      clock.advance(Duration.ofSeconds(1));
      assertThat(verdict(RSA_TOKEN)).isEqualTo(ANN);
    }

    @Test
    void aClosedPortIsUnavailable() {
      issuer.close();
      assertRefused(RSA_TOKEN, ErrorCode.UNAVAILABLE);
    }

    @Test
    void aRedirectIsNotFollowed() {
      issuer.behaves(exchange -> {
        exchange.getResponseHeaders().add("Location", issuer.url().toString());
        FakeIssuer.respond(exchange, 302, "");
      });
      assertRefused(RSA_TOKEN, ErrorCode.UNAVAILABLE);
      assertThat(issuer.requests).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{\"keys\":[]}", "{\"keys\":7}", "\0"})
    void garbageIsUnavailable(String garbage) {
      issuer.publishes(garbage);
      assertRefused(RSA_TOKEN, ErrorCode.UNAVAILABLE);
    }

    @Test
    void anEndlessAnswerIsUnavailable() {
      issuer.publishes("{\"keys\":[" + " ".repeat(300_000) + jwk(RSA.getPublic(), "r") + "]}");
      assertRefused(RSA_TOKEN, ErrorCode.UNAVAILABLE);
    }

    @Test
    void cachedKeysGoOnWorking() {
      issuer.publishes(KEYS);
      assertThat(verdict(RSA_TOKEN)).isEqualTo(ANN);
      issuer.close();
      clock.advance(Duration.ofMinutes(30));
      assertThat(verdict(RSA_TOKEN)).isEqualTo(ANN);
      assertRefused(
          token(header("RS256", "unseen"), GOOD, Forge.rs256(RSA.getPrivate())),
          ErrorCode.UNAVAILABLE);
    }

    @Test
    void aDeadExecutorIsUnavailable() {
      threads.shutdownNow();
      assertRefused(RSA_TOKEN, ErrorCode.UNAVAILABLE);
    }
  }

  @Nested
  class WhenTheIssuerHangs {
    private static final TokenVerifier.Verdict UNAVAILABLE =
        new TokenVerifier.Verdict.Refused(
            ErrorCode.UNAVAILABLE, "the issuer's keys cannot be fetched just now");

    @Test
    void everyoneWaitsOnceAndNobodyForLong() {
      issuer.hangs();
      List<CompletableFuture<TokenVerifier.Verdict>> many =
          IntStream.range(0, 2_000)
              .mapToObj(_ -> impatient.verify(RSA_TOKEN).toCompletableFuture())
              .toList();
      for (CompletableFuture<TokenVerifier.Verdict> each : many) {
        assertThat(each.orTimeout(10, SECONDS).join()).isEqualTo(UNAVAILABLE);
      }
      assertThat(issuer.requests).hasValueLessThanOrEqualTo(1);
    }

    @Test
    void anAnswerThatStopsHalfwayIsBoundedToo() {
      issuer.hangsWithin(KEYS);
      assertThat(verdict(impatient, RSA_TOKEN)).isEqualTo(UNAVAILABLE);
    }

    @Test
    void theThreadsAreFreeAgainAfterwards() {
      for (int i = 0; i < 4; i++) {
        if (i % 2 == 0) {
          issuer.hangs();
        } else {
          issuer.hangsWithin(KEYS);
        }
        assertThat(verdict(impatient, RSA_TOKEN)).isEqualTo(UNAVAILABLE);
        clock.advance(Duration.ofSeconds(1));
      }
      issuer.publishes(KEYS);
      assertThat(verdict(RSA_TOKEN)).isEqualTo(ANN);
    }

    @Test
    void knownKeysAreUsedMeanwhile() {
      issuer.publishes(KEYS);
      assertThat(verdict(RSA_TOKEN)).isEqualTo(ANN);
      issuer.hangs();
      clock.advance(Duration.ofMinutes(30));
      assertThat(verifier.verify(RSA_TOKEN).toCompletableFuture()).isCompletedWithValue(ANN);
    }

    @Test
    void theCallerIsNotBlocked() {
      issuer.hangs();
      assertThat(verifier.verify(RSA_TOKEN).toCompletableFuture()).isNotDone();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "keys", "ftp://127.0.0.1/keys", "http:///keys"})
  void anEndpointIsAWebAddress(String url) {
    assertThatThrownBy(() -> verifier(URI.create(url), JwksEndpoint.TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
