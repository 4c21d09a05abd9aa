package presence.gateway.ws;

import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.util.ByteString;
import presence.gateway.Payload;
import presence.gateway.Wire;
import presence.gateway.ws.frame.FrameEncoder;
import presence.protocol.CloseCode;
import scala.jdk.javaapi.FutureConverters;

/// The wire of one [Socket]: every call becomes an event of its stage, in order, but for a frame
/// that can take the short way. Calls after the socket's end have no effect.
final class StageWire implements Wire {
  /// Up to this size a frame is copied into one piece, which is written faster than header and
  /// payload, by each socket that it goes to.
  private static final int JOINED_BYTES_MAX = 4_096;

  private final AsyncCallback<Object> stage;
  private final Readiness readiness;
  private final Shortcut shortcut;

  /// Whether the connection called since it was last told that it was heard.
  private volatile boolean called = true;

  StageWire(AsyncCallback<Object> stage, Readiness readiness, Shortcut shortcut) {
    this.stage = stage;
    this.readiness = readiness;
    this.shortcut = shortcut;
  }

  /// What the stage is told from outside, besides a frame to send, which is told as it is.
  enum Call {
    PULL,
    /// A frame has gone out in part.
    REST,
    OVERDUE
  }

  record Close(CloseCode code, String reason) {}

  record Opened(ActorRef<Event> connection) {}

  @Override
  public boolean isReady() {
    return readiness.isFree();
  }

  @Override
  public void send(Payload payload) {
    called = true;
    readiness.taken();
    ByteString frame = payload.framed(StageWire::framed);
    switch (shortcut.write(frame)) {
      case ALL -> readiness.free();
      case SOME -> stage.invoke(Call.REST);
      case NONE -> stage.invoke(frame);
    }
  }

  private static ByteString framed(ByteString utf8) {
    ByteString text = FrameEncoder.text(utf8);
    return text.size() <= JOINED_BYTES_MAX ? text.compact() : text;
  }

  @Override
  public void pull() {
    called = true;
    stage.invoke(Call.PULL);
  }

  /// For the stage: whether the connection is to be told that it was heard, once for each of its
  /// calls, so that a flood of pings does not fill its mailbox.
  boolean tellsHeard() {
    boolean tells = called;
    called = false;
    return tells;
  }

  @Override
  public void close(CloseCode code, String reason) {
    stage.invoke(new Close(code, reason));
  }

  /// Says that the client had its time to close.
  void overdue() {
    stage.invoke(Call.OVERDUE);
  }

  /// Hands over the connection; one that comes after the socket's end learns it here.
  void opened(ActorRef<Event> connection) {
    FutureConverters.asJava(stage.invokeWithFeedback(new Opened(connection)))
        .exceptionally(_ -> tooLate(connection));
  }

  private static Done tooLate(ActorRef<Event> connection) {
    connection.tell(new Event.Gone());
    return Done.getInstance();
  }
}
