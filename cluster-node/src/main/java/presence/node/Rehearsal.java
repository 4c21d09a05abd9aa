package presence.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/// An entity without a past, which recovers once while the node starts. The first recovery takes
/// seconds, for the journal's connections, its queries and all their classes: without this, the
/// first shards that move to a new node would make rooms wait for them.
final class Rehearsal extends EventSourcedBehavior<Rehearsal.End, Rehearsal.Nothing, String> {
  /// It is over.
  enum End {
    END
  }

  /// It never has an event.
  enum Nothing {}

  private final ActorContext<End> context;
  private final CompletableFuture<Void> over;

  private Rehearsal(ActorContext<End> context, CompletableFuture<Void> over) {
    super(PersistenceId.ofUniqueId("rehearsal"));
    this.context = context;
    this.over = over;
  }

  /// Completes when the journal has been read once. Whether that went well is not its business: the
  /// node is not ready without a journal anyhow.
  static CompletionStage<Void> of(ActorSystem<?> system) {
    var over = new CompletableFuture<Void>();
    system.systemActorOf(
        Behaviors.<End>setup(context -> new Rehearsal(context, over)), "rehearsal", Props.empty());
    return over;
  }

  @Override
  public String emptyState() {
    return "";
  }

  @Override
  public CommandHandler<End, Nothing, String> commandHandler() {
    return (_, _) -> Effect().stop();
  }

  @Override
  public EventHandler<String, Nothing> eventHandler() {
    return (state, _) -> state;
  }

  @Override
  public SignalHandler<String> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(
            RecoveryCompleted.instance(),
            _ -> {
              context.getSelf().tell(End.END);
              over.complete(null);
            })
        .onSignal(RecoveryFailed.class, (_, _) -> over.complete(null))
        .build();
  }
}
