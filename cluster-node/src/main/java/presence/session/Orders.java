package presence.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.jspecify.annotations.Nullable;
import presence.auth.Grant;
import presence.auth.Principal;
import presence.instance.ChatInstance;
import presence.protocol.ErrorCode;
import presence.session.Notice.Done;
import presence.session.Notice.Refused;
import presence.session.SessionCommand.Order;
import presence.session.SessionMeter.Limited;
import presence.session.SessionState.Open;

/// What a client asks of its session: each order is done durably and then answered, or refused with
/// a reason. Part of [UserSession], which decides whether an order counts at all.
final class Orders {
  private record Waiting(long number, ActorRef<Notice> connection) {}

  private final SessionSurroundings around;
  private final Reports reports;
  private final Utterances utterances;
  private final Inbox inbox;
  private final UserSession steps;
  private final Holder holder;
  private final Reminders reminders;
  private final Buckets buckets;
  private final Visits visits;
  private final Map<String, List<Waiting>> waiting = new HashMap<>();
  private final Set<String> refusing = new HashSet<>();
  private final Answers answers;
  private Action.@Nullable Move postponedMove;

  Orders(
      SessionSurroundings around,
      Reports reports,
      Utterances utterances,
      Inbox inbox,
      Visits visits,
      Answers answers,
      Buckets buckets,
      UserSession steps,
      Holder holder,
      Reminders reminders) {
    this.around = around;
    this.reports = reports;
    this.utterances = utterances;
    this.inbox = inbox;
    this.visits = visits;
    this.answers = answers;
    this.buckets = buckets;
    this.steps = steps;
    this.holder = holder;
    this.reminders = reminders;
  }

  /// Does what an order asks, or says why not. What was done before is only answered again; for
  /// what is said the instance sees to that, for mail the mailbox.
  Effect<SessionEvent, SessionState> take(Open state, Order order) {
    if (!isAnsweredElsewhere(order.action()) && !answers.take(order)) {
      return steps.Effect().none();
    }
    return switch (order.action()) {
      case Action.Move move -> onMove(state, order, move);
      case Action.Join join -> onJoin(state, order, join.instance());
      case Action.Leave leave -> onLeave(state, order, leave.instance());
      case Action.Enter enter -> visits.enter(state, order, enter);
      case Action.Exit exit -> visits.exit(state, order, exit.piece());
      case Action.Emit emit -> onEmit(state, order, emit);
      case Action.Say _, Action.Send _ -> {
        utterances.take(state, order);
        yield steps.Effect().none();
      }
      case Action.Acknowledge acknowledge -> inbox.acknowledge(state, order, acknowledge.ids());
      case Action.Identify identify -> onIdentify(state, order, identify);
      case Action.Watch watch -> onWatch(state, order, watch.persons(), true);
      case Action.Unwatch unwatch -> onWatch(state, order, unwatch.persons(), false);
      case Action.Bye bye -> steps.end(state, EndReason.BYE);
    };
  }

  private static boolean isAnsweredElsewhere(Action action) {
    return action instanceof Action.Say
        || action instanceof Action.Send
        || action instanceof Action.Acknowledge;
  }

  /// Moves beyond the rate are not refused but joined: the newest is done when its turn comes.
  private Effect<SessionEvent, SessionState> onMove(Open state, Order order, Action.Move move) {
    Action.Move wanted = postponedMove == null ? move : postponedMove.then(move);
    if (order.repeated() || buckets.location().take(now())) {
      postponedMove = null;
      return move(state, wanted, now -> done(order));
    }
    postponedMove = wanted;
    around.meters().sessions().limited(Limited.LOCATION);
    reminders.moveAfter(buckets.location().untilNext(now()));
    done(order);
    return steps.Effect().none();
  }

  /// Puts the session where a move leads, if it is not there already.
  Effect<SessionEvent, SessionState> move(Open state, Action.Move move, Consumer<Open> then) {
    Profile profile = placed(state, move);
    SessionEvent.Moved moved =
        new SessionEvent.Moved(
            profile.location(), profile.visible(), around.viewing(state, profile), now());
    if (isNews(state, moved)) {
      return steps.persist(moved, then);
    }
    then.accept(state);
    return steps.Effect().none();
  }

  /// The move that waited for its turn.
  Effect<SessionEvent, SessionState> postponedMove(Open state) {
    Action.Move move = postponedMove;
    postponedMove = null;
    if (move == null || state.lease().isOver()) {
      return steps.Effect().none();
    }
    buckets.location().take(now());
    return move(state, move, now -> {});
  }

  /// The profile as it will be after the move that waits, which waits no longer: a hello comes
  /// after it.
  Profile takePlace(Open state) {
    Action.Move move = postponedMove;
    postponedMove = null;
    return move == null ? state.profile() : placed(state, move);
  }

  /// A restart after a failed write takes the timers with it, and what was being written.
  void recovered() {
    Set<Long> numbers = new HashSet<>(visits.awaited());
    waiting.values().forEach(orders -> orders.forEach(each -> numbers.add(each.number())));
    answers.forgetUnanswered(numbers);
    if (postponedMove != null) {
      reminders.moveAfter(buckets.location().untilNext(now()));
    }
  }

  private static Profile placed(Open state, Action.Move move) {
    return state.profile().with(new Profile.Update(null, null, move.location(), move.visible()));
  }

  private static boolean isNews(Open state, SessionEvent.Moved moved) {
    SessionState after = state.apply(moved);
    return after instanceof Open open
        && !(open.profile().equals(state.profile()) && open.instances().equals(state.instances()));
  }

