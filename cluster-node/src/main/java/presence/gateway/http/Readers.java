package presence.gateway.http;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/// The children of an actor that each serve one reader of this node: no more than there may be, and
/// none once they were sent away. One that fails takes nobody with it.
///
/// @param <C> what a child is told
final class Readers<C> {
  private final Set<ActorRef<C>> all = new LinkedHashSet<>();
  private final int max;
  private boolean leaving;

  Readers(int max) {
    this.max = max;
  }

  /// Whether the node takes none any more.
  boolean areLeaving() {
    return leaving;
  }

  boolean areFull() {
    return all.size() >= max;
  }

  /// Starts one.
  ///
  /// @param ended what its parent is told when it has ended, to [#remove] it
  <P> void add(ActorContext<P> parent, Behavior<C> reader, Function<ActorRef<C>, P> ended) {
    ActorRef<C> started = parent.spawnAnonymous(reader);
    all.add(started);
    parent.watchWith(started, ended.apply(started));
  }

  void remove(ActorRef<C> ended) {
    all.remove(ended);
  }

  /// Sends every reader away, each told when to come back within this time.
  void leave(Duration spread, RandomGenerator random, Function<Duration, C> leave) {
    leaving = true;
    for (ActorRef<C> reader : all) {
      long after = random.nextLong(Math.max(1, spread.toMillis()));
      reader.tell(leave.apply(Duration.ofMillis(after)));
    }
  }
}
