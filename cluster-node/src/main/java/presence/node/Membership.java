package presence.node;

import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import presence.cluster.ClusterFacts;
import presence.cluster.Formation;

/// The node as a member of its cluster.
final class Membership {

  private final ActorSystem<?> system;
  private final Cluster cluster;

  Membership(ActorSystem<?> system) {
    this.system = system;
    this.cluster = Cluster.get(system);
  }

  /// Joins the seeds of the configuration, or forms a cluster of one where there are none;
  /// completes when the node is up, however long the seeds stay away.
  CompletionStage<Void> join(boolean alone) {
    var up = new CompletableFuture<Void>();
    org.apache.pekko.cluster.Cluster.get(system).registerOnMemberUp(() -> up.complete(null));
    if (alone) {
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }
    return up;
  }

  boolean isUp() {
    return cluster.selfMember().status().equals(MemberStatus.up());
  }

  /// The formation of this cluster, asked for when the node came up. Who finds nobody older is the
  /// one that formed it and says since when; whoever joins reads what that one wrote.
  Formation formation(ClusterFacts facts, InstantSource clock) {
    if (isOldest()) {
      facts.formed(new Formation(clock.instant()));
    }
    return facts
        .formation()
        .orElseThrow(() -> new IllegalStateException("the journal knows no formation"));
  }

  private boolean isOldest() {
    var self = cluster.selfMember();
    Iterable<Member> members = cluster.state().getMembers();
    return StreamSupport.stream(members.spliterator(), false)
        .noneMatch(member -> !member.equals(self) && member.isOlderThan(self));
  }
}
