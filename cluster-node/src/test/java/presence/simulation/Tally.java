package presence.simulation;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/// A toy: an event-sourced entity that adds up numbers and answers with the sum once it is written.
/// Each adder counts its additions, so a repeat adds nothing.
final class Tally extends EventSourcedBehavior<Tally.Command, Tally.Added, Tally.Sum> {

  static final EntityType<Command> TYPE = type(true);

  /// @param careful whether it recognises repeats
  static EntityType<Command> type(boolean careful) {
    return EntityType.remembered(
        "tally",
        new Stop(),
        place -> Behaviors.setup(context -> new Tally(context, place, careful)));
  }

  sealed interface Command {}

  /// @param n counts up from 1; a smaller or the same number again is a repeat
  record Add(int n, int amount, ActorRef<Total> replyTo) implements Command {}

  record Read(ActorRef<Total> replyTo) implements Command {}

  record Passivate() implements Command {}

  record Stop() implements Command {}

  /// @param tally the incarnation that answers
  record Total(int n, int total, ActorRef<Command> tally) {}

  record Added(int n, int amount) implements Toy {}

  record Sum(int n, int total) implements Toy {}

  private final ActorContext<Command> context;
  private final EntityType.Place place;
  private final boolean careful;

  private Tally(ActorContext<Command> context, EntityType.Place place, boolean careful) {
    super(
        PersistenceId.ofUniqueId(place.id()),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2));
    this.context = context;
    this.place = place;
    this.careful = careful;
  }

  @Override
  public Sum emptyState() {
    return new Sum(0, 0);
  }

  @Override
  public CommandHandler<Command, Added, Sum> commandHandler() {
    return (sum, command) ->
        switch (command) {
          case Add add when careful && add.n <= sum.n ->
              Effect().none().thenRun(now -> answer(now, add.replyTo));
          case Add add ->
              Effect()
                  .persist(new Added(add.n, add.amount))
                  .thenRun(now -> answer(now, add.replyTo));
          case Read read -> Effect().none().thenRun(now -> answer(now, read.replyTo));
          case Passivate() ->
              Effect()
                  .none()
                  .thenRun(now ->
                      place.shard().tell(new ClusterSharding.Passivate<>(context.getSelf())));
          case Stop() -> Effect().stop();
        };
  }

  @Override
  public EventHandler<Sum, Added> eventHandler() {
    return (sum, event) -> new Sum(event.n, sum.total + event.amount);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(10, 1).withDeleteEventsOnSnapshot();
  }

  private void answer(Sum sum, ActorRef<Total> replyTo) {
    replyTo.tell(new Total(sum.n, sum.total, context.getSelf()));
  }
}
