package presence.client;

import presence.datagram.Echo;

/// Whether datagrams come through, as a client knows it. Immutable.
///
/// @param echo what the node said last and wants to hear
/// @param heardAt when it did, in milliseconds; [#NEVER] before the first
record Passage(Echo echo, long heardAt) {
  static final long NEVER = Long.MIN_VALUE;

  /// As long as the node waits, too: five pings.
  static final long SILENCE_MS = 5_000;

  static final Passage CLOSED = new Passage(Echo.NONE, NEVER);

  boolean isOpen(long now) {
    return heardAt != NEVER && now - heardAt < SILENCE_MS;
  }
}
