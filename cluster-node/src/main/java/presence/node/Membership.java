package presence.node;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.CoordinatedShutdown;
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
      CompletableFuture.runAsync(
              () -> joinOrForm(seeds, new LivingCluster(facts), upkeep), blocking)
          .exceptionally(failure -> {
            up.completeExceptionally(failure);
            return null;
          });
    } else {
      waitsFor = "a cluster to join, which %s forms".formatted(config.seeds().getFirst());
      join(seeds);
    }
    return config.journal().shared() ? up.thenRunAsync(() -> says(upkeep), blocking) : up;
  }

  /// Forms the cluster, unless one lives on this journal: then it is joined, and should that end
  /// first, one is formed after all. A first seed that nobody answers would otherwise form a second
  /// cluster, and both would write what the other does not know of.
  ///
  /// @param seeds none where the node is to be alone: it waits for the end of the others
  private void joinOrForm(List<Address> seeds, LivingCluster living, Upkeep upkeep) {
    var self = cluster.selfMember().address();
    var asked = new HashSet<String>();
    var lives = living(living);
    while (!lives.isEmpty() && !isUp()) {
      if (asked.addAll(lives)) { // not each time that another's sign is late: asking begins anew
        waitsFor = "an answer of the nodes that live on this journal, or their end";
        system.log().info("No cluster is formed: nodes live on this journal, {}", lives);
        var others =
            Stream.concat(lives.stream().map(AddressFromURIString::parse), seeds.stream())
                .filter(each -> !each.equals(self))
                .distinct()
                .toList();
        if (!seeds.isEmpty() && !others.isEmpty()) {
          join(others);
        }
      }
      pause(ASK_AGAIN);
      lives = living(living);
    }
    if (!isUp() && !isEnding()) {
      says(upkeep);
      join(Stream.concat(Stream.of(self), seeds.stream()).distinct().toList());
    }
  }

  private Set<String> living(LivingCluster living) {
    while (!isEnding()) {
      try {
        return living.addresses();
      } catch (JournalUnavailable e) {
        pause(ASK_AGAIN);
      }
    }
    return Set.of();
  }

  private boolean isEnding() {
    return CoordinatedShutdown.get(system).getShutdownReason().isPresent();
  }

  private void says(Upkeep upkeep) {
    var address = cluster.selfMember().address().toString();
    upkeep.saysThatItLives(number(), moment -> LivingCluster.sign(address, moment));
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
      pause(ASK_AGAIN);
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

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the node is stopped while it starts", e);
    }
  }
}
