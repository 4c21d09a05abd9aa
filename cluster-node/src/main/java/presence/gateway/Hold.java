package presence.gateway;

import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import presence.auth.Grant;
import presence.auth.Principal;
import presence.gateway.ConnectionCommand.Tick;
import presence.protocol.Member;
import presence.protocol.ServerMessage;
import presence.protocol.Setting;
import presence.session.Action;
import presence.session.Notice;
import presence.session.Profile;
import presence.session.SessionCommand;

/// A connection's hold on its session: what it knows of it, and the way to it.
///
/// The session may move or start again at any time. When its incarnation ends or does not answer,
/// it is claimed anew, with the epoch that only this connection has, until it answers.
final class Hold {
  private static final Action.Move NOWHERE_ELSE = new Action.Move(null, null);

  private final Surroundings around;
  private final ActorContext<ConnectionCommand> context;
  private final TimerScheduler<ConnectionCommand> timers;
  private final ActorRef<Notice> ear;
  private final String session;
  private final long epoch;
  private final Pauses pauses;
  private Principal principal;
  private Grant grant;
  private Profile profile;
  private ActorRef<SessionCommand> incarnation;
  private boolean confirmed;
  private boolean claiming;
  private boolean over;

  Hold(
      Surroundings around,
      ActorRef<Notice> ear,
      Notice.Attached attached,
      ActorContext<ConnectionCommand> context,
      TimerScheduler<ConnectionCommand> timers) {
    this.around = around;
    this.context = context;
    this.timers = timers;
    this.ear = ear;
    this.session = attached.session();
    this.epoch = attached.epoch();
    this.principal = attached.principal();
    this.grant = Objects.requireNonNullElse(attached.grant(), Grant.ALL);
    this.profile = attached.profile();
    this.incarnation = attached.incarnation();
    this.confirmed = !attached.resumed();
    this.pauses = new Pauses(around.limits());
    context.watchWith(incarnation, new ConnectionCommand.SessionGone());
  }

  /// What the client is greeted with.
  ServerMessage.Welcome welcome(
      Notice.Attached attached,
      String token,
      ServerMessage.@Nullable Udp udp,
      @Nullable String ref) {
    return new ServerMessage.Welcome(
        session,
        member(),
        isAnonymous(),
        epoch,
        attached.resumed(),
        token,
        around.limits().grace().toMillis(),
        around.limits().ping().toMillis(),
        around.limits().welcome(),
        udp,
        List.copyOf(attached.instances().keySet()),
        List.copyOf(attached.worlds().keySet()),
        ref);
  }

  String session() {
    return session;
  }

  /// The number of this connection among the session's.
  long epoch() {
    return epoch;
  }

  /// The person whose session it is; nobody for an anonymous one.
  @Nullable Member member() {
    return principal.person().map(id -> Persons.member(id, profile.displayName())).orElse(null);
  }

  boolean isAnonymous() {
    return principal.person().isEmpty();
  }

  /// @param allows what the proof allows; absent = as before
  void becomes(Principal proven, @Nullable Grant allows) {
    principal = proven;
    grant = Objects.requireNonNullElse(allows, grant);
  }

  /// What the session may do, and how long it may speak.
  Grant grant() {
    return grant;
  }

  void moves(@Nullable Setting location, @Nullable Boolean visible) {
    profile = profile.with(new Profile.Update(null, null, location, visible));
  }

  /// Whether a newer connection with this epoch has the session.
  boolean isLostTo(long newer) {
    return newer > epoch;
  }

  /// The client was heard: it has its newest token.
  void confirm() {
    if (!confirmed) {
      confirmed = true;
      tell(new SessionCommand.Confirm(epoch));
    }
  }

  void order(HeldOrders.Held held) {
    tell(new SessionCommand.Order(epoch, held.number(), held.repeated(), held.action(), ear));
  }

  /// The socket is lost.
  void letGo() {
    tell(new SessionCommand.Detach(epoch));
  }

  /// Tells the session that this connection stands, where it was last; should it not answer, it is
  /// claimed wherever it is. It goes past the orders, which go by the session's region, so it says
  /// nothing of where the client is: it could be older than they are.
  void show() {
    if (!claiming && !over) {
      incarnation.tell(stands(NOWHERE_ELSE));
      timers.startSingleTimer(Tick.CLAIM, Tick.CLAIM, around.limits().reclaimAnswer());
    }
  }

  /// Claims the session for this connection; to be called again at each [Tick#CLAIM].
  ///
  /// @param moving whether moves of the client wait to be done
  void claim(boolean moving) {
    if (over) {
      return;
    }
    claiming = true;
    tell(stands(moving ? NOWHERE_ELSE : place()));
    timers.startSingleTimer(Tick.CLAIM, Tick.CLAIM, pauses.next());
  }

  /// The session has ended, or is another connection's: there is nothing to hold any more.
  void end() {
    over = true;
    timers.cancel(Tick.CLAIM);
    context.unwatch(incarnation);
  }

  /// A claim says where the client is, for a session that may have forgotten a move it had
  /// postponed. As long as moves wait these say it, in their order: the newest must not overtake
  /// them.
  private Action.Move place() {
    return new Action.Move(Setting.to(profile.location()), profile.visible());
  }

  private SessionCommand.Reclaim stands(Action.Move place) {
    return new SessionCommand.Reclaim(epoch, place, ear);
  }

  /// The session answered.
  ///
  /// @return whether it had been claimed: what was told to it meanwhile may be lost
  boolean confirmed(Notice.Held held) {
    timers.cancel(Tick.CLAIM);
    pauses.startAnew();
    if (!held.incarnation().equals(incarnation)) {
      context.unwatch(incarnation);
      incarnation = held.incarnation();
      context.watchWith(incarnation, new ConnectionCommand.SessionGone());
    }
    boolean wasClaimed = claiming;
    claiming = false;
    return wasClaimed;
  }

  private void tell(SessionCommand command) {
    around.sessions().tell(session, command);
  }
}
