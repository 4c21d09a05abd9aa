package presence.node;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import presence.cluster.ClusterFacts;
import presence.store.JournalUnavailable;

/// Whether nodes live that use this journal, and where. The network cannot tell a node that starts:
/// who does not answer may be cut off, or only slow. Their signs of life in the journal can, and
/// need no clocks that agree.
final class LivingCluster {
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  /// Ten seconds: several signs of a node that lives, and longer than others take to remove one
  /// that only pauses.
  static final int LOOKS = 40;

  private final Supplier<Map<Long, String>> signs;
  private final Duration lookEvery;

  LivingCluster(ClusterFacts facts) {
    this(facts::signsOfLife, LOOK_EVERY);
  }

  LivingCluster(Supplier<Map<Long, String>> signs, Duration lookEvery) {
    this.signs = signs;
    this.lookEvery = lookEvery;
  }

  /// What a node leaves as a sign: where it is, and what is another each time.
  static String sign(String address, long moment) {
    return moment + " " + address;
  }

  /// The addresses of those that are seen to live, one of them at least; empty when none does.
  /// Blocks until it is known: no time where every node said that it ends, a second where one
  /// lives, ten where all died.
  ///
  /// @throws JournalUnavailable if it cannot be known
  Set<String> addresses() {
    Map<Long, String> before = signs.get();
    for (int look = 0; look < LOOKS && !before.isEmpty(); look++) {
      Membership.pause(lookEvery);
      Map<Long, String> now = signs.get();
      Set<String> living = addresses(before, now);
      if (!living.isEmpty()) {
        return living;
      }
      before = now;
    }
    return Set.of();
  }

  private static Set<String> addresses(Map<Long, String> before, Map<Long, String> now) {
    return now.entrySet().stream()
        .filter(each -> !each.getValue().equals(before.get(each.getKey())))
        .map(each -> each.getValue().substring(each.getValue().indexOf(' ') + 1))
        .collect(Collectors.toSet());
  }
}
