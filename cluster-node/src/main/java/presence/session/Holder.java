package presence.session;

import java.util.LinkedHashMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/// The connection that has the session, as far as this incarnation of it knows; watched as long as
/// it has.
final class Holder {
  /// Longer than the copies of one word arrive apart that waited together for the session to move;
  /// shorter than a connection waits before it asks again.
  private static final long PROBATION_MS = 500;

  /// More than anybody's client opens while none of its sockets has been answered.
  private static final int NEWCOMERS_MAX = 64;

  private record Held(ActorRef<Notice> connection, long epoch) {}

  private final ActorContext<SessionCommand> context;
  private final LinkedHashMap<String, Long> newcomers = new LinkedHashMap<>();
  private @Nullable Held held;

  Holder(ActorContext<SessionCommand> context) {
    this.context = context;
  }

  void adopt(ActorRef<Notice> connection, long epoch) {
    Held now = new Held(connection, epoch);
    if (!now.equals(held)) {
      release();
      newcomers.clear();
      held = now;
      context.watchWith(connection, new SessionCommand.ConnectionGone(epoch));
    }
  }

  /// Whether the connection keeps the session for now although another shows a token that its own
  /// replaced. That may be the late word of a socket its client has given up, and must not send the
  /// client away from the socket it has. Who lives asks again.
  boolean keeps(String tokenHash, long now) {
    if (held == null) {
      return false;
    }
    Long since = newcomers.putIfAbsent(tokenHash, now);
    if (newcomers.size() > NEWCOMERS_MAX) {
      newcomers.pollFirstEntry();
    }
    return since == null || now - since < PROBATION_MS;
  }

  void release() {
    if (held != null) {
      context.unwatch(held.connection());
      held = null;
    }
  }

  /// Whether the connection of the current epoch is known. After a failed write that was written
  /// nevertheless the known one may be that of an older epoch.
  boolean isOf(Lease lease) {
    return held != null && lease.isCurrent(held.epoch());
  }

  boolean is(ActorRef<Notice> connection) {
    return held != null && held.connection().equals(connection);
  }

  /// Tells the connection, if there is one.
  void tell(Notice notice) {
    if (held != null) {
      held.connection().tell(notice);
    }
  }
}
