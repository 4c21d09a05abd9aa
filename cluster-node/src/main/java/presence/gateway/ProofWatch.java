package presence.gateway;

import java.time.Duration;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import presence.auth.Grant;
import presence.gateway.ConnectionCommand.Tick;
import presence.protocol.ServerMessage;

/// Tells a client in time that its proof will end, so that it proves itself anew without having
/// been silent for a moment. The end itself is the session's matter.
final class ProofWatch {
  static final String NOT_THERE = "the token does not let anybody in here";

  /// A timer cannot be set for the year 9999, which a token may name.
  private static final long LOOK_MS_MAX = Duration.ofHours(6).toMillis();

  private final Hold hold;
  private final Line line;
  private final TimerScheduler<ConnectionCommand> timers;
  private final long warningMs;
  private Grant watched = Grant.ALL;

  ProofWatch(Hold hold, Line line, TimerScheduler<ConnectionCommand> timers, Duration warning) {
    this.hold = hold;
    this.line = line;
    this.timers = timers;
    this.warningMs = warning.toMillis();
  }

  /// Whether the session has another proof than the one that is watched.
  boolean isNew() {
    return !hold.grant().equals(watched);
  }

  /// Watches the proof that the session has now.
  void begin(long now) {
    watched = hold.grant();
    timers.cancel(Tick.PROOF);
    look(now);
  }

  /// Tells the client if it is time; to be called at each [Tick#PROOF].
  void look(long now) {
    Long until = watched.until();
    if (until == null) {
      return;
    }
    long left = until - now;
    if (left <= warningMs) {
      line.answer(new ServerMessage.Expiring(until, Math.max(0, left)));
    } else {
      Duration pause = Duration.ofMillis(Math.min(left - warningMs, LOOK_MS_MAX));
      timers.startSingleTimer(Tick.PROOF, Tick.PROOF, pause);
    }
  }
}
