package presence.gateway.http;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Cancellable;
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
import presence.gateway.ws.Socket;
import presence.gateway.ws.SocketPlan;
import presence.gateway.ws.Transport;
import scala.Tuple2;
import scala.jdk.javaapi.DurationConverters;
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

  private final Arrivals.Arrival arrival;
  private final ActorRef tcp;
  private final Duration idleMax;
  private final LongSupplier nanoTime;
  private final StageGroup all;
  private volatile @Nullable AsyncCallback<Step> steps;

  /// @param nanoTime a clock that nobody sets
  /// @param all whom this one belongs to
  Link(Arrivals.Arrival arrival, Duration idleMax, LongSupplier nanoTime, StageGroup all) {
    this.arrival = arrival;
    this.tcp = arrival.tcp();
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

  /// From any thread: gives HTTP no further bytes, and ends its stream.
  void leaveHttp() {
    step(new LeaveHttp());
  }

  /// From any thread, after [#leaveHttp]: is this socket, once HTTP has said its last.
  ///
  /// @param early what of its bytes went to HTTP
  void become(SocketPlan plan, ByteString early) {
    step(new Become(plan, early));
  }

  private void step(Step step) {
    Objects.requireNonNull(steps, "a link that does not run").invoke(step);
  }

  private sealed interface Step {}

  private record LeaveHttp() implements Step {}

  private record Become(SocketPlan plan, ByteString early) implements Step {}

  private record Written() implements Tcp.Event {}

  private static final Tcp.Event WRITTEN = new Written();
  private static final ByteString NOTHING = ByteString.emptyByteString();

  private final class Ends extends TimerGraphStageLogic
      implements InHandler, OutHandler, Transport {
    private static final String IDLE = "idle";

    private final CompletableFuture<Done> over = new CompletableFuture<>();
    private final AsyncCallback<Done> cut = createAsyncCallback(_ -> cut());
    private long passedAt = nanoTime.getAsLong();
    private boolean writing;

    /// What was read and not handed on. While there is any, nothing more is read.
    private @Nullable ByteString read;

    private boolean clientEnded;

    /// On the way from HTTP to a socket.
    private boolean leaving;

    private @Nullable SocketPlan plan;
    private ByteString early = NOTHING;
    private @Nullable Socket socket;

    Ends() {
      super(shape);
      setHandlers(in, out, this);
      steps = createAsyncCallback(this::onStep);
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
      stopSocket();
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
        case Terminated dead when !dead.getActor().equals(tcp) -> onConnectionDead();
        case Terminated _ -> failStage(new StreamTcpException("the connection is gone"));
        default -> failStage(new StreamTcpException("unexpected: " + message._2()));
      }
      return BoxedUnit.UNIT;
    }

    private void onClosed(Tcp.ConnectionClosed closed) {
      if (closed.isPeerClosed()) {
        onClientEnded();
      } else if (closed.isErrorClosed()) {
        failStage(new StreamTcpException(closed.getErrorCause()));
      } else {
        completeStage();
      }
    }

    // from the client

    private void onRead(ByteString bytes) {
      if (!isClosed(in) || leaving || socket != null) {
        passedAt = nanoTime.getAsLong();
      }
      if (socket != null) {
        read = bytes;
        socket.onReadable();
      } else if (leaving) {
        read = bytes;
      } else if (isClosed(out)) {
        tell(TcpMessage.resumeReading());
      } else if (isAvailable(out)) {
        push(out, bytes);
        tell(TcpMessage.resumeReading());
      } else {
        read = bytes;
      }
    }

    /// It may still read. All it said was read before.
    private void onClientEnded() {
      clientEnded = true;
      if (socket != null) {
        socket.onReadable();
      } else {
        complete(out);
      }
    }

    @Override
    public void onPull() {
      ByteString bytes = read();
      if (bytes != null) {
        push(out, bytes);
      }
    }

    @Override
    public void onDownstreamFinish(Throwable cause) {
      if (cause instanceof NonFailureCancellation) {
        read(); // for nobody
      } else {
        tell(TcpMessage.abort());
        failStage(cause);
      }
    }

    // to the client

    @Override
    public void onPush() {
      write(grab(in));
    }

    private void onWritten() {
      writing = false;
      if (socket != null) {
        socket.onWritten();
      } else if (!isClosed(in)) {
        pull(in);
      } else {
        onAllSaid();
      }
    }

    @Override
    public void onUpstreamFinish() {
      if (!writing) {
        onAllSaid();
      }
    }

    /// HTTP, or the socket, has said all, and all of it is written.
    private void onAllSaid() {
      if (leaving) {
        begin();
      } else {
        tell(TcpMessage.close());
      }
    }

    @Override
    public void onUpstreamFailure(Throwable failure) {
      tell(TcpMessage.abort());
      failStage(failure);
    }

    // from HTTP to a socket

    private void onStep(Step step) {
      switch (step) {
        case LeaveHttp _ -> {
          leaving = true;
          complete(out);
        }
        case Become(SocketPlan next, ByteString bytes) -> {
          plan = next;
          early = bytes;
          begin();
        }
      }
    }

    private void begin() {
      SocketPlan begins = plan;
      if (begins != null && isClosed(in) && !writing) {
        plan = null;
        leaving = false;
        Socket begun = begins.on(this, arrival.channel());
        socket = begun;
        begun.start();
      }
    }

    private void onConnectionDead() {
      if (socket != null) {
        socket.onDeath();
      }
    }

    private void stopSocket() {
      Socket stops = socket;
      socket = null;
      if (stops != null) {
        stops.stop();
      }
    }

    // what the socket, and the streams above, are carried by

    @Override
    public @Nullable ByteString read() {
      ByteString bytes = early;
      if (!bytes.isEmpty()) {
        early = NOTHING;
        return bytes;
      }
      bytes = read;
      if (bytes != null) {
        read = null;
        tell(TcpMessage.resumeReading());
      }
      return bytes;
    }

    @Override
    public boolean isEnded() {
      return clientEnded && read == null && early.isEmpty();
    }

    @Override
    public boolean isFree() {
      return !writing;
    }

    @Override
    public void write(ByteString bytes) {
      passedAt = nanoTime.getAsLong();
      writing = true;
      tell(TcpMessage.write(bytes, WRITTEN));
    }

    @Override
    public void end() {
      if (socket != null) {
        stopSocket();
        if (!writing) {
          onAllSaid();
        }
      }
    }

    @Override
    public void reset() {
      stopSocket();
      cut();
    }

    @Override
    public void watch(ActorRef connection) {
      stageActor().watch(connection);
    }

    @Override
    public void unwatch(ActorRef connection) {
      stageActor().unwatch(connection);
    }

    @Override
    public AsyncCallback<Object> callback(Consumer<Object> told) {
      return createAsyncCallback(told::accept);
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
      return materializer().scheduleOnce(DurationConverters.toScala(delay), task);
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
