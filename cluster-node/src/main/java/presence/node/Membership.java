package presence.node;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
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
  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private final ActorSystem<?> system;
  private final Cluster cluster;

  Membership(ActorSystem<?> system) {
    this.system = system;
    this.cluster = Cluster.get(system);
  }

  /// Joins the seeds of the configuration or whom the bootstrap finds, or forms a cluster of one
  /// where there is neither; completes when the node is up, however long the others stay away.
  CompletionStage<Void> join(List<HostPort> seeds, Bootstrap bootstrap) {
    var up = new CompletableFuture<Void>();
    org.apache.pekko.cluster.Cluster.get(system).registerOnMemberUp(() -> up.complete(null));
    if (bootstrap.isWanted()) {
      bootstrap.start(system);
    } else if (seeds.isEmpty()) {
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }
    return up;
  }

  boolean isUp() {
    return cluster.selfMember().status().equals(MemberStatus.up());
  }

  /// The formation of this cluster, asked for when the node came up. Who finds nobody older is the
  /// one that formed it and says since when; whoever joins waits until somebody older has said so:
  /// what else the journal knows may be of an earlier run.
  Formation formation(ClusterFacts facts, InstantSource clock) {
    while (true) {
      var older = older();
      if (older.isEmpty()) {
        var formed = new Formation(clock.instant());
        facts.formed(formed, number(cluster.selfMember()));
        return formed;
      }
      var known = facts.formationOf(older);
      if (known.isPresent()) {
        facts.joined(known.get(), number(cluster.selfMember()));
        return known.get();
      }
      pause();
    }
  }

  private Set<Long> older() {
    var self = cluster.selfMember();
    Iterable<Member> members = cluster.state().getMembers();
    return StreamSupport.stream(members.spliterator(), false)
        .filter(member -> !member.equals(self) && member.isOlderThan(self))
        .map(Membership::number)
        .collect(Collectors.toSet());
  }

  /// Another one for every start of a node.
  private static long number(Member member) {
    return member.uniqueAddress().longUid();
  }

  private static void pause() {
    try {
      Thread.sleep(ASK_AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the node is stopped while it starts", e);
    }
  }
}
