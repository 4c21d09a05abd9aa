package presence.load.peers;

import java.net.URI;
import java.time.Duration;

/// A running server, in a process of its own.
interface Server extends Venue, AutoCloseable {
  /// Where its WebSockets are.
  URI address();

  @Override
  default URI address(int person) {
    return address();
  }

  /// Processor time used so far by all its threads, user and system.
  Duration cpu();

  /// What it holds: the live heap after full collections, or where there is no telling, the
  /// resident memory.
  long memory();

  @Override
  void close();
}
