package presence.gateway.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;
import presence.cluster.Door;
import presence.protocol.Position;
import presence.workspace.WorkspaceCommand;

/// Stands between the workspace streams of a node and the workspaces: what a workspace tells all of
/// them comes once, and is written once for all who read it.
public final class WorkspacePost extends AbstractBehavior<WorkspacePost.Command> {

  public sealed interface Command {}

  /// A stream attaches, or gives its sign of life.
  ///
  /// @param since what its reader has; absent = nothing
  /// @param ear where it hears what is for it alone
  record Attach(
      WorkspaceStream.Claimant who,
      @Nullable Position since,
      ActorRef<WorkspaceStream.Command> stream,
      ActorRef<WorkspaceCommand.Feed> ear)
      implements Command {}

  private record Delivered(WorkspaceCommand.Delivery delivery) implements Command {}

  private record Ended(String workspace, ActorRef<WorkspaceStream.Command> stream)
      implements Command {}

  private final Door<WorkspaceCommand> workspaces;
  private final ActorRef<WorkspaceCommand.Delivery> address;

  /// The streams of each workspace, with their ears.
  private final Map<String, Map<ActorRef<WorkspaceStream.Command>, ActorRef<WorkspaceCommand.Feed>>>
      streams = new LinkedHashMap<>();

  public static Behavior<Command> create(Door<WorkspaceCommand> workspaces) {
    return Behaviors.setup(context -> new WorkspacePost(workspaces, context));
  }

  private WorkspacePost(Door<WorkspaceCommand> workspaces, ActorContext<Command> context) {
    super(context);
    this.workspaces = workspaces;
    this.address = context.messageAdapter(WorkspaceCommand.Delivery.class, Delivered::new);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Attach attach -> onAttach(attach);
      case Delivered(WorkspaceCommand.Delivery delivery) -> onDelivery(delivery);
      case Ended ended -> onEnded(ended);
    }
    return this;
  }

  private void onAttach(Attach attach) {
    String workspace = attach.who().workspace();
    if (streams
            .computeIfAbsent(workspace, _ -> new LinkedHashMap<>())
            .put(attach.stream(), attach.ear())
        == null) {
      getContext().watchWith(attach.stream(), new Ended(workspace, attach.stream()));
    }
    workspaces.tell(
        workspace,
        new WorkspaceCommand.Attach(
            attach.who().client(), attach.who().n(), attach.since(), attach.ear(), address));
  }

  private void onDelivery(WorkspaceCommand.Delivery delivery) {
    if (delivery.stream() != null) {
      delivery.stream().tell(delivery.feed());
      return;
    }
    var all = streams.getOrDefault(delivery.workspace(), Map.of());
    if (delivery.feed() instanceof WorkspaceCommand.Changes changes && !all.isEmpty()) {
      var news = new WorkspaceStream.Happened(WorkspaceNews.of(changes));
      all.keySet().forEach(stream -> stream.tell(news));
    } else {
      all.values().forEach(ear -> ear.tell(delivery.feed()));
    }
  }

  private void onEnded(Ended ended) {
    streams.computeIfPresent(
        ended.workspace(),
        (_, rest) -> {
          rest.remove(ended.stream());
          return rest.isEmpty() ? null : rest;
        });
  }
}
