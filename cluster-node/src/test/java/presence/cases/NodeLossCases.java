package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.client.PresenceException;
import presence.node.Whereabouts;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage.Accepted;
import presence.protocol.ServerMessage.Fate;

/// A node of three is lost. Whoever watches from another node sees nothing of it, but for those who
/// never come back.
@OnThreeNodes
@Timeout(120)
class NodeLossCases {
  /// Longer than a node that is cut off goes on: a session that has just moved there is claimed by
  /// nobody, and must not end there.
  private static final long GRACE_MS = 10_000;

  /// Until a lost node's entities live elsewhere; what the cluster needs is measured by [Failover].
  private static final long WHOLE_AGAIN_MS = 25_000;

  private static final Duration LEAVE_WITHIN = Duration.ofMillis(GRACE_MS + WHOLE_AGAIN_MS);

  private static final int MANY = 30;

  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.ofThree("PRESENCE_GRACE=" + GRACE_MS + "ms", "PRESENCE_SESSION_RECLAIM_WAIT=1s");

  private final List<TestClient> onLost = new ArrayList<>();
  private final List<TestClient> elsewhere = new ArrayList<>();

  @Test
  @DisplayName(
      "17, 18, 19, 45: the node of sockets, sessions, people, the instance, the coordinators")
  void aNodeThatDiesIsNoticedByNobody() {
    TestNode lost = cluster.node(0);
    String lobby = roomOn(lost);
    TestClient bob = people(lost, lobby);
    TestClient dora = cluster.person("dora", lost).joins(lobby);
    TestClient carl = somebodyKeptBy(lost);
    carl.drops();
    Accepted letter = bob.writesTo(carl, "for when you are back");
    bob.seesOnline(dora).listens();

    long start = System.currentTimeMillis();
    cluster.dies(lost);
    onLost.forEach(Witness::isLost);
    allComeBackElsewhere();
    bob.says("again");

    elsewhere.forEach(Witness::isStillOpen);
    long left = bob.hearsLeaveOf(dora, LEAVE_WITHIN);
    assertThat(left - start).isBetween(GRACE_MS, GRACE_MS + WHOLE_AGAIN_MS);
    assertThat(bob.heardAbout(dora)).containsExactly("left");
    assertNothingHeard(bob);
    carl.comesBack();
    carl.gets("for when you are back");
    assertThat(bob.learns(letter)).isEqualTo(Fate.DELIVERED);
    assertThat(carl.pushes()).hasSize(1);

    lost.start();
    cluster.hasMembers(3);
    assertThat(cluster.person("eve", lost).joins(lobby).view().online())
        .hasSize(onLost.size() + elsewhere.size() + 1);
  }

  @Test
  @DisplayName("21: a node that sees nobody stops serving, and its clients go on with the others")
  void aMinorityServesNobody() {
    TestNode lost = cluster.node(2);
    String lobby = roomOn(lost);
    TestClient bob = people(lost, lobby);
    TestClient dora = cluster.person("dora", lost).joins(lobby);
    bob.seesOnline(dora).listens();

    cluster.cutsOff(lost);
    onLost.forEach(each -> assertThat(each.closeCode(WHOLE_AGAIN_MS)).isIn(1006, 1012));
    allComeBackElsewhere();
    bob.says("again");

    elsewhere.forEach(Witness::isStillOpen);
    bob.hearsLeaveOf(dora, LEAVE_WITHIN);
    assertThat(bob.heardAbout(dora)).containsExactly("left");
    assertNothingHeard(bob);

    cluster.comesBack(lost);
    cluster.hasMembers(3);
  }

  @Test
  @DisplayName("21: the first seed comes back and is cut off: it forms no cluster of its own")
  void aFirstSeedThatNobodyAnswersFormsNothing() {
    TestNode lost = cluster.node(0);
    String lobby = TestNode.unique("room");
    TestClient bob = cluster.person("bob", cluster.node(1)).joins(lobby);
    int before = cluster.complaints().size();

    cluster.diesAndIsCutOff(lost);
    CompletableFuture<Void> back = Story.later(0, lost::start);
    await("a node that gives the others up")
        .atMost(Duration.ofSeconds(40))
        .until(() -> {
          assertThat(back).as("the start of it").isNotCompletedExceptionally();
          return cluster.complaints().stream()
              .skip(before)
              .anyMatch(each -> each.contains("join seed nodes"));
        });
    Http.Answer ready = lost.get("/health/ready");
    bob.says("meanwhile");
    cluster.heals(lost);

    assertThat(ready.status()).isEqualTo(503);
    assertThat(ready.body()).contains("the nodes that live on this journal");
    back.join();
    cluster.hasMembers(3);
    assertThat(cluster.person("eve", lost).joins(lobby).view().online()).containsKey(bob.id());
  }

