package presence.gateway;

import java.time.Duration;
import java.util.Locale;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import presence.gateway.ConnectionCommand.Tick;
import presence.protocol.CloseCode;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.session.EndReason;

/// How a socket is closed from this side. Should its wire never confirm that, [Tick#CLOSE] ends the
/// actor all the same.
final class Farewell {
  private final Line line;
  private final TimerScheduler<ConnectionCommand> timers;
  private final Duration patience;

  Farewell(Line line, TimerScheduler<ConnectionCommand> timers, Duration patience) {
    this.line = line;
    this.timers = timers;
    this.patience = patience;
  }

  /// Closes once everything said before is on its way.
  void close(CloseCode code, String reason) {
    line.close(code, reason);
    waitForTheWire();
  }

  /// However often it is closed: a client that does not read has its time only once.
  private void waitForTheWire() {
    if (!timers.isTimerActive(Tick.CLOSE)) {
      timers.startSingleTimer(Tick.CLOSE, Tick.CLOSE, patience);
    }
  }

  /// Closes at once; what waits is lost.
  void closeNow(CloseCode code, String reason) {
    line.closeNow(code, reason);
    waitForTheWire();
  }

  /// Closes because the node wants it.
  void close(ConnectionCommand.Close wanted) {
    if (wanted.reconnectAfter() != null) {
      line.answer(
          new ServerMessage.Closing(
              wanted.code().code(), wanted.reason(), wanted.reconnectAfter().toMillis()));
    }
    close(wanted.code(), wanted.reason());
  }

  /// Closes because the session has ended.
  void close(EndReason reason) {
    CloseCode code =
        switch (reason) {
          case BYE -> CloseCode.BYE;
          case KICKED -> CloseCode.KICKED;
          case BANNED -> CloseCode.BANNED;
          case TOO_MANY -> CloseCode.REFUSED;
          case GRACE_OVER -> CloseCode.NOT_NOW;
        };
    close(code, reason.name().toLowerCase(Locale.ROOT));
  }

  /// Refuses a hello.
  Behavior<ConnectionCommand> refuse(ErrorCode code, String message, @Nullable String ref) {
    line.refuse(code, message, ref);
    return leave(CloseCode.ofRefusedHello(code), message);
  }

  /// Refuses a hello that comes too early.
  Behavior<ConnectionCommand> refuse(Duration wait, @Nullable String ref) {
    ErrorCode code = ErrorCode.RATE_LIMITED;
    String message = "too many come from this address; come back later";
    line.answer(
        new ServerMessage.Error(code, message, ref, code.retryable(), wait.toMillis(), null, null));
    return leave(CloseCode.ofRefusedHello(code), message);
  }

  /// Closes a socket that has no session: nothing it may still be told counts.
  Behavior<ConnectionCommand> leave(CloseCode code, String reason) {
    timers.cancelAll();
    close(code, reason);
    return Behaviors.receiveMessage(this::onCommand);
  }

  private Behavior<ConnectionCommand> onCommand(ConnectionCommand command) {
    if (command == Tick.CLOSE || command instanceof Wire.Event.Gone) {
      return Behaviors.stopped();
    }
    if (command instanceof Wire.Event.Ready) {
      line.flush();
    }
    return Behaviors.same();
  }
}
