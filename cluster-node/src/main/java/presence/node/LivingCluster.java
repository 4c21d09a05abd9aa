package presence.node;

import java.time.Duration;
import java.util.Map;
import presence.cluster.ClusterFacts;
import presence.store.JournalUnavailable;

/// Whether nodes live that use this journal. The network cannot tell a node that starts: who does
/// not answer may be cut off, or only slow. Their signs of life in the journal can, and need no
/// clocks that agree.
final class LivingCluster {
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  /// Ten seconds: several signs of a node that lives, and longer than others take to remove one
  /// that only pauses.
  private static final int LOOKS = 40;

  private final ClusterFacts facts;

  LivingCluster(ClusterFacts facts) {
    this.facts = facts;
  }

  /// Blocks until it is known: no time where every node said that it ends, a second where one
  /// lives, ten where all died.
  ///
  /// @throws JournalUnavailable if it cannot be known
  boolean exists() {
    Map<Long, Long> before = facts.signsOfLife();
    for (int look = 0; look < LOOKS && !before.isEmpty(); look++) {
      pause();
      Map<Long, Long> now = facts.signsOfLife();
      if (!before.entrySet().containsAll(now.entrySet())) {
        return true;
      }
      before = now;
    }
    return false;
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_EVERY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the node is stopped while it starts", e);
    }
  }
}
