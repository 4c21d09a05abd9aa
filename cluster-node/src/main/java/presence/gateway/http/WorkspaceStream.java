package presence.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import presence.cluster.Door;
import presence.gateway.Encoded;
import presence.protocol.Position;
import presence.workspace.Change;
import presence.workspace.WorkspaceCommand;
import presence.workspace.WorkspaceView;

/// One stream of a client on a workspace: while it lives, its client is attached.
///
/// It tells the workspace where it stands, again and again as its sign of life, and at once when
/// the incarnation of the entity that counted it has ended: wherever the workspace lives by then,
/// it counts this stream again, and its reader sees nothing of that. A delivery that was lost on
/// the way shows as a gap, and is asked for.
public final class WorkspaceStream extends AbstractBehavior<WorkspaceStream.Command> {
  private static final JsonMapper JSON = new JsonMapper();

  public sealed interface Command {}

  /// The node drains: end, and have the reader come back after this time.
  public record Leave(Duration reconnectAfter) implements Command {}

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
  private final Door<WorkspaceCommand> workspaces;
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
      Claimant who, Door<WorkspaceCommand> workspaces, Pace pace, Reader reader) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(
            timers -> new WorkspaceStream(who, workspaces, pace, reader, context, timers)));
  }

  private WorkspaceStream(
      Claimant who,
      Door<WorkspaceCommand> workspaces,
      Pace pace,
      Reader reader,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(context);
    this.who = who;
    this.workspaces = workspaces;
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

  private void attach() {
    asking = true;
    workspaces.tell(who.workspace(), new WorkspaceCommand.Attach(who.client(), who.n(), at, ear));
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
      case WorkspaceCommand.Changes changes -> onChanges(changes);
      case WorkspaceCommand.Refused refused -> onRefused(refused.why());
    };
  }

  private Behavior<Command> onCounted(WorkspaceCommand.Counted counted) {
    if (timers.isTimerActive(Own.GIVE_UP)) {
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
    List<Encoded> events = new ArrayList<>();
    if (at != null) {
      events.add(event("resync", null, Map.of()));
    }
    events.add(event("workspace", then, cut));
    return pass(events, then);
  }

  private Behavior<Command> onChanges(WorkspaceCommand.Changes changes) {
    Position from = changes.from();
    if (at == null || from.epoch() != at.epoch() || from.seq() > at.seq()) {
      if (!asking) {
        attach();
      }
      return this;
    }
    long known = at.seq() - from.seq();
    if (known >= changes.changes().size()) {
      return this;
    }
    List<Encoded> events = new ArrayList<>();
    Position then = at;
    for (Change change : changes.changes().subList((int) known, changes.changes().size())) {
      then = new Position(then.epoch(), then.seq() + 1);
      events.add(
          switch (change) {
            case Change.Updated updated -> event("session", then, updated.session());
            case Change.Deleted deleted -> event("session_deleted", then, deleted);
          });
    }
    return pass(events, then);
  }

  private Behavior<Command> pass(List<Encoded> events, Position then) {
    begun = true;
    at = then;
    return reader.offer(ServerSentEvents.of(events)) ? this : end();
  }

  private static Encoded event(String type, @Nullable Position at, Object data) {
    try {
      return new Encoded(type, at, ByteString.fromArray(JSON.writeValueAsBytes(data)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event that cannot be written: " + data, e);
    }
  }

  private Behavior<Command> onRefused(WorkspaceCommand.Refusal why) {
    if (timers.isTimerActive(Own.GIVE_UP)) {
      reader.refuse(why);
      return Behaviors.stopped();
    }
    reader.offer(ServerSentEvents.of(List.of(event("closed", null, Map.of()))));
    return end();
  }

  private Behavior<Command> end() {
    reader.end();
    return Behaviors.stopped();
  }
}
