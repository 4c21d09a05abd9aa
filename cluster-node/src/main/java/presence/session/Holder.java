package presence.session;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/// The connection that has the session, as far as this incarnation of it knows; watched as long as
/// it has.
final class Holder {
  private record Held(ActorRef<Notice> connection, long epoch) {}

  private final ActorContext<SessionCommand> context;
  private @Nullable Held held;

  Holder(ActorContext<SessionCommand> context) {
    this.context = context;
  }

  void adopt(ActorRef<Notice> connection, long epoch) {
    Held now = new Held(connection, epoch);
    if (!now.equals(held)) {
      release();
      held = now;
      context.watchWith(connection, new SessionCommand.ConnectionGone(epoch));
    }
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
