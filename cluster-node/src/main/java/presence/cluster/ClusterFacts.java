package presence.cluster;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a cluster keeps once in its journal. Calls block, so they belong to the start of a node,
/// before its entities, or to threads of their own.
public interface ClusterFacts {

  /// The secrets of this journal: created by the first call ever, the same for every later one.
  /// Nodes that call it at the same moment all get those of the one that was first.
  ClusterSecrets secrets();

  /// The newest formation; empty only before any node formed a cluster on this journal.
  Optional<Formation> formation();

  /// Records that a node, known by the number Pekko gave it, formed the cluster; whatever an
  /// earlier run wrote of its formation, its nodes and their lives is forgotten.
  void formed(Formation formation, long node);

  /// Records that a node joined the cluster of this formation.
  void joined(Formation formation, long node);

  /// The formation of the cluster that one of these nodes formed or joined; empty until one of them
  /// has said so.
  Optional<Formation> formationOf(Set<Long> nodes);

  /// Leaves a sign that this node lives, unlike the one it left before; any member does so every
  /// second.
  void lives(long node, String sign);

  /// Takes the sign of a node back, which ends.
  void ends(long node);

  /// The last sign of each node. That of a node which lives changes, that of one which died stays.
  Map<Long, String> signsOfLife();
}
