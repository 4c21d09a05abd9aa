package presence.simulation;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// A toy: a plain actor that sends numbers to a [Tally], one at a time, and repeats each until it
/// is answered.
final class Adder extends AbstractBehavior<Adder.Command> {

  static final Duration PATIENCE = Duration.ofSeconds(2);

  sealed interface Command {}

  record Send(int amount) implements Command {}

  private record Answered(Tally.Total total) implements Command {}

  private record Repeat() implements Command {}

  private final BiConsumer<String, Tally.Command> tallies;
  private final InstantSource clock;
  private final TimerScheduler<Command> timers;
  private final ActorRef<String> log;
  private final ActorRef<Tally.Total> answers;
  private final String tally;
  private final java.util.ArrayDeque<Integer> waiting = new java.util.ArrayDeque<>();
  private int n;
  private boolean outstanding;

  private Adder(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      String tally,
      BiConsumer<String, Tally.Command> tallies,
      InstantSource clock,
      ActorRef<String> log) {
    super(context);
    this.tallies = tallies;
    this.clock = clock;
    this.timers = timers;
    this.log = log;
    this.tally = tally;
    this.answers = context.messageAdapter(Tally.Total.class, Answered::new);
  }

  static Behavior<Command> create(
      String tally,
      BiConsumer<String, Tally.Command> tallies,
      InstantSource clock,
      ActorRef<String> log) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> new Adder(context, timers, tally, tallies, clock, log)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::on).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Send(int amount) -> {
        waiting.add(amount);
        if (!outstanding) {
          next();
        }
      }
      case Answered(var total) -> {
        if (outstanding && total.n() == n) {
          outstanding = false;
          waiting.remove();
          log.tell("%s %s %d is %d".formatted(clock.instant(), tally, n, total.total()));
          next();
        }
      }
      case Repeat() -> send();
    }
    return this;
  }

  private void next() {
    if (waiting.isEmpty()) {
      timers.cancelAll();
    } else {
      n++;
      outstanding = true;
      send();
    }
  }

  private void send() {
    tallies.accept(tally, new Tally.Add(n, waiting.element(), answers));
    timers.startSingleTimer(new Repeat(), PATIENCE);
  }
}
