package presence.gateway.ws;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.util.ByteString;
import presence.gateway.Payload;
import presence.gateway.Wire;
import presence.gateway.ws.frame.FrameEncoder;
import presence.protocol.CloseCode;
import scala.jdk.javaapi.FutureConverters;

/// The wire of one [Socket]: every call is told to it, in order, but for a frame that can take the
/// short way. Calls after the socket's end have no effect.
final class SocketWire implements Wire {
  private final AsyncCallback<Object> socket;
  private final Readiness readiness;
  private final Shortcut shortcut;
  private final boolean compresses;

  /// Whether the connection pulled, or found the wire ready, since it was last told that it was
  /// heard.
  private final AtomicBoolean called = new AtomicBoolean(true);

  /// @param compresses whether the client agreed to be sent compressed messages
  SocketWire(
      AsyncCallback<Object> socket, Readiness readiness, Shortcut shortcut, boolean compresses) {
    this.socket = socket;
    this.readiness = readiness;
    this.shortcut = shortcut;
    this.compresses = compresses;
  }

  /// What the socket is told, besides a frame to send, which is told as it is.
  enum Call {
    PULL,
    /// A frame has gone out in part.
    REST,
    /// The connection waits for the wire, which is free.
    FREED,
    OVERDUE
  }

  record Close(CloseCode code, String reason) {}

  record Opened(ActorRef<Event> connection) {}

  @Override
  public boolean isReady() {
    boolean free = readiness.isFree();
    if (free) {
      called.set(true);
    }
    return free;
  }

  @Override
  public boolean take() {
    return readiness.take();
  }

  @Override
  public void release() {
    if (readiness.free()) {
      socket.invoke(Call.FREED);
    }
  }

  @Override
  public void send(Payload payload) {
    ByteString frame =
        compresses && payload.isCompressible()
            ? payload.compressed(SocketWire::compressed)
            : payload.framed(SocketWire::framed);
    switch (shortcut.write(frame)) {
      case ALL -> release();
      case SOME -> socket.invoke(Call.REST);
      case NONE -> socket.invoke(frame);
    }
  }

  /// What can take the short way is in one piece, for all the sockets that it goes to.
  private static ByteString framed(ByteString utf8) {
    return whole(FrameEncoder.text(utf8));
  }

  private static ByteString compressed(ByteString utf8) {
    return whole(FrameEncoder.compressedText(utf8));
  }

  private static ByteString whole(ByteString text) {
    return text.size() <= Shortcut.BYTES_MAX ? text.compact() : text;
  }

  @Override
  public void pull() {
    called.set(true);
    socket.invoke(Call.PULL);
  }

  /// For the socket: whether the connection is to be told that it was heard, once for each of its
  /// calls, so that a flood of pings does not fill its mailbox.
  boolean tellsHeard() {
    return called.getAndSet(false);
  }

  @Override
  public void close(CloseCode code, String reason) {
    socket.invoke(new Close(code, reason));
  }

  /// Says that the client had its time to close.
  void overdue() {
    socket.invoke(Call.OVERDUE);
  }

  /// Hands over the connection; one that comes after the socket's end learns it here.
  void opened(ActorRef<Event> connection) {
    FutureConverters.asJava(socket.invokeWithFeedback(new Opened(connection)))
        .exceptionally(_ -> tooLate(connection));
  }

  private static Done tooLate(ActorRef<Event> connection) {
    connection.tell(new Event.Gone());
    return Done.getInstance();
  }
}
