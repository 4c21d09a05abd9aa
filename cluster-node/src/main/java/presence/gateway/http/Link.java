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
import org.apache.pekko.stream.ClosedShape;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.SubscriptionWithCancelException.NonFailureCancellation;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import presence.gateway.ws.Socket;
import presence.gateway.ws.SocketPlan;
import presence.gateway.ws.StageTransport;
import scala.Tuple2;
import scala.jdk.javaapi.FutureConverters;

/// One TCP connection, until it is over: first what HTTP's streams say and hear by their [Shore],
/// and then, if it becomes a WebSocket, what carries that. It runs apart from those streams, which
/// end at that moment and are forgotten: they would be most of what an idle socket keeps.
///
/// **Writing.** More is taken when all that was taken before is written.
///
/// **Reading** is one piece ahead of what is asked for, so that an end is seen behind it.
///
/// **Nothing passes.** A connection on which nothing came or went for some time is reset. What a
/// WebSocket writes by its short way is not seen here and does not count. That takes one timer,
/// which is set anew when it is due, not one a second as Pekko HTTP's own idle timeout has: with
/// 19,000 idle sockets that alone would be 19,000 wake-ups a second.
///
/// **The client does not read.** When HTTP is done with a connection, its last bytes may still wait
/// to be taken, for ever. So this stays until they are, or are given up; what the client says
/// meanwhile is dropped and does not count.
final class Link
    extends AbstractGraphStageWithMaterializedValue<ClosedShape, CompletionStage<Done>> {
  /// What it is told from outside.
  sealed interface Step {
    /// These are the streams that hear what the client says.
    record Meet(AsyncCallback<Shore.News> shore) implements Step {}

    /// They ask for bytes.
    record Ask() implements Step {}

    /// They say this; told once for each [Shore.News.Written], and once before.
    record Say(ByteString bytes) implements Step {}

    /// They have said all.
    record SaidAll() implements Step {}

    /// They want no more bytes.
    record Enough() implements Step {}

    /// Something in them failed.
    record Abort() implements Step {}

    /// They are over.
    record Left() implements Step {}

    /// They are given no further bytes: the connection will be a socket.
    record LeaveHttp() implements Step {}

    /// It is this socket, once they have said their last.
    ///
    /// @param early what of its bytes went to them
    record Become(SocketPlan plan, ByteString early) implements Step {}

    static Step enough(Throwable cause) {
      return cause instanceof NonFailureCancellation ? new Enough() : new Abort();
    }
  }

  private record Written() implements Tcp.Event {}

  private static final Tcp.Event WRITTEN = new Written();
  private static final ByteString NOTHING = ByteString.emptyByteString();

  private final Arrivals.Arrival arrival;
  private final ActorRef tcp;
  private final Duration idleMax;
  private final LongSupplier nanoTime;
  private final StageGroup all;
  private final Ends ends;

  /// @param nanoTime a clock that nobody sets
  /// @param all whom this one belongs to
  Link(Arrivals.Arrival arrival, Duration idleMax, LongSupplier nanoTime, StageGroup all) {
    this.arrival = arrival;
    this.tcp = arrival.tcp();
    this.idleMax = idleMax;
    this.nanoTime = nanoTime;
    this.all = all;
    this.ends = new Ends();
  }

  @Override
  public ClosedShape shape() {
    return ClosedShape.getInstance();
  }

  @Override
  public Pair<GraphStageLogic, CompletionStage<Done>> createLogicAndMaterializedValuePair(
      Attributes inherited) {
    return Pair.create(ends, ends.over);
  }

  /// From any thread, also before it runs.
  void tell(Step step) {
    ends.steps.invoke(step);
  }

  /// These streams hear what the client says from now on, and, if it has ended before, that.
  void meet(AsyncCallback<Shore.News> shore) {
    FutureConverters.asJava(ends.steps.invokeWithFeedback(new Step.Meet(shore)))
        .exceptionally(_ -> {
          shore.invoke(new Shore.News.Over());
          return Done.getInstance();
        });
  }

  private final class Ends extends StageTransport {
    private static final String IDLE = "idle";

    private final CompletableFuture<Done> over = new CompletableFuture<>();
    private final AsyncCallback<Done> cut = callback(_ -> cut());
    private final AsyncCallback<Step> steps = callback(this::onStep);
    private long passedAt = nanoTime.getAsLong();
    private boolean writing;

    /// What was read and not handed on. While there is any, nothing more is read.
    private @Nullable ByteString read;

    private boolean clientEnded;

    // HTTP's streams: whether they wait for bytes, want none, have said all
    private @Nullable AsyncCallback<Shore.News> shore;
    private boolean asked;
    private boolean deaf;
    private boolean saidAll;

    /// On the way from HTTP to a socket.
    private boolean leaving;

    private @Nullable SocketPlan plan;
    private ByteString early = NOTHING;
    private @Nullable Socket socket;

    Ends() {
      super(ClosedShape.getInstance());
    }

    @Override
    public void preStart() {
      setKeepGoing(true);
      all.enter(cut);
      scheduleOnce(IDLE, idleMax);
      ActorRef self = hears(this::onMessage);
      watch(tcp);
      command(TcpMessage.register(self, true, false));
      command(TcpMessage.resumeReading());
    }

    @Override
    public void postStop() {
      all.leave(cut);
      stopSocket();
      news(new Shore.News.Over());
      over.complete(Done.getInstance());
    }

    private void command(Tcp.Command command) {
      tcp.tell(command, stageActor().ref());
    }

    private void news(Shore.News news) {
      if (shore != null) {
        shore.invoke(news);
      }
    }

    private void onMessage(Tuple2<ActorRef, Object> message) {
      switch (message._2()) {
        case Tcp.Received received -> onRead(received.data());
        case Written _ -> onWritten();
        case Tcp.ConnectionClosed closed -> onClosed(closed);
        case Terminated dead when !dead.getActor().equals(tcp) -> onConnectionDead();
        case Terminated _ -> onLost("the connection is gone");
        default -> onLost("unexpected: " + message._2());
      }
    }

    private void onClosed(Tcp.ConnectionClosed closed) {
      if (closed.isPeerClosed()) {
        onClientEnded();
      } else if (closed.isErrorClosed()) {
        onLost(closed.getErrorCause());
      } else {
        completeStage();
      }
    }

    private void onLost(String why) {
      news(new Shore.News.Lost(new StreamTcpException(why)));
      completeStage();
    }

    // from the client

    private void onRead(ByteString bytes) {
      if (!saidAll || leaving || socket != null) {
        passedAt = nanoTime.getAsLong();
      }
      read = bytes;
      if (socket != null) {
        socket.onReadable();
      } else if (deaf) {
        read();
      } else if (asked) {
        give();
      }
    }

    /// It may still read. All it said was read before.
    private void onClientEnded() {
      clientEnded = true;
      if (socket != null) {
        socket.onReadable();
      } else {
        news(new Shore.News.Ended());
      }
    }

    private void give() {
      ByteString bytes = read();
      asked = bytes == null;
      if (bytes != null) {
        news(new Shore.News.Came(bytes));
      }
    }

    // from HTTP's streams

    private void onStep(Step step) {
      switch (step) {
        case Step.Meet(AsyncCallback<Shore.News> met) -> {
          shore = met;
          if (clientEnded) {
            news(new Shore.News.Ended());
          }
        }
        case Step.Ask _ -> {
          if (!leaving) {
            give();
          }
        }
        case Step.Say(ByteString bytes) -> write(bytes);
        case Step.SaidAll _ -> {
          saidAll = true;
          onSaid();
        }
        case Step.Enough _ -> {
          if (!leaving) {
            deaf = true;
            read(); // for nobody
          }
        }
        case Step.Abort _ -> cut();
        case Step.Left _ -> onLeft();
        case Step.LeaveHttp _ -> onLeaving();
        case Step.Become(SocketPlan next, ByteString bytes) -> {
          plan = next;
          early = bytes;
          onSaid();
        }
      }
    }

    /// What they wanted no more is lost to the socket, too.
    private void onLeaving() {
      leaving = true;
      asked = false;
      news(new Shore.News.Ended());
      if (deaf) {
        cut();
      }
    }

    /// They may have stopped without a word.
    private void onLeft() {
      shore = null;
      boolean owesSocket = leaving && plan == null;
      if (!saidAll || owesSocket) {
        cut();
      }
    }

    // to the client

    private void onWritten() {
      writing = false;
      if (socket != null) {
        socket.onWritten();
      } else {
        news(new Shore.News.Written());
        onSaid();
      }
    }

    /// What is next when HTTP's streams, or the socket, have said all and all of it is written.
    private void onSaid() {
      SocketPlan begins = plan;
      if (!saidAll || writing) {
        return;
      }
      if (!leaving) {
        command(TcpMessage.close());
      } else if (begins != null) {
        plan = null;
        leaving = false;
        shore = null;
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

    // what the socket is carried by

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
        command(TcpMessage.resumeReading());
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
      command(TcpMessage.write(bytes, WRITTEN));
    }

    @Override
    public void end() {
      if (socket != null) {
        stopSocket();
        deaf = true;
        onSaid();
      }
    }

    @Override
    public void reset() {
      cut();
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
      stopSocket();
      command(TcpMessage.abort());
      completeStage();
    }
  }
}
