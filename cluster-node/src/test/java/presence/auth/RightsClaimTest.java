package presence.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.auth.SecretTokens.LATER;
import static presence.auth.SecretTokens.assertRefused;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.protocol.ErrorCode;

@Timeout(30)
class RightsClaimTest {
  private final SecretTokens tokens = new SecretTokens();

  private TokenVerifier.Verdict with(String claim) {
    return tokens.claims("{\"sub\":\"ann\",\"exp\":%d%s}".formatted(LATER, claim));
  }

  private Grant grant(String claim) {
    assertThat(with(claim)).isInstanceOf(TokenVerifier.Verdict.Accepted.class);
    return ((TokenVerifier.Verdict.Accepted) with(claim)).grant();
  }

  @Test
  void saysWhatItsBearerMayDoWhere() {
    assertThat(grant(",\"presence\":{\"chat-lobby\":[\"see\",\"say\"],\"news-*\":[\"see\"]}"))
        .extracting(Grant::rights)
        .isEqualTo(Map.of("chat-lobby", Right.SAY, "news-*", Right.SEE));
  }

  @Test
  void wordsOfAnotherTimeAllowNothing() {
    assertThat(grant(",\"presence\":{\"a\":[\"rule\",\"join\"],\"b\":[\"SAY\"],\"c\":[]}").rights())
        .isEqualTo(Map.of("a", Right.JOIN));
    assertThat(grant(",\"presence\":{}").rights()).isEmpty();
  }

  @Test
  void withoutItEverythingIsAllowed() {
    assertThat(grant("").rights()).isNull();
    assertThat(grant(",\"Presence\":{}").rights()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "\"say\"",
        "true",
        "1",
        "{\"a\":\"say\"}",
        "{\"a\":{\"say\":true}}",
        "{\"a\":[1]}",
        "{\"a\":[null]}",
        "{\"a\":null}",
        "{\"a\":[[\"say\"]]}",
        "{\"\\ud800\":[\"say\"]}"
      })
  void whatCannotBeReadIsNotTakenForNoClaim(String claim) {
    assertRefused(with(",\"presence\":" + claim), ErrorCode.BAD_TOKEN);
  }
}
