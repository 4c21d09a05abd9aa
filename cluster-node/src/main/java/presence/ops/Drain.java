package presence.ops;

import static org.apache.pekko.actor.CoordinatedShutdown.PhaseBeforeClusterShutdown;
import static org.apache.pekko.actor.CoordinatedShutdown.PhaseBeforeServiceUnbind;
import static org.apache.pekko.actor.CoordinatedShutdown.PhaseServiceRequestsDone;
import static org.apache.pekko.actor.CoordinatedShutdown.PhaseServiceStop;
import static org.apache.pekko.actor.CoordinatedShutdown.PhaseServiceUnbind;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import presence.gateway.Connections;
import presence.gateway.http.HttpPort;
import presence.gateway.http.Spectators;
import presence.gateway.http.WorkspaceStreams;
import presence.ops.Health.Check;

/// Takes a node out of service while it still is a full member, with all its shards serving:
///
/// | phase of coordinated shutdown | what happens |
/// |---|---|
/// | `before-service-unbind` | readiness goes off; new sockets are refused |
/// | `service-unbind` | the port is closed to new connections |
/// | `service-requests-done` | clients are sent away in batches, until none is left or the phase's time is over |
/// | `service-stop` | what is left of HTTP is cut |
/// | `before-cluster-shutdown` | its shards are given to the others, a few at a time |
///
/// Only then does the node leave its cluster.
public final class Drain {
  /// For an answer that is being written; every question is answered or given up sooner.
  private static final Duration CUT_AFTER = Duration.ofSeconds(3);

  /// What the phase has left when its time for clients is over.
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private final ActorSystem<?> system;
  private final Handover handover;
  private volatile boolean begun;

  public Drain(ActorSystem<?> system) {
    this.system = system;
    task(
        PhaseBeforeServiceUnbind(),
        "readiness-off",
        () -> {
          begun = true;
          return CompletableFuture.completedFuture(Done.getInstance());
        });
    handover = new Handover(system);
    task(PhaseBeforeClusterShutdown(), "shards-away", handover::begin);
  }

  /// Whether the node is leaving.
  public boolean begun() {
    return begun;
  }

  /// Passes until the node is leaving.
  public Check notBegun() {
    return new Check(
        "a new start, because the node is leaving",
        () -> CompletableFuture.completedFuture(!begun));
  }

  /// Closes this port when the node leaves.
  public void unbinds(HttpPort port) {
    task(PhaseServiceUnbind(), "http-unbind", port::unbind);
    task(PhaseServiceStop(), "http-cut", () -> port.end(CUT_AFTER));
  }

  /// Sends these clients away when the node leaves.
  public void sendsAway(
      ActorRef<Connections.Command> connections,
      ActorRef<Spectators.Command> spectators,
      ActorRef<WorkspaceStreams.Command> streams) {
    long phase = CoordinatedShutdown.get(system).timeout(PhaseServiceRequestsDone()).toMillis();
    Duration within = Duration.ofMillis(phase).minus(MARGIN);
    task(
        PhaseServiceRequestsDone(),
        "clients-away",
        () -> {
          spectators.tell(new Spectators.Drain());
          streams.tell(new WorkspaceStreams.Drain());
          boolean elsewhere = !handover.isLast();
          return AskPattern.<Connections.Command, Done>ask(
                  connections,
                  replyTo -> new Connections.Drain(elsewhere, replyTo),
                  within,
                  system.scheduler())
              .exceptionally(
                  late -> Done.getInstance()); // who is left loses the socket with the node
        });
  }

  private void task(String phase, String name, Supplier<CompletionStage<Done>> task) {
    CoordinatedShutdown.get(system).addTask(phase, name, task);
  }
}
