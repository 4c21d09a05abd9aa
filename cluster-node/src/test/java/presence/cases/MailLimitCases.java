package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static presence.cases.DirectCases.assertRefused;
import static presence.cases.DirectCases.connected;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.client.PresenceException;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage.Accepted;
import presence.protocol.ServerMessage.Fate;

/// What bounds direct messages: time, room, patience and rate.
class MailLimitCases {
  private static final int ITEMS_MAX = 10;
  private static final int PUSHES_MAX = 4;

  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory(
          "PRESENCE_MAIL_ITEMS_MAX=" + ITEMS_MAX,
          "PRESENCE_MAIL_PUSH_AFTER=100ms",
          "PRESENCE_MAIL_PUSH_AT_MOST=200ms",
          "PRESENCE_MAIL_PUSHES_MAX=" + PUSHES_MAX,
          "PRESENCE_RATES_DIRECT_PER_MINUTE=2",
          "PRESENCE_RATES_DIRECT_BURST=10");

  @Test
  @Timeout(60)
  @DisplayName("37: never back at all")
  void whatNobodyCameForInTimeExpiresAndItsSenderLearnsThat() {
    try (TestNode brief =
        TestNode.inMemory("PRESENCE_GRACE=6s", "PRESENCE_MAIL_TIME_TO_LIVE=8s").start()) {
      TestClient ann = connected(brief.person("ann"));
      TestClient bob = connected(brief.person("bob"));
      TestClient nobody = connected(brief.anonymous());
      bob.saysBye();
      nobody.drops();

      Accepted toBob = ann.writesTo(bob, "psst");
      Accepted toNobody = ann.writesTo(nobody.session(), "hello?");
      assertThat(ann.learns(toNobody)).isEqualTo(Fate.EXPIRED);
      assertThat(ann.learns(toBob)).isEqualTo(Fate.EXPIRED);
      TestClient later = connected(bob.inAnotherTab());
      ann.writesTo(bob, "still there?");
      later.isGiven(ann, List.of("still there?"));
    }
  }

  @Case
  @DisplayName("40: never acked")
  void whatIsNeverAcknowledgedIsPushedSomeTimesAndThenLeftAlone() {
    TestClient ann = connected(node.person("ann"));
    TestClient bob = connected(node.person("bob").keepsSilent());
    ann.writesTo(bob, "first");
    awaitPushes(bob, "first", PUSHES_MAX);

    ann.writesTo(bob, "second");
    awaitPushes(bob, "second", PUSHES_MAX);
    Story.passes(1_000);
    assertThat(pushes(bob, "first")).isEqualTo(PUSHES_MAX);
    assertThat(pushes(bob, "second")).isEqualTo(PUSHES_MAX);
    bob.isGiven(ann, List.of("first", "second"));
  }

  private static void awaitPushes(TestClient recipient, String text, int count) {
    await("%d pushes of %s".formatted(count, text))
        .atMost(Duration.ofSeconds(20))
        .until(() -> pushes(recipient, text) == count);
  }

  private static long pushes(TestClient recipient, String text) {
    return recipient.pushes().stream().filter(each -> each.text().equals(text)).count();
  }

  @Case
  @DisplayName("43: a full mailbox")
  void aFullMailboxRefusesWhatComesAndKeepsWhatIsInIt() {
    TestClient ann = connected(node.person("ann"));
    TestClient bob = connected(node.person("bob"));
    TestClient carl = connected(node.person("carl"));
    bob.saysBye();
    List<String> texts = IntStream.range(0, ITEMS_MAX).mapToObj(i -> "message " + i).toList();
    texts.forEach(text -> ann.writesTo(bob, text));
    assertRefused(carl, bob.id(), "one more", "d1", ErrorCode.MAILBOX_FULL);

    TestClient later = connected(bob.inAnotherTab());
    later.isGiven(ann, texts);
    await("the mailbox has room again")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofSeconds(1)) // it has few attempts
        .ignoreException(PresenceException.class)
        .until(() -> carl.writesTo(bob.id(), "later") != null);
    later.isGiven(carl, List.of("later"));
  }

  @Case
  @DisplayName("44: too fast")
  void whatIsTooFastIsRefusedForAWhileAndAReconnectDoesNotHelp() {
    TestClient ann = connected(node.person("ann"));
    TestClient bob = connected(node.person("bob"));
    List<String> texts = IntStream.range(0, 10).mapToObj(i -> "message " + i).toList();
    texts.forEach(text -> ann.writesTo(bob, text));
    assertTooFast(ann, bob);
    ann.drops().comesBack();
    assertTooFast(ann, bob);
    bob.isGiven(ann, texts);
  }

  private static void assertTooFast(TestClient sender, TestClient recipient) {
    PresenceException refused =
        catchThrowableOfType(
            PresenceException.class, () -> sender.writesTo(recipient, "one too many"));
    assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(refused.retryAfterMs()).isBetween(1L, 30_000L);
  }
}
