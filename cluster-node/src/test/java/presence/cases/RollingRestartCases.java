package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.node.Whereabouts;

/// Every node is stopped in order and started again, one after the other, or all at once.
@OnThreeNodes
@Timeout(120)
class RollingRestartCases {
  private static final int PEOPLE = 30;

  @RegisterExtension static final TestCluster cluster = TestCluster.ofThree("PRESENCE_GRACE=20s");

  private final String lobby = TestNode.unique("chat-lobby");

  @Test
  @DisplayName("19: all nodes, one after the other")
  void aRollingRestartIsNoticedByNobody() {
    TestNode[] all = cluster.nodes().toArray(TestNode[]::new);
    List<TestClient> people =
        IntStream.range(0, PEOPLE)
            .mapToObj(i -> cluster.person("person", cluster.node(i % all.length)).joins(lobby))
            .toList();
    TestClient bob = people.getFirst();
    people.forEach(bob::seesOnline);
    bob.listens();
    people.forEach(each -> cluster.leads(each, all));
    people.forEach(each -> each.client().autoReconnect(true));

    for (TestNode node : cluster.nodes()) {
      node.stop();
      people.forEach(each -> each.says("while one is away"));
      node.start();
      cluster.hasMembers(all.length);
    }

    people.forEach(each -> each.says("afterwards"));
    people.forEach(each -> assertThat(bob.heardAbout(each)).as(each.id()).isEmpty());
    assertThat(bob.view().online()).hasSize(PEOPLE);
    assertThat(cluster.complaints()).filteredOn(RollingRestartCases::isOurs).isEmpty();
  }

  @Test
  @DisplayName("rebalance: people come while shards move to a node that has just started")
  void aNodeThatComesTakesItsShareWhilePeopleAttach() {
    TestNode late = cluster.node(2);
    late.stop();
    TestClient bob = cluster.person("bob", cluster.node(0)).joins(lobby).listens();
    late.start();

    List<TestClient> people = new ArrayList<>();
    await("a share of the sessions")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> {
          people.add(cluster.person("person", cluster.node(people.size() % 3)).joins(lobby));
          return Whereabouts.sessions(late.here()).size() >= 3;
        });

    people.forEach(bob::seesOnline);
    people.forEach(each -> assertThat(bob.heardAbout(each)).containsExactly("joined"));
  }

  /// What Pekko says of connections that end with a node is true and of no interest.
  private static boolean isOurs(String complaint) {
    return complaint.startsWith("presence.") || complaint.contains("persist");
  }
}
