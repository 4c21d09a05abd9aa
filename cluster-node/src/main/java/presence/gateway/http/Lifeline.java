package presence.gateway.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SubscriptionWithCancelException.NonFailureCancellation;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/// What the bytes of every TCP connection come through, both ways: resets a connection on which
/// nothing passed for some time, whatever became of what used it. Completes when the connection is
/// over.
///
/// **Nothing passes.** One timer a connection that is set anew when it is due, not one a second as
/// Pekko HTTP's own idle timeout has: with 19,000 idle sockets that alone would be 19,000 wake-ups
/// a second.
///
/// **The client does not read.** When HTTP is done with a connection, its last bytes may still wait
/// in the TCP stage, which waits for them to be taken, for ever. So the stage stays until TCP has
/// ended; what the client says meanwhile is dropped and does not count.
final class Lifeline
    extends AbstractGraphStageWithMaterializedValue<
        BidiShape<ByteString, ByteString, ByteString, ByteString>, CompletionStage<Done>> {
  private final Inlet<ByteString> fromHttp = Inlet.create("Lifeline.fromHttp");
  private final Outlet<ByteString> toNet = Outlet.create("Lifeline.toNet");
  private final Inlet<ByteString> fromNet = Inlet.create("Lifeline.fromNet");
  private final Outlet<ByteString> toHttp = Outlet.create("Lifeline.toHttp");
  private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
      BidiShape.of(fromHttp, toNet, fromNet, toHttp);

  private final Duration idleMax;
  private final LongSupplier nanoTime;
  private final StageGroup all;

  /// @param nanoTime a clock that nobody sets
  /// @param all whom this one belongs to
  Lifeline(Duration idleMax, LongSupplier nanoTime, StageGroup all) {
    this.idleMax = idleMax;
    this.nanoTime = nanoTime;
    this.all = all;
  }

  @Override
  public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public Pair<GraphStageLogic, CompletionStage<Done>> createLogicAndMaterializedValuePair(
      Attributes inherited) {
    Line line = new Line();
    return Pair.create(line, line.ended);
  }

  private final class Line extends TimerGraphStageLogic {
    private static final String IDLE = "idle";

    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private final AsyncCallback<Done> cut = createAsyncCallback(_ -> cut());
    private long passedAt = nanoTime.getAsLong();

    Line() {
      super(shape);
      setHandler(fromNet, new FromNet());
      setHandler(toHttp, new ToHttp());
      setHandler(fromHttp, new FromHttp());
      setHandler(toNet, new ToNet());
    }

    @Override
    public void preStart() {
      all.enter(cut);
      scheduleOnce(IDLE, idleMax);
    }

    @Override
    public void onTimer(Object idle) {
      Duration left = idleMax.minusNanos(nanoTime.getAsLong() - passedAt);
      if (left.isPositive()) {
        scheduleOnce(IDLE, left);
      } else {
        cut();
      }
    }

    @Override
    public void postStop() {
      all.leave(cut);
      ended.complete(Done.getInstance());
    }

    /// To HTTP it is the client's end; TCP is reset.
    private void cut() {
      complete(toHttp);
      cancel(fromHttp);
      fail(toNet, new Cut());
      cancel(fromNet, new Cut());
    }

    private final class FromNet extends AbstractInHandler {
      @Override
      public void onPush() {
        ByteString bytes = grab(fromNet);
        if (isClosed(toHttp)) {
          pull(fromNet);
        } else {
          push(toHttp, bytes);
        }
        if (!isClosed(fromHttp)) {
          passedAt = nanoTime.getAsLong();
        }
      }

      @Override
      public void onUpstreamFinish() {
        complete(toHttp);
      }
    }

    private final class ToHttp extends AbstractOutHandler {
      @Override
      public void onPull() {
        pull(fromNet);
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        if (!(cause instanceof NonFailureCancellation)) {
          cancel(fromNet, cause);
        } else if (!isClosed(fromNet) && !hasBeenPulled(fromNet)) {
          pull(fromNet);
        }
      }
    }

    private final class FromHttp extends AbstractInHandler {
      @Override
      public void onPush() {
        passedAt = nanoTime.getAsLong();
        push(toNet, grab(fromHttp));
      }

      @Override
      public void onUpstreamFinish() {
        complete(toNet);
      }
    }

    private final class ToNet extends AbstractOutHandler {
      @Override
      public void onPull() {
        pull(fromHttp);
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        cancel(fromHttp, cause);
      }
    }
  }

  /// Makes the TCP stage reset its connection; it is no error of the server's.
  private static final class Cut extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Cut() {
      super("the connection was cut", null, false, false);
    }
  }
}
