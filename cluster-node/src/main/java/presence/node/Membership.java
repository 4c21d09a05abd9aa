package presence.node;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import presence.cluster.ClusterFacts;
import presence.cluster.Formation;
import presence.store.JournalUnavailable;
import presence.store.Upkeep;

/// The node as a member of its cluster.
final class Membership {
  private static final String STOPPED = "the node is stopped while it starts";
  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private final ActorSystem<?> system;
  private final Cluster cluster;
  private volatile String waitsFor = "cluster member";

  Membership(ActorSystem<?> system) {
    this.system = system;
    this.cluster = Cluster.get(system);
  }

  /// Joins the seeds of the configuration or whom the bootstrap finds, or forms a cluster of one
  /// where there is neither; completes when the node is up, however long the others stay away.
  ///
  /// @param upkeep is told, as soon as it is true, that the node lives as a member
  /// @param blocking where it is waited for the journal
  CompletionStage<Void> join(
      NodeConfig config, ClusterFacts facts, Upkeep upkeep, Executor blocking) {
    var up = new CompletableFuture<Void>();
    org.apache.pekko.cluster.Cluster.get(system).registerOnMemberUp(() -> up.complete(null));
    var self = cluster.selfMember().address();
    var seeds = config.seeds().stream().map(Membership::address).toList();
    if (config.bootstrap().isWanted()) {
      config.bootstrap().start(system);
    } else if (!config.journal().shared()) {
      join(List.of(self)); // nobody else can have it open
    } else if (seeds.isEmpty() || seeds.getFirst().equals(self)) {
      var others = seeds.stream().filter(seed -> !seed.equals(self)).toList();
      blocking.execute(() -> joinOrForm(others, new LivingCluster(facts), upkeep));
    } else {
      waitsFor = "a cluster to join, which %s forms".formatted(config.seeds().getFirst());
      join(seeds);
    }
    return config.journal().shared()
        ? up.thenRunAsync(() -> upkeep.saysThatItLives(number()), blocking)
        : up;
  }

  /// Forms the cluster, unless one lives on this journal: then it is joined by the others, and
  /// should that end first, one is formed after all. A first seed that nobody answers would
  /// otherwise form a second cluster, and both would write what the other does not know of.
  private void joinOrForm(List<Address> others, LivingCluster living, Upkeep upkeep) {
    if (exists(living)) {
      waitsFor = "an answer of the nodes that live on this journal, or their end";
      system.log().info("Nodes live on this journal: this node joins them and forms no cluster");
      if (!others.isEmpty()) {
        join(others);
      }
      while (!isUp() && exists(living)) {
        pause();
      }
    }
    if (!isUp()) {
      upkeep.saysThatItLives(number());
      join(Stream.concat(Stream.of(cluster.selfMember().address()), others.stream()).toList());
    }
  }

  private boolean exists(LivingCluster living) {
    while (!system.whenTerminated().isCompleted()) {
      try {
        return living.exists();
      } catch (JournalUnavailable e) {
        pause();
      }
    }
    throw new IllegalStateException(STOPPED);
  }

  /// Pekko asks all of them until one answers; only who is the first of them forms a cluster.
  private void join(List<Address> seeds) {
    cluster.manager().tell(new JoinSeedNodes(seeds));
  }

  private static Address address(HostPort node) {
    return new Address("pekko", NodeConfig.system(), node.host(), node.port());
  }

  /// What the node waits for as long as it is not a member.
  String waitsFor() {
    return waitsFor;
  }

  /// Another one for every start of a node.
  long number() {
    return number(cluster.selfMember());
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
        facts.formed(formed, number());
        return formed;
      }
      var known = facts.formationOf(older);
      if (known.isPresent()) {
        facts.joined(known.get(), number());
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

  private static long number(Member member) {
    return member.uniqueAddress().longUid();
  }

  private static void pause() {
    try {
      Thread.sleep(ASK_AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(STOPPED, e);
    }
  }
}
