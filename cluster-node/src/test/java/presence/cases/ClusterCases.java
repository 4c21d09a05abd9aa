package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Three nodes that all live.
@Timeout(60)
class ClusterCases {
  @RegisterExtension static final TestCluster cluster = TestCluster.ofThree();

  private final String lobby = TestNode.unique("chat-lobby");

  @Test
  @DisplayName("1, 6: lost on one node, back on another")
  void aSessionGoesOnOnAnotherNode() {
    TestClient bob = cluster.person("bob", cluster.node(0)).joins(lobby);
    TestClient ann = cluster.person("ann", cluster.node(1)).joins(lobby).goesTo("chat");
    bob.seesHere(ann).listens();

    ann.drops();
    cluster.leads(ann, cluster.node(2));
    assertThat(ann.comesBack().resumed()).isTrue();
    ann.says("from elsewhere");

    bob.heardNothingAbout(ann, "from elsewhere");
  }
}
