package presence.node;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
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
import org.apache.pekko.serialization.jackson.JacksonObjectMapperProvider;
import presence.instance.ChatInstance;
import presence.instance.Flushed;
import presence.session.Notice;
import presence.session.SessionCommand;
import presence.session.SessionEvent;
import presence.user.User;
import presence.user.UserEvent;

/// What entities need is first used while the node starts: an entity without a past recovers, and
/// the words of the others are learnt. The first recovery takes seconds, for the journal's
/// connections, its queries, the mapping of records and all their classes: without this, the first
/// shards that move to a new node would make rooms wait for them.
final class Rehearsal extends EventSourcedBehavior<Rehearsal.End, Rehearsal.Nothing, String> {
  /// What moves with a shard, and what those who moved are told first.
  private static final List<Class<?>> WORDS =
      List.of(
          SessionEvent.class,
          SessionCommand.class,
          Notice.class,
          Flushed.class,
          ChatInstance.Command.class,
          ChatInstance.Receipt.class,
          ChatInstance.Feed.class,
          UserEvent.class,
          User.Command.class,
          User.Receipt.class);

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

  /// Completes when all of it was done once. Whether the journal could be read is not its business:
  /// the node is not ready without one anyhow.
  static CompletionStage<Void> of(ActorSystem<?> system, Executor threads) {
    return CompletableFuture.allOf(
        recovers(system), CompletableFuture.runAsync(() -> learns(system), threads));
  }

  private static void learns(ActorSystem<?> system) {
    var mapper =
        JacksonObjectMapperProvider.get(system).getOrCreate("jackson-cbor", Optional.empty());
    WORDS.stream()
        .flatMap(Rehearsal::records)
        .forEach(word -> {
          mapper.readerFor(word);
          mapper.writerFor(word);
        });
  }

  private static Stream<Class<?>> records(Class<?> word) {
    return word.isSealed()
        ? Arrays.stream(word.getPermittedSubclasses()).flatMap(Rehearsal::records)
        : Stream.of(word);
  }

  private static CompletableFuture<Void> recovers(ActorSystem<?> system) {
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
