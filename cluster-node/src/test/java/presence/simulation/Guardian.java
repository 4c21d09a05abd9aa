package presence.simulation;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorCell;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.FunctionRef;
import org.apache.pekko.actor.OneForOneStrategy;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.SupervisorStrategy;
import org.apache.pekko.actor.Terminated;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.japi.pf.DeciderBuilder;
import scala.runtime.BoxedUnit;

/// The parent of every actor of a world. The harness calls it directly, between deliveries: all on
/// one thread, so its context is free then.
final class Guardian extends AbstractActor {

  static final String NAME = "world";

  private final Consumer<ActorRef> terminated;
  private final BiConsumer<ActorRef, Throwable> failed;

  /// @param terminated told of every watched actor that ended
  /// @param failed told of every actor that ended with an exception
  Guardian(Consumer<ActorRef> terminated, BiConsumer<ActorRef, Throwable> failed) {
    this.terminated = terminated;
    this.failed = failed;
  }

  @Override
  public Receive createReceive() {
    return receiveBuilder().match(Terminated.class, end -> terminated.accept(end.actor())).build();
  }

  @Override
  public SupervisorStrategy supervisorStrategy() {
    return new OneForOneStrategy(
        false,
        DeciderBuilder.matchAny(
                failure -> {
                  failed.accept(getSender(), failure);
                  return SupervisorStrategy.stop();
                })
            .build());
  }

  /// Starts an actor and watches it.
  <T> ActorRef start(String name, Behavior<T> behavior) {
    Props props = Adapter.props(() -> behavior);
    return getContext().watch(getContext().actorOf(props, name));
  }

  /// Is told when the actor ended.
  void watch(ActorRef actor) {
    var _ = getContext().watch(actor);
  }

  /// Ends an actor before it gets another message.
  void stop(ActorRef actor) {
    getContext().stop(actor);
  }

  /// A ref that runs a function at once when it is told something. It can be watched.
  ActorRef function(String name, Consumer<Object> function) {
    return cell()
        .addFunctionRef(
            (sender, message) -> {
              function.accept(message);
              return BoxedUnit.UNIT;
            },
            name);
  }

  /// Ends a function's ref, for those who watch it too.
  void end(ActorRef function) {
    var _ = cell().removeFunctionRef((FunctionRef) function);
  }

  private ActorCell cell() {
    return (ActorCell) getContext();
  }
}
