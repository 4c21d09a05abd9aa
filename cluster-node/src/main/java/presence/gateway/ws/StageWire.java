package presence.gateway.ws;

import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.stage.AsyncCallback;
import presence.gateway.Payload;
import presence.gateway.Wire;
import presence.protocol.CloseCode;
import scala.jdk.javaapi.FutureConverters;

/// The wire of one [Socket]: every call becomes an event of its stage, in order. Calls after the
/// socket's end have no effect.
record StageWire(AsyncCallback<Object> stage, Readiness readiness) implements Wire {
  /// What the stage is told from outside, besides a frame to send, which is told as it is.
  enum Call {
    PULL,
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
    readiness.taken();
    stage.invoke(payload);
  }

  @Override
  public void pull() {
    stage.invoke(Call.PULL);
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