  @Test
  @DisplayName("14: a ban and a mute, whose keeper dies")
  void whatOperatorsDecidedOutlivesTheNodeThatKnewIt() {
    TestNode lost = cluster.node(1);
    TestNode other = cluster.othersThan(lost).getFirst();
    String lobby = TestNode.unique("room");
    TestClient banned = somebodyKeptBy(lost).joins(lobby);
    TestClient muted = somebodyKeptBy(lost).joins(lobby);
    TestClient bob = cluster.person("bob", other).joins(lobby).seesOnline(banned).listens();
    assertThat(other.command("PUT", "/v1/admin/mutes/" + muted.id(), "{}").status()).isEqualTo(204);
    assertThat(other.command("PUT", "/v1/admin/bans/" + banned.id(), "{}").status()).isEqualTo(204);
    banned.isClosedWith(4411);
    bob.seesGone(banned);

    cluster.dies(lost);

    assertIsMuted(muted);
    assertIsMuted(cluster.personOf(muted.id(), other).joins(lobby));
    bob.says("again");
    TestClient again = cluster.personOf(banned.id(), other);
    assertThatThrownBy(again::connects).isInstanceOf(PresenceException.class);
    again.isClosedWith(4411);
    assertThat(bob.heardAbout(banned)).containsExactly("left");

    lost.start();
    cluster.hasMembers(3);
  }

  private static void assertIsMuted(TestClient client) {
    assertThatThrownBy(() -> client.says("anybody?"))
        .isInstanceOfSatisfying(
            PresenceException.class, no -> assertThat(no.code()).isEqualTo(ErrorCode.MUTED));
  }

  /// A room whose instance lives on this node.
  private String roomOn(TestNode node) {
    TestClient founder = cluster.person("founder", node);
    for (int i = 0; i < 100; i++) {
      String room = TestNode.unique("room");
      founder.joins(room);
      if (Whereabouts.instances(node.here()).contains(room)) {
        founder.saysBye();
        return room;
      }
      founder.leaves(room);
    }
    throw new AssertionError("the node holds no instance");
  }

  /// A person whose mailbox lives on this node, with a socket elsewhere.
  private TestClient somebodyKeptBy(TestNode node) {
    TestNode another = cluster.othersThan(node).getFirst();
    for (int i = 0; i < MANY; i++) {
      TestClient person = cluster.person("carl", another);
      person.connects();
      if (Whereabouts.people(node.here()).contains(person.id())) {
        return person;
      }
      person.saysBye();
    }
    throw new AssertionError("the node keeps nobody");
  }

  /// People on every node, until the sessions of some on either side live on this one, and of some
  /// of its own do not; returns one who is on another.
  private TestClient people(TestNode lost, String room) {
    for (int i = 0; i < MANY && !everyRoleIsPlayed(lost); i++) {
      for (TestNode node : cluster.nodes()) {
        TestClient person = cluster.person("person", node).joins(room);
        (node == lost ? onLost : elsewhere).add(person);
      }
    }
    assertThat(everyRoleIsPlayed(lost)).isTrue();
    TestClient bob = elsewhere.getFirst();
    elsewhere.forEach(bob::seesOnline);
    onLost.forEach(bob::seesOnline);
    return bob;
  }

  private boolean everyRoleIsPlayed(TestNode lost) {
    var sessions = Whereabouts.sessions(lost.here());
    return elsewhere.stream().anyMatch(each -> sessions.contains(each.session()))
        && onLost.stream().anyMatch(each -> sessions.contains(each.session()))
        && onLost.stream().anyMatch(each -> !sessions.contains(each.session()));
  }

  /// All at once: the grace of those whose session lives runs while others wait for theirs.
  private void allComeBackElsewhere() {
    Story.atOnce(
        onLost.stream()
            .map(each -> (Runnable) () -> comesBackElsewhere(each))
            .toArray(Runnable[]::new));
  }

  private void comesBackElsewhere(TestClient client) {
    cluster.leads(client, cluster.othersThan(cluster.nodeOf(client)).getFirst());
    await()
        .atMost(Duration.ofMillis(WHOLE_AGAIN_MS))
        .ignoreException(PresenceException.class)
        .untilAsserted(
            () -> assertThat(client.comesBack().resumed()).as("%s goes on", client.id()).isTrue());
  }

  private void assertNothingHeard(TestClient bob) {
    onLost.forEach(each -> assertThat(bob.heardAbout(each)).as(each.id()).isEmpty());
    elsewhere.forEach(each -> assertThat(bob.heardAbout(each)).as(each.id()).isEmpty());
  }
}
