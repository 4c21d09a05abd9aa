package presence.ops;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ClusterSharding;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.pattern.Patterns;
import presence.cluster.Leaving;

/// Gives this node's shards to the others while it still is a full member and its coordinators, if
/// it has them, still decide. Where nobody is left to take them they are stopped at once: all that
/// was accepted is in the journal, and a region that waits for others would never be done.
final class Handover {
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(10);

  private final ActorSystem<?> system;
  private final ClusterSharding sharding;
  private final Leaving leaving;

  Handover(ActorSystem<?> system) {
    this.system = system;
    this.sharding = ClusterSharding.get(system.classicSystem());
    this.leaving = Leaving.get(system);
  }

  /// Completes when this node holds no shard.
  CompletionStage<Done> begin() {
    if (!isLast()) {
      leaving.say();
    }
    return untilEmpty();
  }

  private CompletionStage<Done> untilEmpty() {
    if (isLast()) {
      return stop();
    }
    return isEmpty()
        .thenCompose(empty ->
            empty
                ? CompletableFuture.completedFuture(Done.getInstance())
                : later().thenCompose(_ -> untilEmpty()));
  }

  private CompletionStage<Done> stop() {
    CompletionStage<Done> stopped = CompletableFuture.completedFuture(Done.getInstance());
    for (String kind : sharding.getShardTypeNames()) {
      stopped =
          stopped.thenCombine(
              Patterns.gracefulStop(sharding.shardRegion(kind), STOPPED_WITHIN), (done, _) -> done);
    }
    return stopped;
  }

  private CompletionStage<Void> later() {
    CompletableFuture<Void> later = new CompletableFuture<>();
    system
        .scheduler()
        .scheduleOnce(LOOK_EVERY, () -> later.complete(null), system.executionContext());
    return later;
  }

  /// Whether every other node that serves is leaving, too, or there is none.
  boolean isLast() {
    Cluster cluster = Cluster.get(system);
    Iterable<Member> members = cluster.state().getMembers();
    return StreamSupport.stream(members.spliterator(), false)
        .filter(member -> !member.equals(cluster.selfMember()))
        .filter(member -> member.status().equals(MemberStatus.up()))
        .allMatch(member -> leaving.nodes().contains(member.address()));
  }

  private CompletionStage<Boolean> isEmpty() {
    CompletionStage<Boolean> empty = CompletableFuture.completedFuture(true);
    for (String kind : sharding.getShardTypeNames()) {
      empty = empty.thenCombine(isEmpty(kind), Boolean::logicalAnd);
    }
    return empty;
  }

  /// A region that does not answer is asked again.
  private CompletionStage<Boolean> isEmpty(String kind) {
    return Patterns.ask(
            sharding.shardRegion(kind), ShardRegion.getRegionStatsInstance(), LOOK_EVERY)
        .thenApply(ShardRegion.ShardRegionStats.class::cast)
        .thenApply(stats -> stats.getStats().isEmpty() && stats.getFailed().isEmpty())
        .exceptionally(late -> false);
  }
}
