package presence.gateway.http;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import presence.gateway.Connections;
import presence.gateway.Surroundings;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.ErrorCode;
import presence.protocol.Position;

/// The spectators of one node: starts one for every reader of an instance's events, no more than
/// there may be, and sends them all away when the node drains.
public final class Spectators extends AbstractBehavior<Spectators.Command> {

  public sealed interface Command {}

  /// Somebody wants to read the events of an instance; answered by an [Answer] once the instance
  /// has.
  ///
  /// @param mode absent = by the size of the room
  /// @param since what the reader has already
  record Open(
      String instance,
      @Nullable RosterMode mode,
      @Nullable Position since,
      ActorRef<Answer> replyTo)
      implements Command {}

  /// Send every reader away, each told when to come back.
  public record Drain() implements Command {}

  private record Ended(ActorRef<Spectator.Command> spectator) implements Command {}

  /// The answer to an [Open].
  sealed interface Answer {}

  /// The events from now on, to be read once.
  record Opened(Source<ByteString, ?> events) implements Answer {}

  record Refused(ErrorCode code, String message) implements Answer {}

  private final Surroundings around;
  private final HttpLimits limits;
  private final Connections.Draining draining;
  private final Set<ActorRef<Spectator.Command>> spectators = new LinkedHashSet<>();
  private boolean drained;

  public static Behavior<Command> create(
      Surroundings around, HttpLimits limits, Connections.Draining draining) {
    return Behaviors.setup(context -> new Spectators(around, limits, draining, context));
  }

  private Spectators(
      Surroundings around,
      HttpLimits limits,
      Connections.Draining draining,
      ActorContext<Command> context) {
    super(context);
    this.around = around;
    this.limits = limits;
    this.draining = draining;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Open open -> onOpen(open);
      case Drain drain -> onDrain();
      case Ended ended -> spectators.remove(ended.spectator());
    }
    return this;
  }

  private void onOpen(Open open) {
    if (drained) {
      open.replyTo().tell(new Refused(ErrorCode.UNAVAILABLE, "this node is leaving"));
    } else if (spectators.size() >= limits.spectatorsMax()) {
      open.replyTo()
          .tell(new Refused(ErrorCode.RATE_LIMITED, "this node has all the spectators it takes"));
    } else {
      ActorRef<Spectator.Command> spectator =
          getContext()
              .spawnAnonymous(
                  Behaviors.supervise(Spectator.create(open, around.relays(), limits))
                      .onFailure(SupervisorStrategy.stop()));
      spectators.add(spectator);
      getContext().watchWith(spectator, new Ended(spectator));
    }
  }

  private void onDrain() {
    drained = true;
    for (ActorRef<Spectator.Command> spectator : spectators) {
      long after = around.random().nextLong(Math.max(1, draining.spread().toMillis()));
      spectator.tell(new Spectator.Leave(Duration.ofMillis(after)));
    }
  }
}
