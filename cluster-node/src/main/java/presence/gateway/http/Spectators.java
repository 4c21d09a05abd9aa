package presence.gateway.http;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
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
  private final Readers<Spectator.Command> readers;

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
    this.readers = new Readers<>(limits.spectatorsMax());
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Open open -> onOpen(open);
      case Drain drain -> readers.leave(draining.spread(), around.random(), Spectator.Leave::new);
      case Ended ended -> readers.remove(ended.spectator());
    }
    return this;
  }

  private void onOpen(Open open) {
    if (readers.areLeaving()) {
      open.replyTo().tell(new Refused(ErrorCode.UNAVAILABLE, "this node is leaving"));
    } else if (readers.areFull()) {
      open.replyTo()
          .tell(new Refused(ErrorCode.RATE_LIMITED, "this node has all the spectators it takes"));
    } else {
      readers.add(getContext(), Spectator.create(open, around.relays(), limits), Ended::new);
    }
  }
}
