package presence.gateway;

import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import presence.protocol.Spot;

/// The worlds that clients of this node are in: starts a relay for one when somebody here follows
/// it, and lets it go when nobody has for a while.
public final class WorldRelays extends AbstractBehavior<WorldRelays.Command> {

  public sealed interface Command {}

  /// A client's avatar is here now, by whatever way that came. Who is no member of the world moves
  /// nothing.
  ///
  /// @param epoch of the client's connection; of two moves the one with the greater epoch holds,
  ///   then the one with the greater `seq`
  public record Move(String piece, String session, long epoch, Spot pos, long seq)
      implements Command {}

  /// For the relay of this world.
  record To(String piece, WorldRelay.Command command) implements Command {}

  private record IsIdle(WorldRelay.Idle idle) implements Command {}

  private static final class Kept {
    private final ActorRef<WorldRelay.Command> relay;
    private long sent;

    private Kept(ActorRef<WorldRelay.Command> relay) {
      this.relay = relay;
    }

    private void tell(WorldRelay.Command command) {
      sent++;
      relay.tell(command);
    }
  }

  private final WorldRelay.Settings settings;
  private final ActorRef<WorldRelay.Idle> idle;
  private final Map<String, Kept> relays = new HashMap<>();
  private long started;

  public static Behavior<Command> create(WorldRelay.Settings settings) {
    return Behaviors.setup(context -> new WorldRelays(settings, context));
  }

  private WorldRelays(WorldRelay.Settings settings, ActorContext<Command> context) {
    super(context);
    this.settings = settings;
    this.idle = context.messageAdapter(WorldRelay.Idle.class, IsIdle::new);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Move move -> onMove(move);
      case To to -> relays.computeIfAbsent(to.piece(), this::start).tell(to.command());
      case IsIdle isIdle -> onIdle(isIdle.idle());
    }
    return this;
  }

  private void onMove(Move move) {
    Kept kept = relays.get(move.piece());
    if (kept != null) {
      kept.tell(new WorldRelay.Walk(move.session(), move.epoch(), move.pos(), move.seq()));
    }
  }

  private Kept start(String piece) {
    started++;
    return new Kept(
        getContext().spawn(WorldRelay.create(piece, settings, idle), "world-" + started));
  }

  /// Only a relay to which nothing is on its way is stopped.
  private void onIdle(WorldRelay.Idle report) {
    Kept kept = relays.get(report.piece());
    if (kept != null && kept.sent == report.handled()) {
      relays.remove(report.piece());
      getContext().stop(kept.relay);
    }
  }
}
