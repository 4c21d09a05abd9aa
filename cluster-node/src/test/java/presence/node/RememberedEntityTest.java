package presence.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import presence.cluster.Remote;
import presence.cluster.Sharding;

@Timeout(180)
class RememberedEntityTest {

  private static final EntityTypeKey<Counter.Increment> KEY =
      EntityTypeKey.create(Counter.Increment.class, "Counter");
  private static final int ENTITIES = 50;

  /// What entities recovered to, `id=count`, without anybody having asked them.
  private final Queue<String> recovered = new ConcurrentLinkedQueue<>();

  @TempDir Path directory;

  @Test
  void everyEntityComesBackByItselfAfterAFullStop() throws Exception {
    var addresses = new HashSet<String>();
    try (var log = new LogWatch()) {
      try (var node = start()) {
        addresses.add(Whereabouts.address(node));
        for (var i = 0; i < ENTITIES; i++) {
          increment(node, "e" + i);
          increment(node, "e" + i);
        }
      }
      recovered.clear();

      try (var node = start()) {
        addresses.add(Whereabouts.address(node));
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() -> assertThat(recovered).hasSize(ENTITIES));
        assertThat(recovered).allMatch(entity -> entity.endsWith("=2"));
      }
      log.forgives(each -> each.contains("heartbeat was delayed")); // a busy machine
      assertThat(log.saidAt(addresses)).isEmpty();
    }
  }

  private Node start() throws Exception {
    var node =
        Node.open(
            NodeConfig.load(
                Map.of(
                    "PRESENCE_HTTP_PORT", "0",
                    "PRESENCE_CLUSTER_PORT", "0",
                    "PRESENCE_JOURNAL", "h2:" + directory)));
    node.start().toCompletableFuture().get(60, TimeUnit.SECONDS);
    Sharding.start(node.system(), Entity.of(KEY, this::counter));
    return node;
  }

  private Counter counter(EntityContext<Counter.Increment> entity) {
    return new Counter(entity.getEntityId(), recovered);
  }

  private static void increment(Node node, String id) throws Exception {
    ClusterSharding.get(node.system())
        .entityRefFor(KEY, id)
        .ask(Counter.Increment::new, Duration.ofSeconds(30))
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  /// Counts, and reports what it recovered to.
  static final class Counter
      extends EventSourcedBehavior<Counter.Increment, Counter.Incremented, Integer> {

    record Increment(ActorRef<Done> replyTo) implements Remote {}

    record Incremented() implements Remote {}

    record Done() implements Remote {}

    private final String id;
    private final Queue<String> recovered;

    Counter(String id, Queue<String> recovered) {
      super(PersistenceId.of(KEY.name(), id));
      this.id = id;
      this.recovered = recovered;
    }

    @Override
    public Integer emptyState() {
      return 0;
    }

    @Override
    public CommandHandler<Increment, Incremented, Integer> commandHandler() {
      return (_, command) ->
          Effect().persist(new Incremented()).thenRun(() -> command.replyTo().tell(new Done()));
    }

    @Override
    public EventHandler<Integer, Incremented> eventHandler() {
      return (count, _) -> count + 1;
    }

    @Override
    public SignalHandler<Integer> signalHandler() {
      return newSignalHandlerBuilder()
          .onSignal(RecoveryCompleted.class, (count, _) -> recovered.add(id + "=" + count))
          .build();
    }
  }
}