  private Effect<SessionEvent, SessionState> onJoin(Open state, Order order, String instance) {
    if (state.isMember(instance)) {
      waitFor(state, instance, order);
      return steps.Effect().none();
    }
    ErrorCode forbidden = state.joinRefusal(instance);
    if (forbidden != null) {
      return refuse(order, forbidden, "the token does not let anybody into " + instance);
    }
    if (state.joined().size() >= around.limits().instances()) {
      return refuse(
          order,
          ErrorCode.FORBIDDEN,
          "a session is in at most " + around.limits().instances() + " instances");
    }
    if (!order.repeated() && !buckets.joins().take(now())) {
      return tooOften(order, buckets.joins(), Limited.MEMBERSHIP);
    }
    boolean viewing = around.sees(state.profile(), instance);
    return steps.persist(
        new SessionEvent.Joined(instance, viewing, now()),
        (Open now) -> waitFor(now, instance, order));
  }

  private Effect<SessionEvent, SessionState> onLeave(Open state, Order order, String instance) {
    if (state.isMember(instance)) {
      return steps.persist(
          new SessionEvent.Left(instance, now()), (Open now) -> waitFor(now, instance, order));
    }
    if (state.instances().containsKey(instance)) {
      waitFor(state, instance, order);
      return steps.Effect().none();
    }
    if (!order.repeated()) {
      return refuse(order, ErrorCode.NOT_JOINED, "not a member of " + instance);
    }
    done(order);
    return steps.Effect().none();
  }

  /// The order is done when the instance has acknowledged what it is about.
  private void waitFor(Open state, String instance, Order order) {
    if (reports.isSettled(state, instance)) {
      answer(order, new Done(order.number(), reports.position(instance)));
    } else {
      waiting
          .computeIfAbsent(instance, name -> new ArrayList<>())
          .add(new Waiting(order.number(), order.connection()));
    }
  }

  private Effect<SessionEvent, SessionState> onEmit(Open state, Order order, Action.Emit emit) {
    Refused refusal = utterances.refusal(state, order);
    if (refusal == null) {
      return visits.emit(state, order, emit);
    }
    answer(order, refusal);
    return steps.Effect().none();
  }

  private Effect<SessionEvent, SessionState> onIdentify(
      Open state, Order order, Action.Identify identify) {
    Principal principal = identify.principal();
    Grant grant = identify.grant();
    boolean same = state.principal().equals(principal);
    if (!same && state.principal().person().isPresent()) {
      return refuse(order, ErrorCode.CONFLICT, "the session already belongs to somebody");
    }
    if (same && (grant == null || grant.equals(state.grant()))) {
      done(order);
      return steps.Effect().none();
    }
    return steps.persist(new SessionEvent.Identified(principal, grant, now()), now -> done(order));
  }

  private Effect<SessionEvent, SessionState> onWatch(
      Open state, Order order, List<String> persons, boolean follow) {
    Set<String> watches = new LinkedHashSet<>(state.watches());
    boolean changes = follow ? watches.addAll(persons) : watches.removeAll(Set.copyOf(persons));
    if (!changes) {
      done(order);
      return steps.Effect().none();
    }
    if (watches.size() > around.limits().watches()) {
      return refuse(
          order,
          ErrorCode.TOO_LONG,
          "a session follows at most " + around.limits().watches() + " persons");
    }
    return steps.persist(new SessionEvent.Watched(List.copyOf(watches), now()), now -> done(order));
  }

  /// An instance has acknowledged the session's newest word: the orders that waited for it are
  /// done, unless that word took back what the instance refused.
  void settled(Open state, ChatInstance.Recorded receipt) {
    String instance = receipt.instance();
    if (refusing.remove(instance) && !state.isMember(instance)) {
      refused(instance);
    } else {
      answerWaiting(instance, number -> new Done(number, receipt.at()));
    }
  }

  private void answerWaiting(String instance, LongFunction<Notice> answer) {
    for (Waiting order : Objects.requireNonNullElse(waiting.remove(instance), List.<Waiting>of())) {
      answers.give(order.connection(), order.number(), answer.apply(order.number()));
    }
  }

  /// An instance admits no further session: the membership is taken back.
  Effect<SessionEvent, SessionState> refusedByInstance(Open state, ChatInstance.Full full) {
    SessionState.Membership membership = state.instances().get(full.instance());
    if (membership == null || !membership.joined() || membership.n() != full.n()) {
      return steps.Effect().none();
    }
    refusing.add(full.instance());
    return steps.persist(
        new SessionEvent.Left(full.instance(), now()),
        now -> {
          refusing.remove(full.instance());
          refused(full.instance());
        });
  }

  private void refused(String instance) {
    if (waiting.getOrDefault(instance, List.of()).stream()
        .noneMatch(order -> holder.is(order.connection()))) {
      holder.tell(new Notice.Unjoined(instance));
    }
    String message = instance + " admits no further session";
    answerWaiting(instance, number -> new Refused(number, ErrorCode.INSTANCE_FULL, message, null));
  }

  /// The connection gave a sign of life.
  void heardOf() {
    answers.age();
  }

  private void done(Order order) {
    answer(order, new Done(order.number(), null));
  }

  private Effect<SessionEvent, SessionState> refuse(Order order, ErrorCode code, String message) {
    answer(order, new Refused(order.number(), code, message, null));
    return steps.Effect().none();
  }

  private Effect<SessionEvent, SessionState> tooOften(
      Order order, Buckets.Meter meter, Limited what) {
    around.meters().sessions().limited(what);
    long retryAfterMs = meter.untilNext(now()).toMillis();
    answer(order, new Refused(order.number(), ErrorCode.RATE_LIMITED, "too often", retryAfterMs));
    return steps.Effect().none();
  }

  private void answer(Order order, Notice notice) {
    answers.give(order.connection(), order.number(), notice);
  }

  private long now() {
    return around.clock().millis();
  }
}
