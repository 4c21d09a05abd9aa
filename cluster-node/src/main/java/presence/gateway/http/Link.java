package presence.gateway.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Terminated;
import org.apache.pekko.io.Tcp;
import org.apache.pekko.io.TcpMessage;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.SubscriptionWithCancelException.NonFailureCancellation;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.InHandler;
import org.apache.pekko.stream.stage.OutHandler;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.runtime.BoxedUnit;

/// One TCP connection as a stream of bytes both ways, until it is over.
///
/// **Writing.** Bytes are taken when all that was taken before is written: whoever is asked for
/// more knows that nothing of what was said is on its way any more. [presence.gateway.ws] relies on
/// it.
///
/// **Reading** is one piece ahead of what is asked for, so that an end is seen behind it.
///
/// **Nothing passes.** A connection on which nothing came or went for some time is reset. That
/// takes one timer, which is set anew when it is due, not one a second as Pekko HTTP's own idle
/// timeout has: with 19,000 idle sockets that alone would be 19,000 wake-ups a second.
///
/// **The client does not read.** When HTTP is done with a connection, its last bytes may still wait
/// to be taken, for ever. So this stays until they are, or are given up; what the client says
/// meanwhile is dropped and does not count.
final class Link
    extends AbstractGraphStageWithMaterializedValue<
        FlowShape<ByteString, ByteString>, CompletionStage<Done>> {
  private final Inlet<ByteString> in = Inlet.create("Link.in");
  private final Outlet<ByteString> out = Outlet.create("Link.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);

  private final ActorRef tcp;
  private final Duration idleMax;
  private final LongSupplier nanoTime;
  private final StageGroup all;

  /// @param tcp the connection
  /// @param nanoTime a clock that nobody sets
  /// @param all whom this one belongs to
  Link(ActorRef tcp, Duration idleMax, LongSupplier nanoTime, StageGroup all) {
    this.tcp = tcp;
    this.idleMax = idleMax;
    this.nanoTime = nanoTime;
    this.all = all;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public Pair<GraphStageLogic, CompletionStage<Done>> createLogicAndMaterializedValuePair(
      Attributes inherited) {
    Ends ends = new Ends();
    return Pair.create(ends, ends.over);
  }

  private record Written() implements Tcp.Event {}

  private static final Tcp.Event WRITTEN = new Written();

  private final class Ends extends TimerGraphStageLogic implements InHandler, OutHandler {
    private static final String IDLE = "idle";

    private final CompletableFuture<Done> over = new CompletableFuture<>();
    private final AsyncCallback<Done> cut = createAsyncCallback(_ -> cut());
    private long passedAt = nanoTime.getAsLong();
    private boolean writing;
    private @Nullable ByteString read;

    Ends() {
      super(shape);
      setHandlers(in, out, this);
    }

    @Override
    public void preStart() {
      setKeepGoing(true);
      all.enter(cut);
      scheduleOnce(IDLE, idleMax);
      getStageActor(this::onMessage).watch(tcp);
      tell(TcpMessage.register(stageActor().ref(), true, false));
      tell(TcpMessage.resumeReading());
      pull(in);
    }

    @Override
    public void postStop() {
      all.leave(cut);
      over.complete(Done.getInstance());
    }

    private void tell(Tcp.Command command) {
      tcp.tell(command, stageActor().ref());
    }

    private BoxedUnit onMessage(Tuple2<ActorRef, Object> message) {
      switch (message._2()) {
        case Tcp.Received received -> onRead(received.data());
        case Written _ -> onWritten();
        case Tcp.ConnectionClosed closed -> onClosed(closed);
        case Terminated _ -> failStage(new StreamTcpException("the connection is gone"));
        default -> failStage(new StreamTcpException("unexpected: " + message._2()));
      }
      return BoxedUnit.UNIT;
    }

    private void onClosed(Tcp.ConnectionClosed closed) {
      if (closed.isPeerClosed()) {
        complete(out); // it may still read; all it said was read before
      } else if (closed.isErrorClosed()) {
        failStage(new StreamTcpException(closed.getErrorCause()));
      } else {
        completeStage();
      }
    }

    // from the client

    private void onRead(ByteString bytes) {
      if (!isClosed(in)) {
        passedAt = nanoTime.getAsLong();
      }
      if (isClosed(out)) {
        tell(TcpMessage.resumeReading());
      } else if (isAvailable(out)) {
        push(out, bytes);
        tell(TcpMessage.resumeReading());
      } else {
        read = bytes;
      }
    }

    @Override
    public void onPull() {
      ByteString bytes = read;
      if (bytes != null) {
        read = null;
        push(out, bytes);
        tell(TcpMessage.resumeReading());
      }
    }

    @Override
    public void onDownstreamFinish(Throwable cause) {
      if (!(cause instanceof NonFailureCancellation)) {
        tell(TcpMessage.abort());
        failStage(cause);
      } else if (read != null) {
        read = null;
        tell(TcpMessage.resumeReading());
      }
    }

    // to the client

    @Override
    public void onPush() {
      passedAt = nanoTime.getAsLong();
      writing = true;
      tell(TcpMessage.write(grab(in), WRITTEN));
    }

    private void onWritten() {
      writing = false;
      if (isClosed(in)) {
        tell(TcpMessage.close());
      } else {
        pull(in);
      }
    }

    @Override
    public void onUpstreamFinish() {
      if (!writing) {
        tell(TcpMessage.close());
      }
    }

    @Override
    public void onUpstreamFailure(Throwable failure) {
      tell(TcpMessage.abort());
      failStage(failure);
    }

    // time

    @Override
    public void onTimer(Object idle) {
      Duration left = idleMax.minusNanos(nanoTime.getAsLong() - passedAt);
      if (left.isPositive()) {
        scheduleOnce(IDLE, left);
      } else {
        cut();
      }
    }

    /// To HTTP it is the client's end; TCP is reset.
    private void cut() {
      tell(TcpMessage.abort());
      completeStage();
    }
  }
}
