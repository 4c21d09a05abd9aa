package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.client.PresenceException;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage.Welcome;

/// Who is let in, and who is shown out.
class AdmissionCases {
  private static final int CAPACITY = 3;

  @RegisterExtension
  static final TestNode node = TestNode.inMemory("PRESENCE_INSTANCE_CAPACITY=" + CAPACITY);

  private final String lobby = TestNode.unique("chat-lobby");
  private final TestClient ann = node.person("ann");
  private final TestClient bob = node.person("bob");

  @Case
  @DisplayName("13: an instance at its capacity")
  void aFullInstanceAdmitsItsLeaseHoldersAndNoStranger() {
    ann.joins(lobby);
    bob.joins(lobby);
    TestClient carl = node.person("carl").joins(lobby);
    TestClient dora = node.person("dora");

    assertIsRefused(dora);
    ann.drops();
    assertIsRefused(dora);
    assertThat(ann.comesBack().instances()).containsExactly(lobby);
    assertThat(ann.onAnotherSocket().connects().resumed()).isTrue();

    carl.saysBye();
    bob.seesGone(carl);
    dora.joins(lobby);
    bob.seesOnline(dora);
    assertIsRefused(node.person("emil"));
  }

  @Case
  @DisplayName("13: a thousand sockets for one session, one after the other")
  void replacedSocketsTakeNoPlace() {
    ann.joins(lobby);
    bob.joins(lobby).seesOnline(ann).listens();
    String token = ann.token();
    long end = System.nanoTime() + 3 * Duration.ofMillis(TestNode.GRACE_MS).toNanos() / 2;
    int cycles = 0;
    RawSocket before = node.socket();
    before.close();
    while (cycles <= 20 || (cycles < 1_000 && System.nanoTime() < end)) {
      RawSocket now = node.socket();
      Welcome welcome = now.says(Frames.resume(token)).hears(Welcome.class);
      assertThat(welcome.resumed()).isTrue();
      token = welcome.resume();
      before.close();
      before = now;
      cycles++;
    }

    bob.heardNothingAbout(ann);
    node.person("carl").joins(lobby);
    assertIsRefused(node.person("dora"));
    assertThat(node.get("/v1/instances/" + lobby).at("counts/sessions").asInt())
        .isEqualTo(CAPACITY);
    before.close();
  }

  private void assertIsRefused(TestClient stranger) {
    assertThatThrownBy(() -> stranger.joins(lobby))
        .isInstanceOfSatisfying(
            PresenceException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INSTANCE_FULL));
  }

  @Case
  @DisplayName("14: A is kicked while online")
  void whoIsKickedLeavesOnceAndAtOnce() {
    ann.joins(lobby);
    bob.joins(lobby).seesOnline(ann).listens();

    assertThat(command("kick", ann).status()).isEqualTo(204);

    ann.isClosedWith(4410);
    bob.hearsLeaveOf(ann);
    Story.passes(TestNode.GRACE_MS + 500);
    assertThat(bob.heardAbout(ann)).containsExactly("left");
    assertThat(ann.comesBack().resumed()).as("a kick is no ban, and ends the session").isFalse();
  }

  @Case
  @DisplayName("14: A is kicked in the grace")
  void whoIsKickedInTheGraceLeavesOnceAndAtOnce() {
    ann.joins(lobby);
    bob.joins(lobby).seesOnline(ann).listens();
    long droppedAt = System.currentTimeMillis();
    ann.drops();

    assertThat(command("kick", ann).status()).isEqualTo(204);

    assertThat(bob.hearsLeaveOf(ann) - droppedAt).isLessThan(TestNode.GRACE_MS);
    Story.passes(TestNode.GRACE_MS + 500);
    assertThat(bob.heardAbout(ann)).containsExactly("left");
    assertThat(ann.comesBack().resumed()).isFalse();
  }

  @Case
  @DisplayName("14: A is banned")
  void whoIsBannedLosesAllSessionsAndIsNotLetInAgain() {
    TestClient tab = ann.joins(lobby).inAnotherTab().joins(lobby);
    bob.joins(lobby).sees("three sessions", view -> view.counts().sessions() == 3).listens();

    assertThat(bans(ann, "{}").status()).isEqualTo(204);

    ann.isClosedWith(4411);
    tab.isClosedWith(4411);
    bob.seesGone(ann);
    assertThat(bob.heardAbout(ann)).containsExactly("left");
    assertThatThrownBy(ann::comesBack).isInstanceOf(PresenceException.class);
    ann.isClosedWith(4411);
    TestClient newcomer = ann.inAnotherTab();
    assertThatThrownBy(newcomer::connects).isInstanceOf(PresenceException.class);
    newcomer.isClosedWith(4411);
  }

  @Case
  @DisplayName("14: A is banned in the grace")
  void whoIsBannedInTheGraceLeavesOnceAndAtOnce() {
    ann.joins(lobby);
    bob.joins(lobby).seesOnline(ann).listens();
    long droppedAt = System.currentTimeMillis();
    ann.drops();

    assertThat(bans(ann, "{}").status()).isEqualTo(204);

    assertThat(bob.hearsLeaveOf(ann) - droppedAt).isLessThan(TestNode.GRACE_MS);
    assertThatThrownBy(ann::comesBack).isInstanceOf(PresenceException.class);
    ann.isClosedWith(4411);
    Story.passes(TestNode.GRACE_MS + 500);
    assertThat(bob.heardAbout(ann)).containsExactly("left");
  }

  @Case
  @DisplayName("14: the ban of A is lifted")
  void whoIsPardonedIsLetInAsANewSession() {
    ann.joins(lobby);
    assertThat(bans(ann, "{}").status()).isEqualTo(204);
    ann.isClosedWith(4411);

    assertThat(node.command("DELETE", "/v1/admin/bans/" + ann.id(), "").status()).isEqualTo(204);

    assertThat(ann.comesBack().resumed()).isFalse();
  }

  private static Http.Answer bans(TestClient whom, String terms) {
    return node.command("PUT", "/v1/admin/bans/" + whom.id(), terms);
  }

  private static Http.Answer command(String what, TestClient whom) {
    return node.command("/v1/admin/" + what, "{\"user\":\"%s\"}".formatted(whom.id()));
  }
}
