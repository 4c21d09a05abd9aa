package presence.node;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import presence.instance.ChatInstance;
import presence.instance.Instances;
import presence.instance.Seat;
import presence.instance.Standing;
import presence.protocol.Member;
import presence.session.Sessions;
import presence.user.Users;
import presence.workspace.Workspaces;
import presence.world.Worlds;

/// Which entities live on a node just now.
public final class Whereabouts {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Whereabouts() {}

  /// The address by which its actor system calls itself.
  public static String address(Node node) {
    return Cluster.get(node.system()).selfMember().address().toString();
  }

  public static Set<String> sessions(Node node) {
    return entities(node, Sessions.KEY);
  }

  public static Set<String> instances(Node node) {
    return entities(node, Instances.KEY);
  }

  public static Set<String> people(Node node) {
    return entities(node, Users.KEY);
  }

  public static Set<String> worlds(Node node) {
    return entities(node, Worlds.KEY);
  }

  public static Set<String> workspaces(Node node) {
    return entities(node, Workspaces.KEY);
  }

  private static Set<String> entities(Node node, EntityTypeKey<?> kind) {
    return AskPattern.<ClusterShardingQuery, CurrentShardRegionState>ask(
            ClusterSharding.get(node.system()).shardState(),
            replyTo -> new GetShardRegionState(kind, replyTo),
            PATIENCE,
            node.system().scheduler())
        .toCompletableFuture()
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join()
        .getShards()
        .stream()
        .flatMap(shard -> shard.getEntityIds().stream())
        .collect(Collectors.toSet());
  }

  /// Lets so many people be in an instance, of whom nobody has a socket.
  public static void fill(Node node, String instance, int people) {
    var room = ClusterSharding.get(node.system()).entityRefFor(Instances.KEY, instance);
    var words =
        IntStream.range(0, people)
            .mapToObj(i -> {
              var handle = "@somebody-of-many-" + i;
              var seat =
                  new Seat("s" + i, 1, new Standing(new Member(handle, handle, null), false));
              return room.<ChatInstance.Receipt>ask(
                      replyTo -> new ChatInstance.Report(seat, replyTo), PATIENCE)
                  .toCompletableFuture();
            })
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(words).join();
  }
}
