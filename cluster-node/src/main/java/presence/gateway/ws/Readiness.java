package presence.gateway.ws;

import java.util.concurrent.atomic.AtomicInteger;

/// Whether a socket takes a frame, known to those who send them, of whom one at a time may, and to
/// the socket that writes them. So the connection is told only when it waits, and a frame behind
/// which nothing waits costs it no second turn.
final class Readiness extends AtomicInteger {
  private static final long serialVersionUID = 1L;

  private static final int FREE = 0;
  private static final int BUSY = 1;
  private static final int AWAITED = 2;

  /// For the connection: whether a frame may be sent. If not, it is told when one may.
  boolean isFree() {
    while (true) {
      int now = get();
      if (now == FREE) {
        return true;
      }
      if (now == AWAITED || compareAndSet(BUSY, AWAITED)) {
        return false;
      }
    }
  }

  /// For who wants to send a frame: whether nobody else does.
  boolean take() {
    return compareAndSet(FREE, BUSY);
  }

  /// The frame went out, or there was none. Says whether that is awaited.
  boolean free() {
    return getAndSet(FREE) == AWAITED;
  }
}
