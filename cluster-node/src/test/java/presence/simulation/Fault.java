package presence.simulation;

import java.util.concurrent.TimeoutException;
import org.apache.pekko.pattern.CircuitBreakerOpenException;

/// What a journal does instead of writing and saying so. The writer sees a failure or nothing, and
/// cannot tell in either case whether the events are there.
public enum Fault {
  /// The events are not written; the writer is told of a failure.
  FAIL_BEFORE(false, true),
  /// The events are written; the writer is told of a failure.
  FAIL_AFTER(true, true),
  /// The events are not written; the writer hears nothing.
  HANG_BEFORE(false, false),
  /// The events are written; the writer hears nothing.
  HANG_AFTER(true, false);

  /// Whether the events are there afterwards.
  final boolean durable;

  /// Whether the writer hears of it.
  final boolean answered;

  Fault(boolean durable, boolean answered) {
    this.durable = durable;
    this.answered = answered;
  }

  /// Whether a failure follows from one of the journal.
  static boolean isBehind(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Failed
          || cause instanceof TimeoutException
          || cause instanceof CircuitBreakerOpenException) {
        return true;
      }
    }
    return false;
  }

  /// How a journal fails.
  static final class Failed extends Exception {
    Failed(String message) {
      super(message, null, false, false);
    }
  }
}
