package presence.gateway.ws;

import java.util.concurrent.atomic.AtomicInteger;

/// Whether a socket takes a frame, known to the connection that sends it and to the socket that
/// writes it. So the connection is told only when it waits, and a frame behind which nothing waits
/// costs it no second turn.
final class Readiness extends AtomicInteger {
  private static final long serialVersionUID = 1L;

  private static final int FREE = 0;
  private static final int BUSY = 1;
  private static final int AWAITED = 2;

  /// For the connection: whether it may send a frame. If not, it is told when it may.
  boolean isFree() {
    return get() == FREE || (!compareAndSet(BUSY, AWAITED) && get() == FREE);
  }

  /// A frame was sent.
  void taken() {
    set(BUSY);
  }

  /// For the socket: the frame went out. Says whether that is awaited.
  boolean free() {
    return getAndSet(FREE) == AWAITED;
  }
}
