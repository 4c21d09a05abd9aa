package presence.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static scala.jdk.javaapi.CollectionConverters.asJava;
import static scala.jdk.javaapi.CollectionConverters.asScala;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.ShardCoordinator.ShardAllocationStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;

/// Which shards move, and where to.
@Timeout(20)
@ExtendWith(TestSystemExtension.class)
class PlacementTest {
  private final ActorRef one;
  private final ActorRef two;
  private final ActorRef three;
  private final Set<ActorRef> leaving = new HashSet<>();
  private final Placement placement = new Placement(leaving::contains, new Least());

  PlacementTest(TestSystem system) {
    one = Adapter.toClassic(system.probe().getRef());
    two = Adapter.toClassic(system.probe().getRef());
    three = Adapter.toClassic(system.probe().getRef());
  }

  /// Gives to the region with the fewest shards, and wants to move all that are held.
  private static final class Least implements ShardAllocationStrategy {
    @Override
    public Future<ActorRef> allocateShard(
        ActorRef requester,
        String shard,
        scala.collection.immutable.Map<ActorRef, IndexedSeq<String>> shards) {
      return Future.successful(
          asJava(shards).entrySet().stream()
              .min(Map.Entry.comparingByValue((a, b) -> a.size() - b.size()))
              .orElseThrow()
              .getKey());
    }

    @Override
    public Future<scala.collection.immutable.Set<String>> rebalance(
        scala.collection.immutable.Map<ActorRef, IndexedSeq<String>> shards,
        scala.collection.immutable.Set<String> moving) {
      Set<String> all =
          asJava(shards).values().stream()
              .flatMap(held -> asJava(held).stream())
              .collect(Collectors.toSet());
      return Future.successful(asScala(all).<String>toSet());
    }
  }

  @Test
  void aNodeThatLeavesLosesItsShardsAFewAtATime() {
    leaving.add(one);
    Map<ActorRef, List<String>> held = Map.of(one, shards(0, 10), two, shards(10, 12));
    Set<String> first = moves(held, Set.of());
    assertThat(first).hasSize(4).isSubsetOf(shards(0, 10));
    assertThat(moves(held, first)).isEmpty();
    String done = first.iterator().next();
    Set<String> still = new HashSet<>(first);
    still.remove(done);
    assertThat(moves(held, still)).hasSize(1).doesNotContainAnyElementsOf(still);
  }

  @Test
  void aNodeThatLeavesGetsNoneWhileAnotherStays() {
    leaving.add(one);
    assertThat(home(Map.of(one, List.of(), two, shards(0, 5)))).isEqualTo(two);
  }

  @Test
  void whenAllLeaveAShardStillHasAHomeAndNoneMoves() {
    leaving.addAll(Set.of(one, two));
    Map<ActorRef, List<String>> held = Map.of(one, List.of(), two, shards(0, 5));
    assertThat(home(held)).isEqualTo(one);
    assertThat(rounds(3, held)).isEmpty();
  }

  @Test
  void whoFormsAClusterTogetherIsEqualFromTheStart() {
    moves(Map.of(one, List.of()), Set.of());
    Map<ActorRef, List<String>> held = Map.of(one, shards(0, 5), two, List.of());
    moves(held, Set.of());
    assertThat(home(held)).isEqualTo(two);
  }

  @Test
  void aNodeThatComesLaterGetsNoneUntilItIsWarm() {
    moves(Map.of(one, shards(0, 5), two, shards(5, 9)), Set.of());
    Map<ActorRef, List<String>> held =
        Map.of(one, shards(0, 5), two, shards(5, 9), three, List.of());
    assertThat(rounds(39, held)).isEmpty();
    assertThat(home(held)).isEqualTo(two);
    assertThat(rounds(8, held)).isNotEmpty();
    assertThat(home(held)).isEqualTo(three);
  }

  @Test
  void aNodeThatComesGetsAShardIfAllOthersLeave() {
    moves(Map.of(one, shards(0, 5)), Set.of());
    leaving.add(one);
    Map<ActorRef, List<String>> held = Map.of(one, shards(0, 5), two, List.of());
    moves(held, Set.of());
    assertThat(home(held)).isEqualTo(two);
  }

  private Set<String> rounds(int count, Map<ActorRef, List<String>> held) {
    Set<String> moved = new HashSet<>();
    for (int i = 0; i < count; i++) {
      moved.addAll(moves(held, Set.of()));
    }
    return moved;
  }

  private Set<String> moves(Map<ActorRef, List<String>> held, Set<String> moving) {
    return asJava(
        placement.rebalance(scala(held), asScala(moving).<String>toSet()).value().get().get());
  }

  private ActorRef home(Map<ActorRef, List<String>> held) {
    return placement.allocateShard(one, "new", scala(held)).value().get().get();
  }

  private static scala.collection.immutable.Map<ActorRef, IndexedSeq<String>> scala(
      Map<ActorRef, List<String>> held) {
    Map<ActorRef, IndexedSeq<String>> shards = new HashMap<>();
    held.forEach((region, each) -> shards.put(region, asScala(each).toIndexedSeq()));
    return scala.collection.immutable.Map.from(asScala(shards));
  }

  private static List<String> shards(int from, int to) {
    return IntStream.range(from, to).mapToObj(String::valueOf).toList();
  }
}
