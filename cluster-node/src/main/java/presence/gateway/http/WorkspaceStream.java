package presence.gateway.http;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import presence.protocol.Position;
import presence.workspace.WorkspaceCommand;
import presence.workspace.WorkspaceView;

/// One stream of a client on a workspace: while it lives, its client is attached.
///
/// It tells the workspace where it stands, again and again as its sign of life, and at once when
/// the incarnation of the entity that counted it has ended: wherever the workspace lives by then,
/// it counts this stream again, and its reader sees nothing of that. A delivery that was lost on
/// the way shows as a gap, and is asked for.
public final class WorkspaceStream extends AbstractBehavior<WorkspaceStream.Command> {
  public sealed interface Command {}

  /// The node drains: end, and have the reader come back after this time.
  public record Leave(Duration reconnectAfter) implements Command {}

  /// Changes, for all streams of the workspace on this node.
  record Happened(WorkspaceNews news) implements Command {}

  private record FromWorkspace(WorkspaceCommand.Feed feed) implements Command {}

  private record EntityGone(ActorRef<WorkspaceCommand> incarnation) implements Command {}

  private enum Own implements Command {
    ATTACH,
    GIVE_UP,
    READER_GONE
  }

  /// Whose stream it is, and of what.
  ///
  /// @param n the number of the client's claim
  /// @param since what the reader has already; absent = nothing
  public record Claimant(String workspace, String client, long n, @Nullable Position since) {}

  /// How a stream keeps itself counted.
  ///
  /// @param keepAlive the pause between its signs of life
  /// @param repeat after how long one is repeated that was not answered
  /// @param reclaimMin the first pause between claims after the entity ended
  /// @param reclaimMax the longest pause between any of these
  /// @param giveUp how long it may take to be counted the first time
  public record Pace(
      Duration keepAlive,
      Duration repeat,
      Duration reclaimMin,
      Duration reclaimMax,
      Duration giveUp) {}

  /// Who reads it. One of the first two calls comes first, and once.
  public interface Reader {
    /// The stream counts.
    ///
    /// @param gone to be run when there is no reader any more
    void open(Runnable gone);

    /// The stream does not count.
    void refuse(WorkspaceCommand.Refusal why);

    /// Events to read; false = the reader is too far behind to be given more.
    boolean offer(ByteString events);

    void end();
  }

  private final Claimant who;
  private final ActorRef<WorkspacePost.Command> post;
  private final Pace pace;
  private final Reader reader;
  private final TimerScheduler<Command> timers;
  private final ActorRef<WorkspaceCommand.Feed> ear;
  private @Nullable Position at;
  private @Nullable ActorRef<WorkspaceCommand> incarnation;
  private Duration pause;
  private boolean begun;
  private boolean asking;

  public static Behavior<Command> create(
      Claimant who, ActorRef<WorkspacePost.Command> post, Pace pace, Reader reader) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(
            timers -> new WorkspaceStream(who, post, pace, reader, context, timers)));
  }

  private WorkspaceStream(
      Claimant who,
      ActorRef<WorkspacePost.Command> post,
      Pace pace,
      Reader reader,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(context);
    this.who = who;
    this.post = post;
    this.pace = pace;
    this.reader = reader;
    this.timers = timers;
    this.at = who.since();
    this.pause = pace.repeat();
    this.ear = context.messageAdapter(WorkspaceCommand.Feed.class, FromWorkspace::new);
    timers.startSingleTimer(Own.GIVE_UP, Own.GIVE_UP, pace.giveUp());
    attach();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    return switch (command) {
      case FromWorkspace(WorkspaceCommand.Feed feed) -> onFeed(feed);
      case Happened(WorkspaceNews news) -> isCounted() ? onNews(news) : this;
      case EntityGone gone -> onEntityGone(gone);
      case Leave leave -> {
        reader.offer(ServerSentEvents.reconnectAfter(leave.reconnectAfter()));
        yield end();
      }
      case Own own ->
          switch (own) {
            case ATTACH -> {
              attach();
              yield this;
            }
            case GIVE_UP, READER_GONE -> Behaviors.stopped();
          };
    };
  }

  /// Whether it was counted once; before, there is no reader.
  private boolean isCounted() {
    return !timers.isTimerActive(Own.GIVE_UP);
  }

  private void attach() {
    asking = true;
    post.tell(new WorkspacePost.Attach(who, at, getContext().getSelf(), ear));
    timers.startSingleTimer(Own.ATTACH, Own.ATTACH, pause);
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(pace.reclaimMax()) > 0 ? pace.reclaimMax() : doubled;
  }

  private Behavior<Command> onEntityGone(EntityGone gone) {
    if (gone.incarnation().equals(incarnation)) {
      incarnation = null;
      pause = pace.reclaimMin();
      attach();
    }
    return this;
  }

  private Behavior<Command> onFeed(WorkspaceCommand.Feed feed) {
    return switch (feed) {
      case WorkspaceCommand.Counted counted -> onCounted(counted);
      case WorkspaceCommand.Cut cut -> onCut(cut.workspace());
      case WorkspaceCommand.Changes changes -> onNews(WorkspaceNews.of(changes));
      case WorkspaceCommand.Refused refused -> onRefused(refused.why());
    };
  }

  private Behavior<Command> onCounted(WorkspaceCommand.Counted counted) {
    if (!isCounted()) {
      timers.cancel(Own.GIVE_UP);
      ActorRef<Command> self = getContext().getSelf();
      reader.open(() -> self.tell(Own.READER_GONE));
    }
    watch(counted.incarnation());
    asking = false;
    pause = pace.repeat();
    timers.startSingleTimer(Own.ATTACH, Own.ATTACH, pace.keepAlive());
    return this;
  }

  private void watch(ActorRef<WorkspaceCommand> entity) {
    if (!entity.equals(incarnation)) {
      if (incarnation != null) {
        getContext().unwatch(incarnation);
      }
      incarnation = entity;
      getContext().watchWith(entity, new EntityGone(entity));
    }
  }

  private Behavior<Command> onCut(WorkspaceView cut) {
    Position then = new Position(cut.epoch(), cut.seq());
    if (begun && then.equals(at)) {
      return this; // the answer to a repetition
    }
    return pass(WorkspaceNews.of(cut, at != null), then);
  }

  private Behavior<Command> onNews(WorkspaceNews news) {
    Position from = news.from();
    if (at == null || from.epoch() != at.epoch() || from.seq() > at.seq()) {
      if (!asking) {
        attach();
      }
      return this;
    }
    return at.seq() >= news.to().seq() ? this : pass(news.after(at), news.to());
  }

  private Behavior<Command> pass(ByteString events, Position then) {
    begun = true;
    at = then;
    return reader.offer(events) ? this : end();
  }

  private Behavior<Command> onRefused(WorkspaceCommand.Refusal why) {
    if (!isCounted()) {
      reader.refuse(why);
      return Behaviors.stopped();
    }
    reader.offer(WorkspaceNews.closed());
    return end();
  }

  private Behavior<Command> end() {
    reader.end();
    return Behaviors.stopped();
  }
}
