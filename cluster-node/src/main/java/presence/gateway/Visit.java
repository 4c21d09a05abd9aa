package presence.gateway;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One socket of a caller, and what it counts for. Used by one thread after the other.
public final class Visit {
  /// Of somebody for whom no limit holds.
  public static final Visit FREE = new Visit(null, null);

  /// How long to stay away for whom there is no room; when there will be, nobody knows.
  static final Duration A_WHILE = Callers.A_WHILE;

  private final @Nullable Callers callers;
  private final @Nullable Caller caller;
  private boolean anonymous;

  private Visit(@Nullable Callers callers, @Nullable Caller caller) {
    this.callers = callers;
    this.caller = caller;
  }

  /// Begins a visit of this caller, which must end.
  public static Visit begin(Callers callers, Caller caller) {
    callers.opened(caller);
    return new Visit(callers, caller);
  }

  /// How long to wait before a hello may be said; zero = it may, and this was one.
  ///
  /// @param holdsLease whether it comes with a token of a session of ours
  Duration greets(boolean holdsLease) {
    return callers == null || caller == null ? Duration.ZERO : callers.mayGreet(caller, holdsLease);
  }

  /// What the hello said was not proven.
  void failed() {
    if (callers != null && caller != null) {
      callers.failed(caller);
    }
  }

  /// Whether it may go on without being anybody's.
  boolean mayBeAnonymous() {
    if (callers == null || caller == null || anonymous) {
      return true;
    }
    anonymous = callers.mayBeAnonymous(caller);
    return anonymous;
  }

  /// Whether it is anybody's is known now: who resumes a session of nobody is not refused.
  void isAnonymous(boolean now) {
    if (callers != null && caller != null && now != anonymous) {
      anonymous = now;
      callers.anonymous(caller, now ? 1 : -1);
    }
  }

  /// The socket is closed.
  public void end() {
    if (callers != null && caller != null) {
      callers.closed(caller, anonymous);
    }
  }
}
