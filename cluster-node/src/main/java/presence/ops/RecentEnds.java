package presence.ops;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import presence.cluster.Remote;
import presence.session.Lease;
import presence.session.SessionEvent;
import presence.session.SessionMeter;

/// The sessions of a node that ended last, newest first.
public final class RecentEnds implements SessionMeter {

  /// A session that ended.
  ///
  /// @param session the beginning of its id
  /// @param at milliseconds since 1970
  public record End(String session, String reason, long at) implements Remote {}

  private final int sizeMax;
  private final Deque<End> ends = new ArrayDeque<>();

  public RecentEnds(int sizeMax) {
    this.sizeMax = sizeMax;
  }

  @Override
  public void stepped(String session, SessionEvent step, Lease now) {
    if (step instanceof SessionEvent.Ending ending) {
      add(
          new End(
              SessionLog.shortened(session),
              ending.reason().name().toLowerCase(Locale.ROOT),
              ending.at()));
    }
  }

  private synchronized void add(End end) {
    ends.addFirst(end);
    if (ends.size() > sizeMax) {
      ends.removeLast();
    }
  }

  public synchronized List<End> newest() {
    return new ArrayList<>(ends);
  }
}
