package presence.cluster;

import java.util.Optional;

/// What a cluster keeps once in its journal. Calls block, so they belong to the start of a node,
/// before its entities.
public interface ClusterFacts {

  /// The secrets of this journal: created by the first call ever, the same for every later one.
  /// Nodes that call it at the same moment all get those of the one that was first.
  ClusterSecrets secrets();

  /// The formation of the running cluster; empty only before any node formed one on this journal.
  Optional<Formation> formation();

  /// Records that the calling node formed the cluster; replaces the formation of an earlier run.
  void formed(Formation formation);
}
