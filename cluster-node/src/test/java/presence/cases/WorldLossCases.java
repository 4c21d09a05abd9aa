package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.node.Whereabouts;
import presence.protocol.Spot;

/// A node of three is lost, with the world and with some of its clients.
@OnThreeNodes
@Timeout(100)
class WorldLossCases {
  private static final Duration WHOLE_AGAIN = Duration.ofSeconds(40);

  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.ofThree("PRESENCE_GRACE=60s", "PRESENCE_SESSION_RECLAIM_WAIT=1s");

  @Test
  @DisplayName("58: ghosts of a node that died are gone in time, nobody else is shown anything")
  void whoWasOnTheNodeIsAGhostAndThenGone() {
    TestNode lost = cluster.node(0);
    String garden = worldOn(lost);
    Inhabitant ann = Inhabitant.of(cluster.person("ann", cluster.node(1)), garden, 1, 1);
    Inhabitant bob = Inhabitant.of(cluster.person("bob", cluster.node(2)), garden, 2, 2);
    Inhabitant cid = Inhabitant.of(cluster.person("cid", lost), garden, 3, 3);
    Inhabitant eve = Inhabitant.of(cluster.person("eve", lost), garden, 6, 6);
    ann.moves(7, 7);
    bob.seesAt(ann.id(), 7, 7);
    String cidsId = cid.id();
    String evesId = eve.id();
    ann.sees("joined", evesId);

    cluster.dies(lost);
    cid.client().isLost();
    eve.client().isLost();
    cluster.leads(eve.client(), cluster.node(1));
    assertThat(eve.client().comesBack().resumed()).isTrue();
    eve.moves(8, 8);
    ann.seesAt(evesId, 8, 8);
    ann.sees("left: gone", cidsId, WHOLE_AGAIN);

    assertThat(ann.toldOf(cidsId)).containsExactly("joined", "ghost", "left: gone");
    assertThat(ann.toldOf(evesId)).isIn(List.of("joined"), List.of("joined", "ghost", "returned"));
    assertThat(ann.toldOf(bob.id())).containsExactly("joined");
    assertThat(bob.toldOf(ann.id())).isEmpty();
    assertThat(bob.spotOf(ann.id())).isEqualTo(new Spot(7, 7, null));
    Inhabitant dan = Inhabitant.of(cluster.person("dan", cluster.node(2)), garden, 4, 4);
    assertThat(dan.view().others()).containsOnlyKeys(ann.id(), bob.id(), evesId);
    await()
        .atMost(Transcript.PATIENCE)
        .untilAsserted(() -> assertThat(dan.spotOf(ann.id())).isEqualTo(new Spot(7, 7, null)));
    bob.moves(5, 5);
    ann.seesAt(bob.id(), 5, 5);
  }

  /// A piece whose world lives on this node.
  private static String worldOn(TestNode node) {
    TestClient founder = cluster.person("founder", node);
    for (int i = 0; i < 100; i++) {
      String piece = TestNode.unique("garden");
      Inhabitant one = Inhabitant.of(founder, piece, 0, 0);
      if (Whereabouts.worlds(Objects.requireNonNull(node.here())).contains(piece)) {
        founder.saysBye();
        return piece;
      }
      founder.get(founder.client().leaveWorld(piece));
      assertThat(one.isIn()).isFalse();
    }
    throw new AssertionError("the node holds no world");
  }
}
