package presence.gateway.ws;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// What carries the bytes of one [Socket] and runs it: all that it is told, it is told one after
/// the other.
public interface Transport {
  /// The bytes that came. If there are none, [Socket#onReadable] is called when there are, or when
  /// the client has ended.
  @Nullable ByteString read();

  /// Whether the client's bytes have ended and all were read.
  boolean isEnded();

  /// Whether everything that was said before is written. If not, [Socket#onWritten] is called when
  /// it is.
  boolean isFree();

  /// Says something; to be called only when it is free.
  void write(ByteString bytes);

  /// Ends the connection when everything said is written.
  void end();

  /// Ends the connection at once.
  void reset();

  /// Has the socket called when this actor dies.
  void watch(ActorRef connection);

  void unwatch(ActorRef connection);

  /// A way to tell the socket something from any thread; to be asked for while it is made.
  <T> AsyncCallback<T> callback(Consumer<T> told);

  /// Does this later, on any thread.
  Cancellable after(Duration delay, Runnable task);
}
