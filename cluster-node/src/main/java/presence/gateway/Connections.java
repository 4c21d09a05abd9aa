package presence.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import presence.protocol.CloseCode;

/// The connections of one node: starts one for every socket, and sends them all away when the node
/// drains.
public final class Connections extends AbstractBehavior<Connections.Command> {

  public sealed interface Command {}

  /// A socket has opened.
  ///
  /// @param visit ends with the connection
  /// @param opened is given the way to tell the connection what the wire sees; called on another
  ///   thread
  public record Open(Wire wire, Visit visit, Consumer<ActorRef<Wire.Event>> opened)
      implements Command {}

  /// Send every client away, in batches, each told when to come back; answered when none is left.
  ///
  /// @param elsewhere whether there is another node to come back to: then it is answered when all
  ///   had the time to
  public record Drain(boolean elsewhere, ActorRef<Done> replyTo) implements Command {}

  /// How many sockets there are.
  public record Count(ActorRef<Integer> replyTo) implements Command {}

  private record Ended(ActorRef<ConnectionCommand> connection, Visit visit) implements Command {}

  private enum Tick implements Command {
    DRAIN,
    ALL_BACK
  }

  /// How a node sends its clients away.
  ///
  /// @param batch sockets in one go
  /// @param pause between two batches
  /// @param spread the longest a client is asked to stay away before it comes back
  public record Draining(int batch, Duration pause, Duration spread) {}

  private final Surroundings around;
  private final Draining draining;
  private final TimerScheduler<Command> timers;
  private final Set<ActorRef<ConnectionCommand>> connections = new LinkedHashSet<>();
  private final Deque<ActorRef<ConnectionCommand>> leaving = new ArrayDeque<>();
  private final List<Drain> drains = new ArrayList<>(1);

  public static Behavior<Command> create(Surroundings around, Draining draining) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> new Connections(around, draining, context, timers)));
  }

  private Connections(
      Surroundings around,
      Draining draining,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(context);
    this.around = around;
    this.draining = draining;
    this.timers = timers;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Open open -> onOpen(open);
      case Ended ended -> onEnded(ended);
      case Drain drain -> onDrain(drain);
      case Count count -> count.replyTo().tell(connections.size());
      case Tick tick -> {
        switch (tick) {
          case DRAIN -> sendNextAway();
          case ALL_BACK -> answerDrains();
        }
      }
    }
    return this;
  }

  private void onOpen(Open open) {
    ActorRef<ConnectionCommand> connection = getContext().spawnAnonymous(connection(open));
    connections.add(connection);
    around.meter().open(connections.size());
    getContext().watchWith(connection, new Ended(connection, open.visit()));
    if (!drains.isEmpty()) {
      sendAway(connection);
    }
  }

  /// Not supervised: one that fails is stopped and logged all the same, and a supervisor would be
  /// passed by every message.
  private Behavior<ConnectionCommand> connection(Open open) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          open.opened().accept(context.getSelf().narrow());
          GatewayLimits limits = around.limits();
          Outbox outbox = new Outbox(limits.outboxBytesMax(), limits.frameBytesMax());
          return new Handshake(
              around,
              new Line(open.wire(), around.codec(), outbox, around.meter()),
              open.visit(),
              context,
              timers);
        }));
  }

  private void onEnded(Ended ended) {
    connections.remove(ended.connection());
    ended.visit().end();
    around.meter().open(connections.size());
    if (connections.isEmpty() && drains.stream().anyMatch(Drain::elsewhere)) {
      timers.startSingleTimer(Tick.ALL_BACK, Tick.ALL_BACK, draining.spread());
    } else {
      answerDrains();
    }
  }

  private void onDrain(Drain drain) {
    drains.add(drain);
    if (drains.size() == 1) {
      List<ActorRef<ConnectionCommand>> shuffled = new ArrayList<>(connections);
      Collections.shuffle(shuffled, Random.from(around.random()));
      leaving.addAll(shuffled);
      sendNextAway();
    }
    answerDrains();
  }

  private void sendNextAway() {
    for (int i = 0; i < draining.batch() && !leaving.isEmpty(); i++) {
      sendAway(leaving.poll());
    }
    if (!leaving.isEmpty()) {
      timers.startSingleTimer(Tick.DRAIN, Tick.DRAIN, draining.pause());
    }
  }

  private void sendAway(ActorRef<ConnectionCommand> connection) {
    long after = around.random().nextLong(Math.max(1, draining.spread().toMillis()));
    connection.tell(
        new ConnectionCommand.Close(
            CloseCode.DRAINING, "this node is leaving", Duration.ofMillis(after)));
  }

  private void answerDrains() {
    if (connections.isEmpty() && !timers.isTimerActive(Tick.ALL_BACK)) {
      drains.forEach(each -> each.replyTo().tell(Done.getInstance()));
    }
  }
}
