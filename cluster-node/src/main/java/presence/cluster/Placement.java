package presence.cluster;

import static scala.jdk.javaapi.CollectionConverters.asJava;
import static scala.jdk.javaapi.CollectionConverters.asScala;

import java.util.HashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.ShardCoordinator.ActorSystemDependentAllocationStrategy;
import org.apache.pekko.cluster.sharding.ShardCoordinator.ShardAllocationStrategy;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Map;
import scala.collection.immutable.Set;
import scala.concurrent.Future;

/// Where shards live: with the node that has the fewest, never with one that is leaving.
///
/// A node that leaves loses its shards a few at a time, so that none is homeless for longer than
/// its own move takes; by itself, sharding would stop all of them at once and then find homes one
/// after the other, or leave that to a coordinator that has yet to start. A node that has just come
/// gets none that others can take: to start a shard takes it seconds, and tenths of one when it is
/// warm. It gets its share later, and slowly: nothing waits for that.
final class Placement implements ShardAllocationStrategy {
  /// Shards of one kind that leave a node at the same time. A move takes the coordinator two
  /// writes, one after the other, so this is about a quarter of a second for each.
  private static final int AT_ONCE = 8;

  /// A node is warm when it was asked this often, once every `rebalance-interval`, whether shards
  /// should move.
  private static final int ROUNDS_TO_WARM_UP = 40;

  /// Between two moves to a node with fewer.
  private static final int ROUNDS_BETWEEN = 4;

  private static final Set<String> NONE = asScala(java.util.Set.<String>of()).toSet();

  private final Leaving leaving;
  private final Address self;
  private final ShardAllocationStrategy fewest;
  private final java.util.Map<ActorRef, Integer> warmAt = new HashMap<>();
  private int round;
  private int formedUntil;

  private Placement(Leaving leaving, Address self, ShardAllocationStrategy fewest) {
    this.leaving = leaving;
    this.self = self;
    this.fewest = fewest;
  }

  static ShardAllocationStrategy of(ActorSystem<?> system) {
    ShardAllocationStrategy fewest =
        ClusterSharding.get(system)
            .defaultShardAllocationStrategy(ClusterShardingSettings.create(system));
    // The coordinator starts only the strategy it is given.
    ((ActorSystemDependentAllocationStrategy) fewest).start(system.classicSystem());
    return new Placement(Leaving.get(system), Cluster.get(system).selfMember().address(), fewest);
  }

  @Override
  public Future<ActorRef> allocateShard(
      ActorRef requester, String shard, Map<ActorRef, IndexedSeq<String>> shards) {
    Map<ActorRef, IndexedSeq<String>> staying =
        orElse(shards.removedAll(these(shards, this::leaves)), shards);
    return fewest.allocateShard(
        requester, shard, orElse(staying.removedAll(these(staying, this::isCold)), staying));
  }

  private static <K, V> Map<K, V> orElse(Map<K, V> some, Map<K, V> all) {
    return some.isEmpty() ? all : some;
  }

  @Override
  public Future<Set<String>> rebalance(
      Map<ActorRef, IndexedSeq<String>> shards, Set<String> moving) {
    look(asJava(shards));
    scala.collection.Set<ActorRef> leaving = these(shards, this::leaves);
    if (!leaving.isEmpty() && leaving.size() < shards.size()) {
      return Future.successful(next(leaving, shards, moving));
    }
    return round % ROUNDS_BETWEEN == 0 && these(shards, this::isCold).isEmpty()
        ? fewest.rebalance(shards, moving)
        : Future.successful(NONE);
  }

  /// Notes who is new. Whoever is there at first was there before this coordinator, and those who
  /// form a cluster warm up together.
  private void look(java.util.Map<ActorRef, IndexedSeq<String>> regions) {
    if (round == 0 && regions.values().stream().allMatch(IndexedSeq::isEmpty)) {
      formedUntil = ROUNDS_TO_WARM_UP;
    }
    int warm = round <= formedUntil ? 0 : round + ROUNDS_TO_WARM_UP;
    round++;
    warmAt.keySet().retainAll(regions.keySet());
    regions.keySet().forEach(region -> warmAt.putIfAbsent(region, warm));
  }

  private boolean isCold(ActorRef region) {
    return warmAt.getOrDefault(region, Integer.MAX_VALUE) > round;
  }

  private static Set<String> next(
      scala.collection.Set<ActorRef> leaving,
      Map<ActorRef, IndexedSeq<String>> shards,
      Set<String> moving) {
    java.util.Set<String> next =
        asJava(leaving).stream()
            .flatMap(region -> asJava(shards.apply(region)).stream())
            .filter(shard -> !moving.contains(shard))
            .limit(Math.max(0, AT_ONCE - moving.size()))
            .collect(Collectors.toSet());
    return asScala(next).<String>toSet();
  }

  private static scala.collection.Set<ActorRef> these(
      Map<ActorRef, ?> regions, Predicate<ActorRef> which) {
    return asScala(asJava(regions).keySet().stream().filter(which).collect(Collectors.toSet()));
  }

  private boolean leaves(ActorRef region) {
    Address address = region.path().address();
    return leaving.nodes().contains(address.hasLocalScope() ? self : address);
  }
}
