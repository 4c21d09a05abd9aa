package presence.load.workspace;

import com.fasterxml.jackson.databind.JsonNode;

/// What a session must show: exactly so many attached clients; and where a deadline is about to
/// pass, no fewer and no more leased ones than these.
record Expected(int attached, int leasedLeast, int leasedMost, boolean busy, boolean perhapsBusy) {
  static final Expected NOTHING = new Expected(0, 0, 0, false, false);
  static final Expected ATTACHED = new Expected(1, 0, 0, false, false);
  static final Expected LEASED = new Expected(0, 1, 1, false, false);
  static final Expected PERHAPS_LEASED = new Expected(0, 0, 1, false, false);
  static final Expected BUSY = new Expected(0, 0, 0, true, true);
  static final Expected PERHAPS_BUSY = new Expected(0, 0, 0, false, true);

  Expected plus(Expected other) {
    return new Expected(
        attached + other.attached,
        leasedLeast + other.leasedLeast,
        leasedMost + other.leasedMost,
        busy || other.busy,
        perhapsBusy || other.perhapsBusy);
  }

  /// Whether an answer or an event says that.
  boolean isShownBy(JsonNode session) {
    int leased = session.path("leased_clients").asInt(-1);
    boolean shownBusy = session.path("is_busy").asBoolean();
    return session.path("attached_clients").asInt(-1) == attached
        && leasedLeast <= leased
        && leased <= leasedMost
        && (shownBusy ? perhapsBusy : !busy);
  }
}
