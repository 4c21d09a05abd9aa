package presence.load.peers;

import java.time.Duration;

/// How much of each job a round does.
///
/// @param members of the room
/// @param single messages said one at a time
/// @param paced messages said at the same distance
/// @param flying messages said with some in flight
/// @param changes of a visitor, five a second
/// @param busy changes, two hundred a second
record Size(int members, int single, int paced, int flying, int changes, int busy) {
  static final int IN_FLIGHT = 32;

  /// As often as a node tells a room of 1,000 of something, however often it is said.
  static final Duration MESSAGE_EVERY = Duration.ofMillis(250);

  static final Duration CHANGE_EVERY = Duration.ofMillis(200);
  static final Duration BUSY_EVERY = Duration.ofMillis(5);

  /// How many come and go where many do: each stays for half a second.
  static final int BUSY_VISITORS = 100;

  /// As a README would say it; about half a minute a server.
  static Size of(int members) {
    return new Size(members, 100, 40, 640, 40, 1_600);
  }
}
