package presence.gateway.http;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import presence.cluster.Door;
import presence.workspace.WorkspaceCommand;

/// The workspace streams of one node: starts one for every client that attaches, no more than there
/// may be, and sends them all away when the node drains.
public final class WorkspaceStreams extends AbstractBehavior<WorkspaceStreams.Command> {

  public sealed interface Command {}

  /// A client attaches; answered by an [Answer] once the workspace has counted it, or not.
  record Open(WorkspaceStream.Claimant who, ActorRef<Answer> replyTo) implements Command {}

  /// Send every reader away, each told when to come back.
  public record Drain() implements Command {}

  private record Ended(ActorRef<WorkspaceStream.Command> stream) implements Command {}

  /// The answer to an [Open].
  sealed interface Answer {}

  /// The events from now on, to be read once.
  record Opened(Source<ByteString, ?> events) implements Answer {}

  record Refused(WorkspaceCommand.Refusal why) implements Answer {}

  /// This node takes no stream.
  ///
  /// @param leaving whether for good
  record Closed(boolean leaving) implements Answer {}

  /// The bounds of a node's streams.
  ///
  /// @param streamsMax of one node
  /// @param backlog deliveries that may wait for one reader
  /// @param commentEvery how long a stream is quiet before a comment keeps it open
  /// @param spread within which readers that are sent away come back
  public record Limits(
      int streamsMax,
      int backlog,
      Duration commentEvery,
      Duration spread,
      WorkspaceStream.Pace pace) {}

  private final ActorRef<WorkspacePost.Command> post;
  private final Limits limits;
  private final RandomGenerator random;
  private final Readers<WorkspaceStream.Command> readers;

  public static Behavior<Command> create(
      Door<WorkspaceCommand> workspaces, Limits limits, RandomGenerator random) {
    return Behaviors.setup(context -> new WorkspaceStreams(workspaces, limits, random, context));
  }

  private WorkspaceStreams(
      Door<WorkspaceCommand> workspaces,
      Limits limits,
      RandomGenerator random,
      ActorContext<Command> context) {
    super(context);
    this.post =
        context.spawn(
            Behaviors.supervise(WorkspacePost.create(workspaces))
                .onFailure(SupervisorStrategy.restart()),
            "post");
    this.limits = limits;
    this.random = random;
    this.readers = new Readers<>(limits.streamsMax());
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Open open -> onOpen(open);
      case Drain drain -> readers.leave(limits.spread(), random, WorkspaceStream.Leave::new);
      case Ended ended -> readers.remove(ended.stream());
    }
    return this;
  }

  private void onOpen(Open open) {
    if (readers.areLeaving() || readers.areFull()) {
      open.replyTo().tell(new Closed(readers.areLeaving()));
      return;
    }
    SocketReader reader = new SocketReader(open.replyTo(), limits, getContext().getSystem());
    readers.add(
        getContext(), WorkspaceStream.create(open.who(), post, limits.pace(), reader), Ended::new);
  }

  /// The reader at the other end of a socket, behind a queue with a bound. It is given a comment
  /// first: with it the head of the answer leaves.
  private static final class SocketReader implements WorkspaceStream.Reader {
    private final ActorRef<Answer> asker;
    private final Limits limits;
    private final ActorSystem<?> system;
    private @Nullable BoundedSourceQueue<ByteString> queue;

    SocketReader(ActorRef<Answer> asker, Limits limits, ActorSystem<?> system) {
      this.asker = asker;
      this.limits = limits;
      this.system = system;
    }

    @Override
    public void open(Runnable gone) {
      Pair<BoundedSourceQueue<ByteString>, Source<ByteString, NotUsed>> events =
          Source.<ByteString>queue(limits.backlog())
              .watchTermination((materialized, done) -> {
                done.whenComplete((end, failure) -> gone.run());
                return materialized;
              })
              .preMaterialize(system);
      queue = events.first();
      offer(ServerSentEvents.COMMENT);
      asker.tell(
          new Opened(
              events.second().keepAlive(limits.commentEvery(), () -> ServerSentEvents.COMMENT)));
    }

    @Override
    public void refuse(WorkspaceCommand.Refusal why) {
      asker.tell(new Refused(why));
    }

    @Override
    public boolean offer(ByteString events) {
      return queue == null || queue.offer(events).isEnqueued();
    }

    @Override
    public void end() {
      if (queue != null) {
        ServerSentEvents.end(queue);
      }
    }
  }
}
