package presence.gateway.http;

import java.time.Duration;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import presence.gateway.Relay;
import presence.gateway.Relays;
import presence.protocol.Position;

/// One reader of an instance's events: passes on what the relay delivers. It has no session, so it
/// is in no list and no count. A reader that does not keep up is let go; it comes back with the id
/// of the last event it read, and is given the rest.
final class Spectator extends AbstractBehavior<Spectator.Command> {

  sealed interface Command {}

  /// The node drains.
  record Leave(Duration reconnectAfter) implements Command {}

  private record FromRelay(Relay.Delivery delivery) implements Command {}

  private record ReaderGone() implements Command {}

  private final Spectators.Open asked;
  private final HttpLimits limits;
  private @Nullable BoundedSourceQueue<ByteString> reader;

  static Behavior<Command> create(
      Spectators.Open asked, ActorRef<Relays.Command> relays, HttpLimits limits) {
    return Behaviors.setup(context -> new Spectator(asked, relays, limits, context));
  }

  private Spectator(
      Spectators.Open asked,
      ActorRef<Relays.Command> relays,
      HttpLimits limits,
      ActorContext<Command> context) {
    super(context);
    this.asked = asked;
    this.limits = limits;
    ActorRef<Relay.Delivery> ear = context.messageAdapter(Relay.Delivery.class, FromRelay::new);
    relays.tell(
        new Relays.To(
            asked.instance(),
            new Relay.Follow(
                ear, null, asked.mode(), asked.since(), Position.NOWHERE, null, null)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    return switch (command) {
      case FromRelay(Relay.Stream stream) -> onStream(stream);
      case FromRelay(Relay.Refused refused) -> {
        asked.replyTo().tell(new Spectators.Refused(refused.code(), refused.message()));
        yield Behaviors.stopped();
      }
      case FromRelay(Relay.RosterPage page) -> this;
      case ReaderGone gone -> Behaviors.stopped();
      case Leave leave -> onLeave(leave);
    };
  }

  private Behavior<Command> onStream(Relay.Stream stream) {
    BoundedSourceQueue<ByteString> to = reader == null ? open() : reader;
    if (to.offer(ServerSentEvents.of(stream.messages())).isEnqueued()) {
      return this;
    }
    ServerSentEvents.end(to);
    return Behaviors.stopped();
  }

  /// Lets the reader begin: what is offered from now on, it reads.
  private BoundedSourceQueue<ByteString> open() {
    ActorRef<Command> self = getContext().getSelf();
    Pair<BoundedSourceQueue<ByteString>, Source<ByteString, NotUsed>> events =
        Source.<ByteString>queue(limits.spectatorBacklog())
            .watchTermination((queue, done) -> {
              done.whenComplete((end, failure) -> self.tell(new ReaderGone()));
              return queue;
            })
            .preMaterialize(getContext().getSystem());
    reader = events.first();
    asked
        .replyTo()
        .tell(
            new Spectators.Opened(
                events.second().keepAlive(limits.commentEvery(), () -> ServerSentEvents.COMMENT)));
    return events.first();
  }

  private Behavior<Command> onLeave(Leave leave) {
    if (reader != null) {
      reader.offer(ServerSentEvents.reconnectAfter(leave.reconnectAfter()));
      ServerSentEvents.end(reader);
    }
    return Behaviors.stopped();
  }
}
