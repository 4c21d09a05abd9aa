package presence.gateway;

import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/// The relays of one node: starts one for an instance when somebody here follows it, and lets it go
/// when nobody has for a while.
public final class Relays extends AbstractBehavior<Relays.Command> {

  public sealed interface Command {}

  /// For the relay of this instance.
  public record To(String instance, Relay.Command command) implements Command {}

  private record IsIdle(Relay.Idle idle) implements Command {}

  private static final class Kept {
    private final ActorRef<Relay.Command> relay;
    private long sent;

    private Kept(ActorRef<Relay.Command> relay) {
      this.relay = relay;
    }
  }

  private final Relay.Settings settings;
  private final ActorRef<Relay.Idle> idle;
  private final Map<String, Kept> relays = new HashMap<>();
  private long started;

  public static Behavior<Command> create(Relay.Settings settings) {
    return Behaviors.setup(context -> new Relays(settings, context));
  }

  private Relays(Relay.Settings settings, ActorContext<Command> context) {
    super(context);
    this.settings = settings;
    this.idle = context.messageAdapter(Relay.Idle.class, IsIdle::new);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case To to -> onTo(to);
      case IsIdle isIdle -> onIdle(isIdle.idle());
    }
    return this;
  }

  private void onTo(To to) {
    Kept kept = relays.computeIfAbsent(to.instance(), this::start);
    kept.sent++;
    kept.relay.tell(to.command());
  }

  private Kept start(String instance) {
    started++;
    return new Kept(getContext().spawn(Relay.create(instance, settings, idle), "relay-" + started));
  }

  /// Only a relay to which nothing is on its way is stopped.
  private void onIdle(Relay.Idle report) {
    Kept kept = relays.get(report.instance());
    if (kept != null && kept.sent == report.handled()) {
      relays.remove(report.instance());
      getContext().stop(kept.relay);
    }
  }
}
