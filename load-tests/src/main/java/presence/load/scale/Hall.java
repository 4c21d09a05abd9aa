package presence.load.scale;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/// Lets rooms do a step, a bounded number of them at the same time.
final class Hall extends AbstractBehavior<Hall.Command> {

  sealed interface Command {}

  /// One step at a time.
  ///
  /// @param rooms how many do it, the first ones
  record Run(Step step, int rooms, CompletableFuture<Outcome> whenDone) implements Command {}

  /// A room has done its step.
  record Finished(Outcome outcome) implements Command {}

  private final int atOnce;
  private final List<ActorRef<Room.Command>> rooms = new ArrayList<>();
  private final Deque<ActorRef<Room.Command>> turn = new ArrayDeque<>();
  private Run run = new Run(Step.COUNT, 0, new CompletableFuture<>());
  private Outcome outcome = Outcome.NOTHING;
  private int missing;

  private Hall(
      ActorContext<Command> context,
      int count,
      int atOnce,
      IntFunction<Behavior<Room.Command>> behavior) {
    super(context);
    this.atOnce = atOnce;
    for (int number = 0; number < count; number++) {
      rooms.add(context.spawn(behavior.apply(number), "room-" + number));
    }
  }

  static Behavior<Command> create(
      int count, int atOnce, IntFunction<Behavior<Room.Command>> behavior) {
    return Behaviors.setup(context -> new Hall(context, count, atOnce, behavior));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::on).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Run asked -> begin(asked);
      case Finished finished -> finished(finished.outcome());
    }
    return this;
  }

  private void begin(Run asked) {
    run = asked;
    outcome = Outcome.NOTHING;
    missing = Math.min(asked.rooms(), rooms.size());
    turn.addAll(rooms.subList(0, missing));
    for (int i = 0; i < atOnce && !turn.isEmpty(); i++) {
      next();
    }
  }

  private void next() {
    turn.remove().tell(new Room.Do(run.step(), getContext().getSelf()));
  }

  private void finished(Outcome one) {
    outcome = outcome.plus(one);
    missing--;
    if (!turn.isEmpty()) {
      next();
    } else if (missing == 0) {
      run.whenDone().complete(outcome);
    }
  }
}
