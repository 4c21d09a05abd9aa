package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.parameterOptional;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ShardRegion.ClusterShardingStats;
import org.apache.pekko.cluster.sharding.ShardRegion.ShardRegionStats;
import org.apache.pekko.cluster.sharding.typed.GetClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.HashCodeMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;
import presence.cluster.Sharding;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;

/// Which node does what, for operators: `GET /v1/admin/shards/{kind}` says which node decides where
/// shards live and what each node holds, with `?id=NAME` also where that one entity is or would be.
final class ShardRoute {
  private static final HashCodeMessageExtractor<Object> SHARDS =
      new HashCodeMessageExtractor<>(Sharding.SHARDS);

  private final Site site;
  private final Questions questions;

  /// @param coordinator the node that decides where shards live
  /// @param shard of the entity that was asked for
  /// @param node that holds it; absent while it is between nodes or was never needed
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Shards(
      String kind,
      String coordinator,
      List<Holding> nodes,
      @Nullable String shard,
      @Nullable String node) {}

  private record Holding(String node, int shards, int entities) {}

  ShardRoute(Site site, Questions questions) {
    this.site = site;
    this.questions = questions;
  }

  Route route() {
    return path(
        segment("shards").slash(segment()),
        kind -> get(() -> parameterOptional("id", id -> completeWithFuture(shards(kind, id)))));
  }

  private CompletionStage<HttpResponse> shards(String kind, Optional<String> id) {
    EntityTypeKey<?> key = EntityKinds.ALL.get(kind);
    if (key == null) {
      throw new InvalidMessage(
          ErrorCode.NOT_FOUND,
          "entities are of the kinds session, instance, user, register, workspace, client and"
              + " world");
    }
    return questions
        .ask(
            ClusterSharding.get(site.system()).shardState(),
            (ActorRef<ClusterShardingStats> replyTo) ->
                new GetClusterShardingStats(key, site.limits().answerWithin(), replyTo))
        .thenApply(stats -> Reply.json(StatusCodes.OK, shards(kind, id, stats.getRegions())));
  }

  private Shards shards(String kind, Optional<String> id, Map<Address, ShardRegionStats> regions) {
    Optional<String> shard = id.map(SHARDS::shardId);
    return new Shards(
        kind,
        coordinator(),
        regions.entrySet().stream()
            .map(each -> holding(each.getKey(), each.getValue()))
            .sorted(Comparator.comparing(Holding::node))
            .toList(),
        shard.orElse(null),
        shard.flatMap(wanted -> holder(wanted, regions)).orElse(null));
  }

  private static Holding holding(Address node, ShardRegionStats stats) {
    int entities =
        stats.getStats().values().stream().mapToInt(each -> ((Number) each).intValue()).sum();
    return new Holding(node.hostPort().replaceFirst(".*@", ""), stats.getStats().size(), entities);
  }

  private static Optional<String> holder(String shard, Map<Address, ShardRegionStats> regions) {
    return regions.entrySet().stream()
        .filter(each -> each.getValue().getStats().containsKey(shard))
        .map(each -> each.getKey().hostPort().replaceFirst(".*@", ""))
        .findAny();
  }

  /// Coordinators are singletons, which live on the oldest member.
  private String coordinator() {
    Iterable<Member> members = Cluster.get(site.system()).state().getMembers();
    return StreamSupport.stream(members.spliterator(), false)
        .filter(member -> member.status().equals(MemberStatus.up()))
        .min((one, other) -> one.isOlderThan(other) ? -1 : 1)
        .map(member -> member.address().hostPort().replaceFirst(".*@", ""))
        .orElse("");
  }
}
