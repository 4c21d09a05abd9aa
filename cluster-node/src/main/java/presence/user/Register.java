package presence.user;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import presence.cluster.Persistence;
import presence.cluster.Remote;

/// Who is banned or muted, of all persons: for operators who ask for a list. It decides nothing and
/// nobody is refused by it; each person writes what is in force for them, and repeats that until it
/// is acknowledged. One entity for the whole cluster, always in memory.
public final class Register
    extends EventSourcedBehavior<Register.Command, RegisterEvent, RegisterState> {

  /// The one there is.
  public static final String ID = "all";

  public sealed interface Command extends Remote permits Enter, Read, Stop {}

  /// What is in force for a person; repeated until [Entered] comes.
  public record Enter(String person, Sanctions sanctions, ActorRef<Entered> replyTo)
      implements Command {}

  /// Who comes behind this person, in the order of their ids?
  public record Read(String after, int limit, ActorRef<Page> replyTo) implements Command {}

  /// Stops the entity at once, without writing.
  public enum Stop implements Command {
    STOP
  }

  /// The decision of this number, or a later one of that person, is in the register.
  public record Entered(String person, long n) implements Remote {}

  /// A person of the register.
  public record Line(String person, Sanctions sanctions) implements Remote {}

  /// Some of the register.
  ///
  /// @param more whether others come behind these
  public record Page(List<Line> lines, boolean more) implements Remote {}

  private final InstantSource clock;
  private final Duration forgetAfter;

  /// The behaviour of the register.
  ///
  /// @param forgetAfter how long it is remembered that nothing is in force for a person any more,
  ///   so that an older word that comes late is known as such
  public static Behavior<Command> create(
      PersistenceId id, InstantSource clock, Duration forgetAfter) {
    return Behaviors.setup(_ -> new Register(id, clock, forgetAfter));
  }

  private Register(PersistenceId id, InstantSource clock, Duration forgetAfter) {
    super(id, Persistence.RESTART);
    this.clock = clock;
    this.forgetAfter = forgetAfter;
  }

  @Override
  public RegisterState emptyState() {
    return RegisterState.EMPTY;
  }

  @Override
  public CommandHandler<Command, RegisterEvent, RegisterState> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onAnyCommand((state, command) ->
            switch (command) {
              case Enter enter -> onEnter(state, enter);
              case Read read -> onRead(state, read);
              case Stop stop -> Effect().stop();
            });
  }

  private Effect<RegisterEvent, RegisterState> onEnter(RegisterState state, Enter enter) {
    Entered entered = new Entered(enter.person(), enter.sanctions().n());
    if (entered.n() <= state.numberOf(enter.person())) {
      enter.replyTo().tell(entered);
      return Effect().none();
    }
    return Effect()
        .persist(new RegisterEvent.Entered(enter.person(), enter.sanctions(), clock.millis()))
        .thenRun(() -> enter.replyTo().tell(entered));
  }

  private Effect<RegisterEvent, RegisterState> onRead(RegisterState state, Read read) {
    read.replyTo().tell(state.page(read.after(), read.limit(), clock.millis()));
    return Effect().none();
  }

  @Override
  public EventHandler<RegisterState, RegisterEvent> eventHandler() {
    return newEventHandlerBuilder()
        .forAnyState()
        .onAnyEvent((state, event) -> state.apply(event, forgetAfter.toMillis()));
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return Persistence.RETENTION;
  }

  @Override
  public SnapshotAdapter<RegisterState> snapshotAdapter() {
    return Persistence.snapshots(
        RegisterState.Snapshot.class, RegisterState::snapshot, RegisterState.Snapshot::state);
  }
}
