package presence.gateway.ws;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.stream.Shape;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.jdk.javaapi.DurationConverters;
import scala.runtime.BoxedUnit;

/// A transport that is a stage. It is told what does not come by a port by callbacks and by its
/// actor, whose failures end it without a word of Pekko's; they are logged here.
public abstract class StageTransport extends TimerGraphStageLogic implements Transport {
  private static final Logger log = LoggerFactory.getLogger(StageTransport.class);

  protected StageTransport(Shape shape) {
    super(shape);
  }

  /// Has an actor of its own from now on, for what it watches and what it is told; to be called
  /// when it starts.
  protected final ActorRef hears(Consumer<Tuple2<ActorRef, Object>> messages) {
    Consumer<Tuple2<ActorRef, Object>> logged = logged(messages);
    return getStageActor(
            message -> {
              logged.accept(message);
              return BoxedUnit.UNIT;
            })
        .ref();
  }

  @Override
  public final void watch(ActorRef actor) {
    stageActor().watch(actor);
  }

  @Override
  public final void unwatch(ActorRef actor) {
    stageActor().unwatch(actor);
  }

  @Override
  public final <T> AsyncCallback<T> callback(Consumer<T> told) {
    return createAsyncCallback(logged(told)::accept);
  }

  @Override
  public final Cancellable after(Duration delay, Runnable task) {
    return materializer().scheduleOnce(DurationConverters.toScala(delay), task);
  }

  /// The same, but a failure there is logged, for any stage of a connection.
  public static <T> Consumer<T> logged(Consumer<T> told) {
    return each -> {
      try {
        told.accept(each);
      } catch (RuntimeException e) {
        log.error("A connection failed", e);
        throw e;
      }
    };
  }
}
