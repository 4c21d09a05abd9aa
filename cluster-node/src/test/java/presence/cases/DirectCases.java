package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.client.PresenceException;
import presence.protocol.ErrorCode;
import presence.protocol.Member;
import presence.protocol.ServerMessage.Accepted;
import presence.protocol.ServerMessage.Direct;
import presence.protocol.ServerMessage.Fate;

/// Direct messages between those who are there.
class DirectCases {
  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory("PRESENCE_MAIL_PUSH_AFTER=3s", "PRESENCE_MAIL_PUSH_AT_MOST=3s");

  private static final long SEVERAL_PUSHES_MS = 6_500;

  static TestClient connected(TestClient client) {
    client.connects();
    return client;
  }

  @Case
  @DisplayName("35: both online")
  void isAcceptedPushedOnceAndItsDeliveryIsTold() {
    TestClient ann = connected(node.person("ann"));
    TestClient bob = connected(node.person("bob"));

    Accepted sent = ann.writesTo(bob, "psst");
    Direct came = bob.gets("psst");
    assertThat(came.id()).isEqualTo(sent.id());
    assertThat(came.from()).isEqualTo(new Member(ann.id(), ann.id(), null));
    assertThat(came.redelivered()).isFalse();
    assertThat(ann.learns(sent)).isEqualTo(Fate.DELIVERED);

    Story.passes(SEVERAL_PUSHES_MS);
    assertThat(bob.pushes()).hasSize(1);
    assertThat(ann.pushes()).isEmpty();
  }

  @Case
  @DisplayName("35: to one session, and from nobody to nobody")
  void reachesTheSessionThatIsNamedAndNoOther() {
    TestClient ann = connected(node.person("ann"));
    TestClient bob = connected(node.person("bob"));
    TestClient tab = connected(bob.inAnotherTab());
    TestClient nobody = connected(node.anonymous());

    Accepted sent = ann.writesTo(tab.session(), "for this tab");
    tab.gets("for this tab");
    assertThat(ann.learns(sent)).isEqualTo(Fate.DELIVERED);
    ann.writesTo(nobody.session(), "who are you?");
    assertThat(nobody.gets("who are you?").from().id()).isEqualTo(ann.id());
    nobody.writesTo(ann, "nobody");
    Direct answer = ann.gets("nobody");
    assertThat(answer.from()).isEqualTo(new Member(nobody.session(), null, null));
    ann.writesTo(answer.from().id(), "I see");
    nobody.gets("I see");
    assertThat(bob.pushes()).isEmpty();
  }

  @Case
  @DisplayName("38: ten in a row, a hundred times")
  void arriveInTheOrderInWhichTheyWereSent() {
    TestClient ann = connected(node.person("ann"));
    TestClient carl = connected(node.person("carl"));
    TestClient bob = connected(node.person("bob"));

    List<String> ofAnn = texts("ann", 1_000);
    List<String> ofCarl = texts("carl", 1_000);
    for (int run = 0; run < 1_000; run += 10) {
      List<CompletableFuture<Accepted>> sent = new ArrayList<>();
      for (int i = run; i < run + 10; i++) {
        sent.add(ann.client().sendTo(bob.id(), ofAnn.get(i)));
        sent.add(carl.client().sendTo(bob.id(), ofCarl.get(i)));
      }
      sent.forEach(ann::get);
    }

    bob.isGiven(ann, ofAnn);
    bob.isGiven(carl, ofCarl);
  }

  private static List<String> texts(String who, int count) {
    return IntStream.range(0, count).mapToObj(i -> who + " " + i).toList();
  }

  @Case
  @DisplayName("41: the same once more")
  void aRepeatIsTheSameMessageAndAnotherTextIsAConflict() {
    TestClient ann = connected(node.person("ann"));
    TestClient bob = connected(node.person("bob"));

    Accepted first = ann.writesTo(bob.id(), "psst", "d1");
    bob.gets("psst");
    assertThat(ann.learns(first)).isEqualTo(Fate.DELIVERED);
    assertThat(ann.writesTo(bob.id(), "psst", "d1").id()).isEqualTo(first.id());
    ann.drops().comesBack();
    assertThat(ann.writesTo(bob.id(), "psst", "d1").id()).isEqualTo(first.id());
    TestClient tab = connected(ann.inAnotherTab());
    assertThat(tab.writesTo(bob.id(), "psst", "d1").id()).isEqualTo(first.id());
    assertRefused(ann, bob.id(), "hush", "d1", ErrorCode.CONFLICT);

    assertThat(bob.pushes()).extracting(Direct::text).containsExactly("psst");
  }

  @Case
  @DisplayName("42: an ack of somebody else")
  void onlyTheRecipientCanSayThatItCame() {
    TestClient ann = connected(node.person("ann"));
    TestClient bob = connected(node.person("bob").keepsSilent());
    TestClient carl = connected(node.person("carl"));

    Accepted sent = ann.writesTo(bob, "psst");
    bob.gets("psst");
    carl.acknowledges(sent);
    ann.acknowledges(sent);
    Story.passes(SEVERAL_PUSHES_MS);
    assertThat(ann.knows(sent)).isFalse();
    bob.acknowledges(sent);
    assertThat(ann.learns(sent)).isEqualTo(Fate.DELIVERED);
  }

  @Case
  @DisplayName("42: two tabs")
  void everyTabGetsItAndTheFirstAckIsWhatTheSenderLearns() {
    TestClient ann = connected(node.person("ann"));
    TestClient bob = connected(node.person("bob").keepsSilent());
    TestClient tab = connected(bob.inAnotherTab());

    Accepted sent = ann.writesTo(bob, "psst");
    assertThat(bob.gets("psst").id()).isEqualTo(tab.gets("psst").id());
    assertThat(ann.learns(sent)).isEqualTo(Fate.DELIVERED);
    bob.acknowledges(sent);
    ann.writesTo(bob, "and then");
    bob.gets("and then");
    Story.passes(SEVERAL_PUSHES_MS);
    assertThat(ann.transcript().since(0))
        .filteredOn(heard -> heard.message().toString().contains("Outcome[id=" + sent.id()))
        .hasSize(1);
    tab.isGiven(ann, List.of("psst", "and then"));
  }

  @Case
  @DisplayName("43: to nobody")
  void whoNeverWasIsUnknownAndSoIsASessionThatEndedOrNeverWas() {
    TestClient ann = connected(node.person("ann"));
    TestClient gone = connected(node.anonymous());
    String ended = gone.session();
    gone.saysBye();

    assertRefused(ann, "@" + TestNode.unique("never"), "psst", "d1", ErrorCode.UNKNOWN_RECIPIENT);
    assertRefused(ann, "a".repeat(64), "psst", "d2", ErrorCode.UNKNOWN_RECIPIENT);
    assertRefused(ann, ended, "psst", "d3", ErrorCode.UNKNOWN_RECIPIENT);
    assertRefused(ann, "A".repeat(40), "psst", "d4", ErrorCode.UNKNOWN_RECIPIENT);
    assertRefused(ann, "no/body", "psst", "d5", ErrorCode.BAD_MESSAGE);
  }

  static void assertRefused(
      TestClient sender, String to, String text, String clientMessageId, ErrorCode code) {
    int before = sender.transcript().end();
    assertThatExceptionOfType(PresenceException.class)
        .isThrownBy(() -> sender.writesTo(to, text, clientMessageId))
        .extracting(PresenceException::code)
        .isEqualTo(code);
    assertThat(sender.transcript().since(before))
        .anyMatch(heard -> heard.frame().contains("\"clientMessageId\":\"" + clientMessageId));
  }
}
