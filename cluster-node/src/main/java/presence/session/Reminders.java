package presence.session;

import java.time.Duration;
import java.time.InstantSource;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import presence.session.SessionCommand.Tick;

/// When a session acts unasked: at its deadline, to repeat what was not acknowledged, for a move
/// that waits for its turn, and after a restart.
final class Reminders {
  private final TimerScheduler<SessionCommand> timers;
  private final SessionLimits limits;
  private final InstantSource clock;
  private Duration repeatAfter;
  private long recoveredAt;

  Reminders(TimerScheduler<SessionCommand> timers, SessionLimits limits, InstantSource clock) {
    this.timers = timers;
    this.limits = limits;
    this.clock = clock;
    this.repeatAfter = limits.repeatFirst();
  }

  void recovered() {
    recoveredAt = clock.millis();
  }

  long recoveredAt() {
    return recoveredAt;
  }

  void waitForClaim() {
    start(Tick.UNCLAIMED, limits.reclaimWait());
  }

  void askWhetherAbsent() {
    start(Tick.ABSENT, limits.repeatLast());
  }

  void moveAfter(Duration span) {
    start(Tick.MOVE, span);
  }

  /// Its own mailbox has something to do at this moment, or never.
  void mailAt(long at) {
    if (at == Long.MAX_VALUE) {
      timers.cancel(Tick.MAIL);
    } else {
      start(Tick.MAIL, Duration.ofMillis(Math.max(0, at - clock.millis())));
    }
  }

  /// Something was said that needs an answer.
  void repeatLater() {
    if (!timers.isTimerActive(Tick.REPEAT)) {
      start(Tick.REPEAT, repeatAfter);
    }
  }

  /// A new word has not been without answer for long, whatever the older ones have.
  void somethingNew() {
    if (!repeatAfter.equals(limits.repeatFirst())) {
      repeatAfter = limits.repeatFirst();
      timers.cancel(Tick.REPEAT);
    }
  }

  /// Everything unacknowledged was said once more: the next time it is after twice as long.
  void repeated() {
    Duration doubled = repeatAfter.multipliedBy(2);
    repeatAfter = doubled.compareTo(limits.repeatLast()) > 0 ? limits.repeatLast() : doubled;
  }

  /// Makes the timers those the state needs.
  ///
  /// @param settled whether everything that was said has been answered
  void fit(SessionState.Open state, boolean settled) {
    if (state.lease().phase() instanceof Lease.Leased leased) {
      start(Tick.DEADLINE, Duration.ofMillis(Math.max(0, leased.deadline() - clock.millis())));
    } else {
      timers.cancel(Tick.DEADLINE);
    }
    if (settled) {
      timers.cancel(Tick.REPEAT);
    } else {
      repeatLater();
    }
  }

  void stop() {
    timers.cancelAll();
  }

  private void start(Tick tick, Duration after) {
    timers.startSingleTimer(tick, tick, after);
  }
}
