package presence.gateway;

import presence.instance.ChatInstance;
import presence.protocol.Position;

/// One who wants to follow an instance and was given nothing yet, because the replica does not have
/// it: the session's own joining, what the follower missed, or what it has already.
final class Waiting {
  /// What has to happen before it can be served.
  enum Need {
    NOTHING,
    /// The instance must be asked for what is newer.
    NEWER,
    /// The instance must be asked for what followed the follower's `since`.
    EARLIER,
    /// The follower says it has what is newer than the replica: the instance must be asked for what
    /// is newer, and then for what followed.
    PROOF,
    /// It has been asked.
    AN_ANSWER
  }

  /// How often the instance is asked for what followed: should the answer not come, because it is
  /// too long for the way between nodes, a snapshot does.
  private static final int EARLIER_ASKED_MAX = 3;

  /// How often the instance must say that it does not have what the follower has. Once may be the
  /// word of an incarnation that began while one before it, on a node that was believed lost, still
  /// wrote: it learns of that with its next change.
  private static final int UNKNOWN_MAX = 5;

  private final Relay.Follow asked;
  private final long since;
  private Need asking = Need.NOTHING;
  private boolean anew;
  private boolean answered;
  private int unknown;
  private int earlierAsked;

  /// @param since when it began to wait
  Waiting(Relay.Follow asked, long since) {
    this.asked = asked;
    this.since = since;
  }

  Relay.Follow asked() {
    return asked;
  }

  long since() {
    return since;
  }

  /// What is needed, given this replica; the caller asks for it.
  Need need(Replica now) {
    Position at = now.at();
    Position from = asked.since();
    if (asked.atLeast().isAfter(at)) {
      return once(Need.NEWER);
    }
    if (from == null || from.epoch() < at.epoch()) {
      return Need.NOTHING; // what is of an older stream is worth a snapshot
    }
    if (from.isAfter(at)) {
      return unknown >= UNKNOWN_MAX ? Need.NOTHING : once(Need.PROOF);
    }
    boolean enough = answered || anew || earlierAsked >= EARLIER_ASKED_MAX;
    if (enough || now.changes().since(from.seq(), at.seq()).isPresent()) {
      return Need.NOTHING;
    }
    Need need = once(Need.EARLIER);
    earlierAsked += need == Need.EARLIER ? 1 : 0;
    return need;
  }

  private Need once(Need need) {
    Need now = asking == need ? Need.AN_ANSWER : need;
    asking = need;
    return now;
  }

  /// The instance answered what followed some position.
  void heard(ChatInstance.Earlier earlier) {
    if (earlier.since().equals(asked.since())) {
      answered = true;
      boolean has =
          earlier.at() == null
              ? earlier.changes().isPresent()
              : !earlier.since().isAfter(earlier.at());
      unknown += has ? 0 : 1;
    }
  }

  /// The follower lost part of the stream meanwhile: it is to be begun anew.
  void beginsAnew() {
    anew = true;
  }

  boolean isAnew() {
    return anew;
  }

  /// What was asked on its behalf may have been lost on the way.
  void askAgain() {
    asking = Need.NOTHING;
  }
}
