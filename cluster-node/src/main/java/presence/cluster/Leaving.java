package presence.cluster;

import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.apache.pekko.cluster.typed.Cluster;

/// Which nodes of the cluster are leaving and want to be rid of their shards while they still serve
/// them. Every node knows it about a second after one has said so, and forgets it when that one is
/// gone.
public final class Leaving implements Extension {

  /// What stands for a node that leaves; it is told nothing.
  private enum Word {}

  private static final ServiceKey<Word> KEY = ServiceKey.create(Word.class, "leaving");

  private static final ExtensionId<Leaving> ID =
      new ExtensionId<>() {
        @Override
        public Leaving createExtension(ActorSystem<?> system) {
          return new Leaving(system);
        }
      };

  private final ActorSystem<?> system;
  private volatile Set<Address> nodes = Set.of();

  private Leaving(ActorSystem<?> system) {
    this.system = system;
    system.systemActorOf(listener(), "leaving-nodes", Props.empty());
  }

  /// The one of this node.
  public static Leaving get(ActorSystem<?> system) {
    return system.registerExtension(ID);
  }

  /// Says that this node is leaving; there is no way back.
  public void say() {
    Behavior<Word> word =
        Behaviors.setup(context -> {
          system.receptionist().tell(Receptionist.register(KEY, context.getSelf()));
          return Behaviors.empty();
        });
    system.systemActorOf(word, "leaving", Props.empty());
  }

  /// The addresses of those that are leaving.
  public Set<Address> nodes() {
    return nodes;
  }

  private Behavior<Receptionist.Listing> listener() {
    return Behaviors.setup(context -> {
      system.receptionist().tell(Receptionist.subscribe(KEY, context.getSelf()));
      return Behaviors.receiveMessage(this::heard);
    });
  }

  private Behavior<Receptionist.Listing> heard(Receptionist.Listing listing) {
    nodes =
        listing.getServiceInstances(KEY).stream()
            .map(this::address)
            .collect(Collectors.toUnmodifiableSet());
    return Behaviors.same();
  }

  private Address address(ActorRef<Word> word) {
    Address address = word.path().address();
    return address.hasLocalScope() ? Cluster.get(system).selfMember().address() : address;
  }
}
