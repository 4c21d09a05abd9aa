package presence.node;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ActorSystemImpl;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.remote.RARP;
import scala.jdk.javaapi.FutureConverters;

/// What happens to nodes that nobody asked for. The nodes must have been started with [#POSSIBLE].
public final class Outage {
  /// The system property without which Artery lets nobody interfere.
  public static final String POSSIBLE = "pekko.remote.artery.advanced.test-mode";

  private static final long PATIENCE_S = 30;

  private Outage() {}

  /// Cuts this node off from the others: whatever they send each other is lost without a word.
  public static void cutOff(Node node, List<Node> others) {
    others.forEach(other -> tell(node.system(), address(other), true));
    cutOffNext(node, others);
  }

  /// Cuts off what will call itself as this node did: its next incarnation.
  public static void cutOffNext(Node node, List<Node> others) {
    others.forEach(other -> tell(other.system(), address(node), true));
  }

  /// Lets the others hear again what calls itself as this node does: its next incarnation.
  public static void heal(Node node, List<Node> others) {
    others.forEach(other -> tell(other.system(), address(node), false));
  }

  /// Ends this node as nearly as one JVM can kill it: the others never hear from it again, and
  /// nothing of its coordinated shutdown runs.
  public static void kill(Node node, List<Node> others) {
    cutOff(node, others);
    ((ActorSystemImpl) node.system().classicSystem()).abort();
    node.system()
        .getWhenTerminated()
        .toCompletableFuture()
        .orTimeout(PATIENCE_S, TimeUnit.SECONDS)
        .join();
    heal(node, others);
  }

  /// How many members this node knows, whatever their state.
  public static int members(Node node) {
    Iterable<Member> members = Cluster.get(node.system()).state().getMembers();
    return (int) StreamSupport.stream(members.spliterator(), false).count();
  }

  /// Artery understands the commands of the transport before it, which is deprecated.
  @SuppressWarnings("deprecation")
  private static void tell(ActorSystem<?> system, Address about, boolean silent) {
    var both = org.apache.pekko.remote.transport.ThrottlerTransportAdapter$Direction$Both$.MODULE$;
    var mode =
        silent
            ? org.apache.pekko.remote.transport.ThrottlerTransportAdapter.Blackhole$.MODULE$
            : org.apache.pekko.remote.transport.ThrottlerTransportAdapter.Unthrottled$.MODULE$;
    var command =
        new org.apache.pekko.remote.transport.ThrottlerTransportAdapter.SetThrottle(
            about, both, mode);
    var transport = ((RARP) RARP.get(system.classicSystem())).provider().transport();
    FutureConverters.asJava(transport.managementCommand(command))
        .toCompletableFuture()
        .orTimeout(PATIENCE_S, TimeUnit.SECONDS)
        .join();
  }

  private static Address address(Node node) {
    return Cluster.get(node.system()).selfMember().address();
  }
}
