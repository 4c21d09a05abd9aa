package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.node.Whereabouts;

/// A workspace whose clients read on three nodes, and the loss of the one it lives on.
@OnThreeNodes
@Timeout(120)
class WorkspaceLossCases {
  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.ofThree(
          "PRESENCE_WORKSPACE_RECLAIM_WAIT=2s",
          "PRESENCE_WORKSPACE_DETACH_GRACE=3s",
          "PRESENCE_WORKSPACE_KEEP_ALIVE=1s");

  private static Viewer viewer(TestNode node, String workspace) {
    return new Viewer(node, workspace);
  }

  @Test
  @DisplayName("54: the node of the workspace and of some streams is lost")
  void countsAreRightOnAllNodesWhateverBecomesOfOne() {
    TestNode lost = cluster.node(0);
    String workspace = workspaceOn(lost);
    Viewer here = viewer(cluster.node(1), workspace).attaches();
    Viewer there = viewer(cluster.node(2), workspace).attaches();
    cluster.node(1).post(here.path("/sessions"), "{\"id\":\"S1\"}");
    Viewer ann = viewer(cluster.node(1), workspace).attaches().selects("S1");
    Viewer bob = viewer(lost, workspace).attaches().selects("S1");
    Viewer cid = viewer(lost, workspace).attaches().selects("S1");
    cid.runs("S1");
    for (Viewer watcher : List.of(here, there)) {
      watcher.sees("S1", 3, 0);
      watcher.seesBusy("S1", true);
    }

    cluster.dies(lost);
    Viewer bobAgain = bob.comesBackOn(cluster.node(2));
    bobAgain.selects("S1");

    for (Viewer watcher : List.of(here, there, ann, bobAgain)) {
      watcher.sees("S1", 2, 0);
      watcher.seesBusy("S1", false);
      assertThat(watcher.stream().told())
          .as("what %s was told", watcher.id())
          .filteredOn(each -> each.type().equals("session"))
          .allSatisfy(each -> assertThat(clients(each)).isBetween(0, 3));
    }
    bobAgain.drops();
    here.sees("S1", 1, 1);
    there.sees("S1", 1, 0);
  }

  private static int clients(EventStream.Event event) {
    return event.json().path("attached_clients").asInt()
        + event.json().path("leased_clients").asInt();
  }

  /// A workspace that lives on this node.
  private static String workspaceOn(TestNode node) {
    for (int i = 0; i < 100; i++) {
      String workspace = TestNode.unique("workspace");
      viewer(node, workspace).creates();
      if (Whereabouts.workspaces(Objects.requireNonNull(node.here())).contains(workspace)) {
        return workspace;
      }
    }
    throw new AssertionError("the node holds no workspace");
  }
}
