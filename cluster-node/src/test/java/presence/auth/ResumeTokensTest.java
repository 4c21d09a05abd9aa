package presence.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTokensTest {
  private static final String SESSION = "AAECAwQFBgcICQoLDA0OD4o25Pq-5-aWSZPuQLJx";
  private static final String SECRET = "A".repeat(43);

  @Test
  void aTokenReadsBackAsItsSessionAndHash() {
    ResumeTokens.Issued issued = ResumeTokens.issue(SESSION, new SecureRandom());
    assertThat(issued.token()).matches(SESSION + "\\.[A-Za-z0-9_-]{43}");
    assertThat(ResumeTokens.parse(issued.token()))
        .contains(new ResumeTokens.Presented(SESSION, issued.hash()));
  }

  /// Computed with Python's hashlib and base64.
  @Test
  void theHashIsSha256OfTheSecretsText() {
    assertThat(ResumeTokens.parse(SESSION + "." + SECRET))
        .contains(
            new ResumeTokens.Presented(SESSION, "DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo"));
  }

  @Test
  void everyTokenIsNew() {
    Random random = new Random(1);
    assertThat(ResumeTokens.issue(SESSION, random).token())
        .isNotEqualTo(ResumeTokens.issue(SESSION, random).token());
  }

  /// 43 characters of base64url hold two bits more than 32 bytes.
  @Test
  void aSecretHasOneSpelling() {
    String canonical = ResumeTokens.parse(SESSION + "." + SECRET).orElseThrow().hash();
    for (String last : new String[] {"B", "C", "D"}) {
      assertThat(
              ResumeTokens.parse(SESSION + "." + SECRET.substring(1) + last).orElseThrow().hash())
          .isNotEqualTo(canonical);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "AAAA",
        "AAAA.",
        ".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "AAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.",
        "AAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "AA.AA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "../AA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "äöü.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA٣",
        "\uD800.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void whatIsNoTokenIsNothing(String garbage) {
    assertThat(ResumeTokens.parse(garbage)).isEmpty();
  }

  @Test
  void anEndlessTextIsNothing() {
    assertThat(ResumeTokens.parse("A".repeat(1_000_000))).isEmpty();
    assertThat(ResumeTokens.parse("A".repeat(1_000_000) + "." + SECRET)).isEmpty();
  }

  @Test
  void aTokenIsNotInItsDescription() {
    ResumeTokens.Issued issued = ResumeTokens.issue(SESSION, new SecureRandom());
    assertThat(issued.toString()).doesNotContain(issued.token().substring(SESSION.length() + 1));
  }

  @Test
  void hashesAreTheSameOnlyWhenEqual() {
    assertThat(ResumeTokens.sameHash("abc", "abc")).isTrue();
    assertThat(ResumeTokens.sameHash("abc", "abd")).isFalse();
    assertThat(ResumeTokens.sameHash("abc", "ab")).isFalse();
    assertThat(ResumeTokens.sameHash("", "abc")).isFalse();
  }
}
