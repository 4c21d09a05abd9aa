package presence.workspace;

/// What a session's answers say of its clients. Counted anew each time, so there is nothing that
/// could be forgotten to be taken back.
///
/// @param isBusy whether a run is open
/// @param attachedClients clients with a live stream that look at it
/// @param leasedClients clients that looked at it when their last stream was lost
record Numbers(boolean isBusy, int attachedClients, int leasedClients) {
  static final Numbers NONE = new Numbers(false, 0, 0);

  /// These and what one claim adds to a session it has to do with.
  Numbers plus(boolean busy, boolean attached, boolean leased) {
    return new Numbers(
        isBusy || busy, attachedClients + (attached ? 1 : 0), leasedClients + (leased ? 1 : 0));
  }
}
