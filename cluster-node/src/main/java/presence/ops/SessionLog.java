package presence.ops;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import presence.session.Lease;
import presence.session.SessionEvent;
import presence.session.SessionMeter;

/// Writes the life of every session to the log, at level debug, each line with the session in its
/// field `session`. Nothing that a client could use is in it: no token, no id as a whole.
public final class SessionLog implements SessionMeter {
  private static final Logger log = LoggerFactory.getLogger("presence.session");
  private static final String FIELD = "session";
  private static final int SHORT = 8;

  /// How a session is named where operators look: enough of its id to tell it from others of its
  /// time. What proves an id genuine is its end.
  static String shortened(String session) {
    return session.substring(0, Math.min(SHORT, session.length()));
  }

  @Override
  public void stepped(String session, SessionEvent step, Lease now) {
    if (!log.isDebugEnabled()) {
      return;
    }
    try (var _ = MDC.putCloseable(FIELD, shortened(session))) {
      switch (step) {
        case SessionEvent.Opened _ -> log.debug("Opened");
        case SessionEvent.Attached _ -> log.debug("Attached, connection {}", now.epoch());
        case SessionEvent.Detached _ -> log.debug("Detached, connection {}", now.epoch());
        case SessionEvent.Reclaimed _ -> log.debug("Reclaimed, connection {}", now.epoch());
        case SessionEvent.Ending ending ->
            log.debug("Ended: {}", ending.reason().name().toLowerCase(Locale.ROOT));
        default -> {}
      }
    }
  }

  @Override
  public void recovered(String session, Lease lease) {
    if (log.isDebugEnabled()) {
      try (var _ = MDC.putCloseable(FIELD, shortened(session))) {
        log.debug("Recovered, connection {}", lease.epoch());
      }
    }
  }
}
