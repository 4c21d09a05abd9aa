package presence.gateway;

import org.jspecify.annotations.Nullable;
import presence.protocol.Position;

/// One who wants to follow an instance and was given nothing yet, because the replica does not have
/// it: the session's own joining, or what the follower missed.
final class Waiting {
  /// What has to happen before it can be served.
  enum Need {
    NOTHING,
    /// The instance must be asked for what is newer.
    NEWER,
    /// The instance must be asked for what followed the follower's `since`.
    EARLIER,
    /// It has been asked.
    AN_ANSWER
  }

  private static final long NEVER = -1;

  private final Relay.Follow asked;
  private final long since;
  private long refreshedAt = NEVER;
  private boolean catchingUp;
  private boolean askedForEarlier;

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

  /// What is needed, given this replica; the caller asks for it. What the instance itself does not
  /// have cannot be waited for.
  ///
  /// @param refreshes how often the instance has told what is newest
  Need need(Replica now, long refreshes) {
    Position atLeast = asked.atLeast();
    boolean behindOwnJoin =
        atLeast.epoch() > now.at().epoch()
            || (atLeast.epoch() == now.at().epoch() && atLeast.seq() > now.at().seq());
    Position from = asked.since();
    if (from != null && from.epoch() != now.at().epoch()) {
      from = null; // of another stream: worth a snapshot, nothing to wait for
    }
    if (behindOwnJoin || (from != null && from.seq() > now.at().seq())) {
      return needNewer(behindOwnJoin, refreshes);
    }
    return from == null || askedForEarlier ? Need.NOTHING : needEarlier(now, from);
  }

  private Need needNewer(boolean behindOwnJoin, long refreshes) {
    if (refreshedAt == NEVER) {
      refreshedAt = refreshes;
      return Need.NEWER;
    }
    return !behindOwnJoin && refreshes > refreshedAt ? Need.NOTHING : Need.AN_ANSWER;
  }

  private Need needEarlier(Replica now, Position from) {
    if (now.changes().since(from.seq(), now.at().seq()).isPresent()) {
      return Need.NOTHING;
    }
    if (!catchingUp) {
      catchingUp = true;
      return Need.EARLIER;
    }
    return Need.AN_ANSWER;
  }

  /// The instance answered what followed this position, or that it does not know.
  void heardWhatFollowed(@Nullable Position position) {
    askedForEarlier |= position != null && position.equals(asked.since());
  }

  /// What was asked on its behalf may have been lost on the way.
  void askAgain() {
    refreshedAt = NEVER;
    catchingUp = false;
  }
}
