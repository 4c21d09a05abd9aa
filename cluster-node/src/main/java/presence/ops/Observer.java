package presence.ops;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.apache.pekko.cluster.typed.Cluster;
import presence.cluster.Remote;

/// Answers for its node what operators ask of all nodes: how it is, and to leave. It takes a sample
/// every few seconds, so that who begins to look sees the last minutes.
public final class Observer extends AbstractBehavior<Observer.Command> {
  /// Under which the observers of all nodes are found.
  public static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "observers");

  public sealed interface Command {}

  public record Describe(ActorRef<NodeReport> replyTo) implements Command, Remote {}

  /// Send the clients of this node away, hand its shards over, and stop.
  public record Leave(ActorRef<Leaving> replyTo) implements Command, Remote {}

  /// The node leaves, and answers no more than that.
  public record Leaving() implements Remote {}

  private enum Tick implements Command {
    SAMPLE
  }

  private static final Duration EVERY = Duration.ofSeconds(5);

  /// Five minutes.
  private static final int SAMPLES = 60;

  private static final int ROOMS = 20;

  private final Observations observations;
  private final Deque<NodeReport.Sample> samples = new ArrayDeque<>(SAMPLES + 1);

  /// The observer of this node.
  public static Behavior<Command> create(Observations observations) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
          timers.startTimerWithFixedDelay(Tick.SAMPLE, Duration.ZERO, EVERY);
          return new Observer(observations, context);
        }));
  }

  private Observer(Observations observations, ActorContext<Command> context) {
    super(context);
    this.observations = observations;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Describe describe -> describe.replyTo().tell(report());
      case Leave leave -> onLeave(leave);
      case Tick _ -> onSample();
    }
    return this;
  }

  private void onLeave(Leave leave) {
    leave.replyTo().tell(new Leaving());
    getContext().getLog().info("An operator told this node to leave");
    CoordinatedShutdown.get(getContext().getSystem()).runAll(new ToldToLeave());
  }

  /// Why the node stops.
  private static final class ToldToLeave implements CoordinatedShutdown.Reason {}

  private void onSample() {
    samples.addLast(observations.sample());
    if (samples.size() > SAMPLES) {
      samples.removeFirst();
    }
  }

  private NodeReport report() {
    return new NodeReport(
        addressOf(Cluster.get(getContext().getSystem()).selfMember().address()),
        observations.build().version(),
        observations.startedAt().toEpochMilli(),
        observations.draining().getAsBoolean(),
        observations.sessions(),
        shards(),
        largest(),
        observations.slowFlushes().slowest(),
        observations.recentEnds().newest(),
        List.copyOf(samples));
  }

  /// How operators know a node.
  static String addressOf(org.apache.pekko.actor.Address address) {
    return address.hostPort().replaceFirst(".*@", "");
  }

  private Map<String, Integer> shards() {
    return observations.metrics().shards().held().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().size()));
  }

  private List<NodeReport.Room> largest() {
    return observations.metrics().instances().standings().entrySet().stream()
        .map(each ->
            new NodeReport.Room(each.getKey(), each.getValue().at(), each.getValue().counts()))
        .sorted(
            Comparator.comparingInt((NodeReport.Room room) -> room.counts().sessions()).reversed())
        .limit(ROOMS)
        .toList();
  }
}
