package presence.workspace;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import presence.cluster.Door;
import presence.gateway.http.WorkspacePost;
import presence.gateway.http.WorkspaceStream;
import presence.simulation.Host;
import presence.workspace.WorkspaceCommand.Answer;

/// What a node's routes do for clients, as an actor of a host: asks entities, repeats a question
/// that is not answered, gives up after a while, exchanges a number that is over.
final class SimulatedGateway {
  static final WorkspaceStream.Pace PACE =
      new WorkspaceStream.Pace(
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofMillis(100),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5));

  private static final Duration REPEAT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int TRIES = 5;

  private final Host host;
  private final Door<WorkspaceCommand> workspaces;
  private final Door<Client.Command> clients;
  private final ActorRef<WorkspacePost.Command> post;
  private final ActorRef<Consumer<ActorContext<?>>> actor;

  SimulatedGateway(
      Host host, String name, Door<WorkspaceCommand> workspaces, Door<Client.Command> clients) {
    this.host = host;
    this.workspaces = workspaces;
    this.clients = clients;
    this.post = host.spawn(name + "-post", WorkspacePost.create(workspaces));
    this.actor =
        host.spawn(
            name,
            Behaviors.setup(context ->
                Behaviors.receiveMessage(errand -> {
                  errand.accept(context);
                  return Behaviors.same();
                })));
  }

  private record Late() {}

  private record Again() {}

  /// Asks until there is an answer, but not for long.
  private <A> void ask(Class<A> type, Consumer<ActorRef<A>> question, Consumer<A> then) {
    actor.tell(context -> {
      var _ = context.spawnAnonymous(asker(type, question, then));
    });
  }

  private <A> Behavior<Object> asker(
      Class<A> type, Consumer<ActorRef<A>> question, Consumer<A> then) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          ActorRef<A> ear = context.messageAdapter(type, answer -> answer);
          timers.startTimerWithFixedDelay(new Again(), REPEAT);
          timers.startSingleTimer(new Late(), PATIENCE);
          question.accept(ear);
          return Behaviors.receiveMessage(message -> {
            switch (message) {
              case Again again -> question.accept(ear);
              case Late late -> {
                return Behaviors.stopped();
              }
              default -> {
                then.accept(type.cast(message));
                return Behaviors.stopped();
              }
            }
            return Behaviors.same();
          });
        }));
  }

  void ask(
      String workspace,
      Function<ActorRef<Answer>, WorkspaceCommand> question,
      Consumer<Answer> then) {
    ask(Answer.class, asker -> workspaces.tell(workspace, question.apply(asker)), then);
  }

  private void admit(
      String client, String workspace, long over, LongConsumer then, Runnable retired) {
    ask(
        Client.Admission.class,
        asker -> clients.tell(client, new Client.Admit(workspace, over, asker)),
        admission -> {
          if (admission instanceof Client.Admitted(long n)) {
            then.accept(n);
          } else {
            retired.run();
          }
        });
  }

  /// Creates a workspace; the answer, or that the client has retired.
  void create(String client, String workspace, Consumer<Answer> then, Runnable retired) {
    hold(client, workspace, 0, TRIES, then, retired);
  }

  private void hold(
      String client,
      String workspace,
      long over,
      int tries,
      Consumer<Answer> then,
      Runnable retired) {
    admit(
        client,
        workspace,
        over,
        n ->
            ask(
                workspace,
                asker -> new WorkspaceCommand.Hold(client, n, null, null, asker),
                answer -> {
                  if (answer == WorkspaceCommand.Refusal.STALE && tries > 1) {
                    hold(client, workspace, n, tries - 1, then, retired);
                  } else {
                    then.accept(answer);
                  }
                }),
        retired);
  }

  /// Opens a stream; each try has a reader of its own.
  void attach(String client, String workspace, Runnable opened, Consumer<SimulatedReader> readers) {
    attach(client, workspace, 0, TRIES, opened, readers);
  }

  private void attach(
      String client,
      String workspace,
      long over,
      int tries,
      Runnable opened,
      Consumer<SimulatedReader> readers) {
    admit(
        client,
        workspace,
        over,
        n -> {
          SimulatedReader reader =
              new SimulatedReader(
                  host,
                  opened,
                  why -> {
                    if (why == WorkspaceCommand.Refusal.STALE && tries > 1) {
                      attach(client, workspace, n, tries - 1, opened, readers);
                    }
                  });
          readers.accept(reader);
          actor.tell(context -> {
            var _ =
                context.spawnAnonymous(
                    WorkspaceStream.create(
                        new WorkspaceStream.Claimant(workspace, client, n, null),
                        post,
                        PACE,
                        reader));
          });
        },
        () -> {});
  }

  void leave(String client, String workspace, Consumer<Client.Left> then) {
    ask(Client.Left.class, asker -> clients.tell(client, new Client.Leave(workspace, asker)), then);
  }

  void retire(String client, Consumer<Client.Left> then) {
    ask(Client.Left.class, asker -> clients.tell(client, new Client.Retire(asker)), then);
  }
}
