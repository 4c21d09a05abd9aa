package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.client.Proof;
import presence.datagram.Kind;
import presence.protocol.Handle;

/// Clients that have datagrams beside their sockets, on a way where those are lost.
@Timeout(90)
class DatagramLossCases {
  private static final DatagramRoad road = new DatagramRoad();
  private static final TestNode node =
      TestNode.inMemory(
          "PRESENCE_UDP_PUBLIC_HOST=127.0.0.1",
          "PRESENCE_UDP_PUBLIC_PORT=" + road.port(),
          "PRESENCE_UDP_SILENCE=2s",
          "PRESENCE_UDP_REST=1s");

  private final String garden = TestNode.unique("garden");
  private final Inhabitant ann = person("ann");
  private final Inhabitant bob = person("bob");
  private int steps;

  @BeforeAll
  static void start() {
    node.start();
    road.leadsTo(node);
  }

  @AfterAll
  static void stop() {
    node.close();
    road.close();
  }

  @AfterEach
  void nothingIsLost() {
    road.loses();
  }

  private Inhabitant person(String name) {
    String handle = TestNode.unique(name);
    return Inhabitant.of(
        node.client(
            Handle.of(handle).value(),
            node.options().withProof(Proof.token(Tokens.of(handle))).withDatagrams(true)),
        garden,
        1,
        1);
  }

  /// Ann moves, until datagrams of this kind have come through; Bob sees it.
  private void movesUntilCarried(Kind kind) {
    int before = road.carried(kind);
    await(kind + " comes through")
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          moves();
          return road.carried(kind) > before;
        });
    bob.seesAt(ann.id(), steps, 0);
  }

  private void moves() {
    steps++;
    ann.moves(steps, 0);
  }

  @Test
  @DisplayName("60: a client takes the way that is open, and whoever sees it notices nothing")
  void movesGoByDatagramsWhileThoseComeThrough() {
    movesUntilCarried(Kind.MOVE);
    movesUntilCarried(Kind.MOVES);

    road.losesAll();
    int lost = bob.movesOf(ann.id()).size();
    await("moves come by the sockets, one after the other")
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          moves();
          return bob.movesOf(ann.id()).size() > lost + 20;
        });
    bob.seesAt(ann.id(), steps, 0);

    road.loses();
    movesUntilCarried(Kind.MOVE);
    movesUntilCarried(Kind.MOVES);
    assertThat(bob.movesOf(ann.id())).isSorted();
  }

  @Test
  @DisplayName("60: the last move of an avatar that rests is not lost with its datagram")
  void whoRestsIsSeenWhereItIs() {
    movesUntilCarried(Kind.MOVES);
    int sent = road.carried(Kind.PONG);
    road.loses(Kind.MOVES);
    moves();
    bob.seesAt(ann.id(), steps, 0);

    road.loses(Kind.MOVE, Kind.MOVES);
    moves();
    bob.seesAt(ann.id(), steps, 0);
    await("other datagrams come through").until(() -> road.carried(Kind.PONG) > sent);
  }

  @Test
  @DisplayName("60: what was lost says nothing of an avatar that left meanwhile")
  void whoLeftMovesNoMore() {
    movesUntilCarried(Kind.MOVES);
    road.loses(Kind.MOVES);
    moves();
    String annsId = ann.id();
    ann.client().saysBye();
    bob.sees("left: left", annsId);
    int told = bob.movesOf(annsId).size();

    Inhabitant cid = person("cid");
    cid.moves(9, 9);
    bob.seesAt(cid.id(), 9, 9);
    assertThat(bob.view().others()).containsOnlyKeys(cid.id());
    assertThat(bob.movesOf(annsId)).hasSize(told);
  }
}
