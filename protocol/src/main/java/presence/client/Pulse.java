package presence.client;

/// Whether the server is still there. One that hears from us and has nothing to say does not ping,
/// so silence is questioned before it is believed. Serial.
final class Pulse {
  enum Finding {
    ALIVE,
    DOUBTFUL,
    DEAD
  }

  private static final int SILENCES_MAX = 2; // periods; then one more to answer a probe

  private long heardAt;
  private int silences;
  private boolean paused;

  void heard(long now) {
    heardAt = now;
    silences = 0;
  }

  /// While nobody listens, silence says nothing.
  void pause(boolean wanted, long now) {
    paused = wanted;
    heard(now);
  }

  /// To be felt once every period.
  Finding feel(long now, long periodMs) {
    silences = !paused && now - heardAt >= periodMs ? silences + 1 : 0;
    if (silences > SILENCES_MAX) {
      return Finding.DEAD;
    }
    return silences == SILENCES_MAX ? Finding.DOUBTFUL : Finding.ALIVE;
  }
}
