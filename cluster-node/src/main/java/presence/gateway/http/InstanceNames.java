package presence.gateway.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.jspecify.annotations.Nullable;
import presence.instance.Directory;

/// The names of the instances that are in memory: those somebody is in, follows, or has just left.
@FunctionalInterface
public interface InstanceNames {
  /// The first names behind this one, in order; fails with a `TimeoutException` when they are not
  /// known within this time.
  CompletionStage<List<String>> ask(@Nullable String after, int atMost, Duration within);

  /// Those of the whole cluster, from every node's [Directory]. As long as one does not answer
  /// nobody knows all, so there is no answer.
  static InstanceNames ofCluster(ActorSystem<?> system) {
    return (after, atMost, within) ->
        AskPattern.<Receptionist.Command, Receptionist.Listing>ask(
                system.receptionist(),
                replyTo -> Receptionist.find(Directory.KEY, replyTo),
                within,
                system.scheduler())
            .thenCompose(listing ->
                listing.getAllServiceInstances(Directory.KEY).stream()
                    .map(node -> ofNode(system, node, after, atMost, within))
                    .reduce(
                        CompletableFuture.completedFuture(List.of()),
                        (some, more) -> some.thenCombine(more, (a, b) -> merged(a, b, atMost))));
  }

  private static CompletionStage<List<String>> ofNode(
      ActorSystem<?> system,
      ActorRef<Directory.Command> node,
      @Nullable String after,
      int atMost,
      Duration within) {
    return AskPattern.<Directory.Command, Directory.Found>ask(
            node, replyTo -> new Directory.Find(after, atMost, replyTo), within, system.scheduler())
        .thenApply(Directory.Found::names);
  }

  /// An instance that is moving may be found twice.
  private static List<String> merged(List<String> some, List<String> more, int atMost) {
    return Stream.concat(some.stream(), more.stream()).sorted().distinct().limit(atMost).toList();
  }
}
