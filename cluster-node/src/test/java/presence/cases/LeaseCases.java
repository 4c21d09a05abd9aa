package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static presence.cases.TestNode.GRACE_MS;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.protocol.ErrorCode;
import presence.protocol.Member;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Welcome;

/// A session outlives its socket for the grace, and not longer.
class LeaseCases {
  @RegisterExtension static final TestNode node = TestNode.inMemory();

  private final String lobby = TestNode.unique("chat-lobby");
  private final TestClient ann = node.person("ann");
  private final TestClient bob = node.person("bob");

  @BeforeEach
  void annAndBobAreInTheLobby() {
    ann.joins(lobby);
    bob.joins(lobby).seesOnline(ann).listens();
  }

  @Case
  @DisplayName("1: A drops and is back within the grace")
  void whoComesBackWithinTheGraceIsTheSameSessionAndNobodySeesAnything() {
    Welcome before = ann.welcome();

    ann.drops();
    Welcome after = ann.comesBack();

    assertThat(after.resumed()).isTrue();
    assertThat(after.session()).isEqualTo(before.session());
    assertThat(after.resume()).isNotEqualTo(before.resume());
    assertThat(after.epoch()).isGreaterThan(before.epoch());
    assertThat(after.instances()).containsExactly(lobby);
    bob.heardNothingAbout(ann);
  }

  @Case
  @DisplayName("2: A is back shortly before the deadline")
  void whoComesBackShortlyBeforeTheDeadlineIsStillTheSameSession() {
    ann.drops();
    Story.passes(GRACE_MS * 6 / 10);

    assertThat(ann.comesBack().resumed()).isTrue();

    Story.passes(GRACE_MS * 6 / 10);
    bob.heardNothingAbout(ann);
  }

  @Case
  @DisplayName("2: A never comes back")
  void whoNeverComesBackLeavesOnceWithinASecondOfTheDeadline() {
    long droppedAt = System.currentTimeMillis();
    ann.drops();
    var over = Story.over(GRACE_MS);

    long leftAt = bob.hearsLeaveOf(ann);

    assertThat(leftAt).isBetween(droppedAt + GRACE_MS, over.join() + 1_000);
    Story.passes(GRACE_MS);
    assertThat(bob.heardAbout(ann)).containsExactly("left");
  }

  @Case
  @DisplayName("2: A comes back after the leave")
  void whoComesBackTooLateHasAFreshSessionAndJoinsOnce() {
    String before = ann.session();
    ann.drops();
    bob.hearsLeaveOf(ann);

    Welcome after = ann.comesBack();

    assertThat(after.resumed()).isFalse();
    assertThat(after.session()).isNotEqualTo(before);
    ann.hears(ErrorCode.RESUME_EXPIRED);
    bob.seesOnline(ann);
    assertThat(bob.heardAbout(ann)).containsExactly("left", "joined");
  }

  @Case
  @DisplayName("3: ten drops and returns, together longer than the grace")
  void theDeadlineStartsAnewWithEveryDrop() {
    String session = ann.session();

    for (int i = 0; i < 10; i++) {
      ann.drops();
      Story.passes(GRACE_MS * 3 / 20);
      assertThat(ann.comesBack().session()).isEqualTo(session);
    }

    bob.heardNothingAbout(ann);
  }

  @Case
  @DisplayName("4: A is in every list until the leave, and in none after it")
  void noListEverDisagreesWithTheStream() {
    Map<Long, Set<String>> lists = new HashMap<>();
    assertThat(isListed(ann, lists)).isTrue();
    ann.drops();
    await().atMost(Transcript.PATIENCE).until(() -> !isListed(ann, lists));
    bob.hearsLeaveOf(ann);

    Map<Long, Set<String>> stream = onlineBySeq(bob, lobby);
    assertThat(lists).hasSizeGreaterThanOrEqualTo(2);
    assertThat(stream).containsAllEntriesOf(lists);
    assertThat(node.get("/v1/instances/" + lobby).at("counts/sessions").asInt()).isEqualTo(1);
    assertThat(node.get("/v1/users/" + ann.id()).at("online").asBoolean()).isFalse();
  }

  /// Takes a list and says whether somebody is in it.
  private boolean isListed(TestClient who, Map<Long, Set<String>> lists) {
    Http.Answer roster = node.get("/v1/instances/" + lobby + "/roster");
    lists.put(roster.at("seq").asLong(), new HashSet<>(roster.ids("members")));
    return roster.ids("members").contains(who.id());
  }

  @Case
  @DisplayName("4: in the grace A is online to those who ask for A")
  void inTheGraceEveryAnswerStillSaysOnline() {
    ann.drops();

    Http.Answer numbers = node.get("/v1/instances/" + lobby);
    assertThat(numbers.at("counts/people").asInt()).isEqualTo(2);
    assertThat(numbers.at("counts/sessions").asInt()).isEqualTo(2);
    assertThat(node.get("/v1/users/" + ann.id()).at("online").asBoolean()).isTrue();
    TestClient carl = node.person("carl").joins(lobby);
    assertThat(carl.view().online()).containsKey(ann.id());
  }

  private static Map<Long, Set<String>> onlineBySeq(TestClient observer, String instance) {
    Map<Long, Set<String>> bySeq = new HashMap<>();
    Set<String> online = new HashSet<>();
    for (Transcript.Heard heard : observer.transcript().since(0)) {
      switch (heard.message()) {
        case ServerMessage.Presence cut -> {
          online = new HashSet<>(ids(cut.online()));
          bySeq.put(cut.seq(), Set.copyOf(online));
        }
        case ServerMessage.Delta delta when delta.instance().equals(instance) -> {
          delta.left().forEach(online::remove);
          online.addAll(ids(delta.joined()));
          bySeq.put(delta.seq(), Set.copyOf(online));
        }
        case ServerMessage.Said said -> bySeq.put(said.seq(), Set.copyOf(online));
        default -> {}
      }
    }
    return bySeq;
  }

  private static List<String> ids(List<Member> members) {
    return members.stream().map(Member::id).toList();
  }
}
