package presence.session;

import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.jspecify.annotations.Nullable;
import presence.auth.Principal;
import presence.protocol.Position;
import presence.session.Notice.AttachRefused;
import presence.session.Notice.Attached;
import presence.session.Notice.Held;
import presence.session.Notice.Over;
import presence.session.Notice.Replaced;
import presence.session.SessionCommand.Attach;
import presence.session.SessionCommand.Order;
import presence.session.SessionCommand.Reclaim;
import presence.session.SessionState.Open;

/// Which connection has the session: it attaches and gets the next epoch, and the one before is
/// told that it was replaced; it is lost, and the grace begins; it stands after all, and the grace
/// ends. Part of [UserSession].
final class Attachments {
  private final String session;
  private final SessionSurroundings around;
  private final ActorContext<SessionCommand> context;
  private final UserSession steps;
  private final Holder holder;
  private final Reminders reminders;
  private final Reports reports;
  private final Visits visits;
  private final Inbox inbox;
  private final Orders orders;

  Attachments(
      String session,
      SessionSurroundings around,
      ActorContext<SessionCommand> context,
      UserSession steps,
      Holder holder,
      Reminders reminders,
      Reports reports,
      Visits visits,
      Inbox inbox,
      Orders orders) {
    this.session = session;
    this.around = around;
    this.context = context;
    this.steps = steps;
    this.holder = holder;
    this.reminders = reminders;
    this.reports = reports;
    this.visits = visits;
    this.inbox = inbox;
    this.orders = orders;
  }

  /// Opens the session by its first attach.
  ///
  /// @param n the first step of it
  Effect<SessionEvent, SessionState> open(Attach attach, Principal principal, long n) {
    Profile profile = Profile.BLANK.with(attach.profile());
    return steps.persist(
        new SessionEvent.Opened(
            principal, profile, attach.tokenHash(), n, attach.opening().allows(), now()),
        (Open now) -> attached(now, attach, false));
  }

  /// A connection wants the session; who comes by key to one that is over asks again until
  /// everybody was told of the end.
  Effect<SessionEvent, SessionState> attach(Open state, Attach attach) {
    if (state.lease().isOver()) {
      if (attach.opening() instanceof Opening.ByToken) {
        attach.connection().tell(Opening.EXPIRED);
      }
      return steps.Effect().none();
    }
    if (attach.tokenHash().equals(state.tokens().newest())) {
      attached(state, attach, state.tokens().predecessor() != null);
      return steps.Effect().none();
    }
    if (state.tokens().superseded().contains(attach.tokenHash())) {
      attach.connection().tell(new Replaced(state.lease().epoch()));
      return steps.Effect().none();
    }
    @Nullable AttachRefused refusal = attach.opening().refusal(state);
    if (refusal != null) {
      attach.connection().tell(refusal);
      return steps.Effect().none();
    }
    @Nullable String presented = attach.opening().presentedHash();
    if (presented != null
        && presented.equals(state.tokens().predecessor())
        && holder.keeps(attach.tokenHash(), now())) {
      return steps.Effect().none();
    }
    Profile profile = orders.takePlace(state).with(attach.profile());
    return steps.persist(
        new SessionEvent.Attached(
            attach.tokenHash(),
            presented,
            profile,
            around.viewing(state, profile),
            attach.opening().allows(),
            now()),
        (Open now) -> attached(now, attach, true));
  }

  private void attached(Open state, Attach attach, boolean resumed) {
    if (!holder.is(attach.connection())) {
      visits.forgetPartings();
      holder.tell(new Replaced(state.lease().epoch()));
    }
    holder.adopt(attach.connection(), state.lease().epoch());
    Map<String, Position> positions = new HashMap<>();
    state.joined().forEach(each -> positions.put(each, reports.position(each)));
    attach
        .connection()
        .tell(
            new Attached(
                session,
                state.lease().epoch(),
                resumed,
                state.principal(),
                state.profile(),
                positions,
                visits.positions(state),
                state.watches(),
                state.grant(),
                context.getSelf()));
    inbox.serves(state, attach.connection());
  }

  /// The connection of this epoch is lost.
  Effect<SessionEvent, SessionState> detach(Open state, long epoch) {
    Lease lease = state.lease().detach(epoch, now(), around.limits().grace());
    if (lease.equals(state.lease())) {
      return steps.Effect().none();
    }
    holder.release();
    inbox.lost();
    return steps.persist(new SessionEvent.Detached(lease, now()), now -> {});
  }

  Effect<SessionEvent, SessionState> reclaim(Open state, Reclaim reclaim) {
    if (!isCurrent(state, reclaim.epoch(), reclaim.connection())) {
      return steps.Effect().none();
    }
    return state.lease().phase() instanceof Lease.Online
        ? orders.move(state, reclaim.place(), now -> held(now, reclaim))
        : reclaimed(reclaim.connection(), reclaim);
  }

  /// The connection stands after all: the grace ends, and then it gets what it came for.
  private Effect<SessionEvent, SessionState> reclaimed(
      ActorRef<Notice> connection, SessionCommand wish) {
    context.getSelf().tell(wish);
    return steps.persist(new SessionEvent.Reclaimed(now()), (Open now) -> adopt(now, connection));
  }

  private void adopt(Open state, ActorRef<Notice> connection) {
    holder.adopt(connection, state.lease().epoch());
    inbox.serves(state, connection);
  }

  private void held(Open state, Reclaim reclaim) {
    adopt(state, reclaim.connection());
    orders.heardOf();
    visits.remind(reclaim.connection());
    reclaim.connection().tell(new Held(context.getSelf(), state.visited()));
  }

  /// Whether a connection's message counts; if not, the connection is told why.
  private boolean isCurrent(Open state, long epoch, ActorRef<Notice> sender) {
    if (state.lease().phase() instanceof Lease.Over over) {
      sender.tell(new Over(over.reason()));
      return false;
    }
    if (!state.lease().isCurrent(epoch)) {
      sender.tell(new Replaced(state.lease().epoch()));
      return false;
    }
    return true;
  }

  /// The client has the token it was given: the one before ends.
  Effect<SessionEvent, SessionState> confirm(Open state, long epoch) {
    return state.lease().isCurrent(epoch) && state.tokens().predecessor() != null
        ? steps.persist(new SessionEvent.Confirmed(now()), now -> {})
        : steps.Effect().none();
  }

  Effect<SessionEvent, SessionState> order(Open state, Order order) {
    if (!isCurrent(state, order.epoch(), order.connection())) {
      return steps.Effect().none();
    }
    if (!(state.lease().phase() instanceof Lease.Online)) {
      return reclaimed(order.connection(), order);
    }
    adopt(state, order.connection());
    return orders.take(state, order);
  }

  /// Nobody claimed the session since its restart: its connection died with the node, or while the
  /// session was away. The grace counts from the restart, the first moment this could be known.
  Effect<SessionEvent, SessionState> unclaimed(Open state) {
    if (holder.isOf(state.lease())) {
      return steps.Effect().none();
    }
    Lease lease =
        state
            .lease()
            .detach(state.lease().epoch(), reminders.recoveredAt(), around.limits().grace());
    return lease.equals(state.lease())
        ? steps.Effect().none()
        : steps.persist(new SessionEvent.Detached(lease, now()), now -> {});
  }

  private long now() {
    return around.clock().millis();
  }
}
