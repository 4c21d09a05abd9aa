package presence.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import presence.auth.Principal;
import presence.auth.TokenVerifier;
import presence.instance.ChatInstance;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.CloseCode;
import presence.protocol.Codec;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.protocol.Setting;
import presence.session.Action;
import presence.session.EndReason;
import presence.session.Notice;
import presence.session.Profile;
import presence.session.SessionCommand;
import presence.user.User;

/// One socket with a session: takes what the client says, holds it in order until the session has
/// done it, and gives the client its answers and the streams it follows.
///
/// It outlives the moves of its session: when the session's incarnation ends or does not answer, it
/// claims the session again with its epoch, and the client notices nothing. It never outlives its
/// own epoch: once a newer connection has the session, it closes 4409.
public final class Connection extends AbstractBehavior<Connection.Command> {

  /// What a connection is told; before its welcome by [Handshake], which is the same actor.
  public sealed interface Command {}

  /// Close the socket, for a reason of the node's.
  ///
  /// @param reconnectAfter what the client is told before; absent = nothing
  public record Close(CloseCode code, String reason, @Nullable Duration reconnectAfter)
      implements Command {}

  record FromWire(Wire.Event event) implements Command {}

  record FromSession(Notice notice) implements Command {}

  record FromRelay(Relay.Delivery delivery) implements Command {}

  record FromInstance(ChatInstance.Answer answer) implements Command {}

  record FromPerson(User.Seen seen) implements Command {}

  record Verified(TokenVerifier.Verdict verdict) implements Command {}

  record Admitted(User.Admission admission) implements Command {}

  record SessionGone() implements Command {}

  enum Tick implements Command {
    HELLO,
    ATTACH,
    LIFE,
    ORDERS,
    CLAIM,
    DRAIN,
    CLOSE
  }

  private record Wanted(
      @Nullable RosterMode mode, @Nullable Position since, @Nullable String ref) {}

  private final Surroundings around;
  private final Line line;
  private final TimerScheduler<Command> timers;
  private final ActorRef<Notice> sessionEar;
  private final ActorRef<Relay.Delivery> relayEar;
  private final ActorRef<ChatInstance.Answer> instanceEar;
  private final ActorRef<User.Seen> personEar;
  private final String session;
  private final long epoch;
  private final Notice.Attached attached;
  private final HeldOrders orders;
  private final Map<String, @Nullable RosterMode> joined = new HashMap<>(4);
  private final Map<Long, Wanted> joining = new HashMap<>(2);
  private final Deque<Codec.Element> inbox = new ArrayDeque<>(1);
  private Principal principal;
  private Profile profile;
  private ActorRef<SessionCommand> incarnation;
  private ClientMessage.@Nullable Authenticate authenticating;
  private boolean confirmed;
  private int errorsInARow;
  private long lastInbound;
  private boolean claiming;
  private Duration claimAfter;

  Connection(
      Surroundings around,
      Line line,
      ActorRef<Notice> sessionEar,
      Notice.Attached attached,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(context);
    this.around = around;
    this.line = line;
    this.timers = timers;
    this.sessionEar = sessionEar;
    this.attached = attached;
    this.session = attached.session();
    this.epoch = attached.epoch();
    this.principal = attached.principal();
    this.profile = attached.profile();
    this.incarnation = attached.incarnation();
    this.confirmed = !attached.resumed();
    this.orders = new HeldOrders(around.limits().held());
    this.relayEar = context.messageAdapter(Relay.Delivery.class, FromRelay::new);
    this.instanceEar = context.messageAdapter(ChatInstance.Answer.class, FromInstance::new);
    this.personEar = context.messageAdapter(User.Seen.class, FromPerson::new);
    this.claimAfter = around.limits().repeatFirst();
    this.lastInbound = now();
  }

  /// Greets the client and begins the streams its session is in.
  void welcome(ClientMessage.@Nullable Hello hello, String token, boolean resumeExpired) {
    getContext().watchWith(incarnation, new SessionGone());
    List<String> instances = List.copyOf(attached.instances().keySet());
    line.answer(
        new ServerMessage.Welcome(
            session,
            member(),
            principal.person().isEmpty(),
            epoch,
            attached.resumed(),
            token,
            around.limits().grace().toMillis(),
            around.limits().ping().toMillis(),
            around.limits().welcome(),
            instances,
            hello == null ? null : hello.ref()));
    if (resumeExpired) {
      line.refuse(ErrorCode.RESUME_EXPIRED, "the session had ended; this is a fresh one", null);
    }
    line.answer(new ServerMessage.Ping());
    ClientMessage.Resume resume = hello == null ? null : hello.resume();
    for (String instance : instances) {
      Wanted wanted = wanted(instance, resume == null || resumeExpired ? null : resume);
      joined.put(instance, wanted.mode());
      follow(instance, wanted, attached.instances().get(instance));
    }
    if (!attached.watches().isEmpty()) {
      around.watches().tell(new Watches.Follow(Set.copyOf(attached.watches()), personEar));
    }
    scheduleLife();
    line.flush();
  }

  private static Wanted wanted(String instance, ClientMessage.@Nullable Resume resume) {
    if (resume != null) {
      for (ClientMessage.Since since : resume.instances()) {
        if (since.instance().equals(instance)) {
          return new Wanted(since.roster(), new Position(since.epoch(), since.seq()), null);
        }
      }
    }
    return new Wanted(null, null, null);
  }

  /// Takes what the client sent behind its hello.
  void take(Deque<Codec.Element> elements) {
    inbox.addAll(elements);
    work();
    line.flush();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    if (command instanceof FromWire(Wire.Event.Gone gone)) {
      around.sessions().tell(session, new SessionCommand.Detach(epoch));
      return Behaviors.stopped();
    }
    if (command == Tick.CLOSE) {
      return Behaviors.stopped();
    }
    switch (command) {
      case FromWire from -> onWire(from.event());
      case FromSession from -> onNotice(from.notice());
      case FromRelay from -> onDelivery(from.delivery());
      case FromInstance from -> onAnswer(from.answer());
      case FromPerson from -> onSeen(from.seen());
      case Verified verified -> onVerified(verified.verdict());
      case SessionGone gone -> claim();
      case Close close -> onClose(close);
      case Tick tick -> onTick(tick);
      case Admitted admitted -> {}
    }
    line.nextStale()
        .ifPresent(
            instance -> around.relays().tell(new Relays.To(instance, new Relay.Resync(relayEar))));
    line.flush();
    return this;
  }

  private void onWire(Wire.Event event) {
    switch (event) {
      case Wire.Event.Text text -> {
        heard();
        inbox.addAll(around.codec().decodeFrame(text.text()));
        work();
      }
      case Wire.Event.Binary binary -> {
        heard();
        wrong(refusal(ErrorCode.BAD_JSON, "a frame is text", null));
        line.pull();
      }
      case Wire.Event.Heard heard -> heard();
      case Wire.Event.Ready ready -> {
        line.ready();
        if (!line.isStale()) {
          timers.cancel(Tick.DRAIN);
        }
      }
      case Wire.Event.Gone gone -> {}
    }
  }

  private void heard() {
    lastInbound = now();
    if (!confirmed) {
      confirmed = true;
      around.sessions().tell(session, new SessionCommand.Confirm(epoch));
    }
  }

  /// Does what the client said, in order; while a token is being verified, the rest waits.
  private void work() {
    while (authenticating == null && !inbox.isEmpty()) {
      switch (inbox.poll()) {
        case Codec.Element.Message message -> {
          errorsInARow = 0;
          onMessage(message.message());
        }
        case Codec.Element.Refusal refusal -> wrong(refusal.error());
      }
    }
    if (authenticating == null) {
      line.pull();
    }
  }

  private void wrong(ServerMessage.Error error) {
    line.answer(error);
    errorsInARow++;
    if (errorsInARow > around.limits().errorsInARowMax()) {
      line.close(CloseCode.PROTOCOL_ABUSE, "too many refused messages in a row");
    }
  }

  private void onMessage(ClientMessage message) {
    switch (message) {
      case ClientMessage.Hello hello ->
          line.refuse(ErrorCode.SECOND_HELLO, "this connection has said hello", hello.ref());
      case ClientMessage.Authenticate authenticate -> authenticate(authenticate);
      case ClientMessage.Location move -> {
        profile = profile.with(new Profile.Update(null, null, move.slug(), move.visible()));
        order(new Action.Move(move.slug(), move.visible()), message);
      }
      case ClientMessage.Join join -> {
        if (order(new Action.Join(join.instance()), message)) {
          joining.put(orders.last(), new Wanted(join.roster(), join.since(), join.ref()));
        }
      }
      case ClientMessage.Leave leave -> order(new Action.Leave(leave.instance()), message);
      case ClientMessage.Say say -> say(say);
      case ClientMessage.RosterPage page -> roster(page);
      case ClientMessage.Watch watch -> watch(watch.users(), true, message);
      case ClientMessage.Unwatch unwatch -> watch(unwatch.users(), false, message);
      case ClientMessage.Pong pong -> {}
      case ClientMessage.Bye bye -> order(new Action.Bye(), message);
    }
  }

  private boolean order(Action action, ClientMessage message) {
    if (orders.offer(action, message.ref(), weight(message), now())) {
      sendOrders();
      return true;
    }
    line.refuse(ErrorCode.UNAVAILABLE, "too much waits for the session already", message.ref());
    return false;
  }

  private static int weight(ClientMessage message) {
    return message instanceof ClientMessage.Say say ? 256 + 4 * say.text().length() : 256;
  }

  private void sendOrders() {
    long now = now();
    for (HeldOrders.Held held : orders.due(now)) {
      around
          .sessions()
          .tell(
              session,
              new SessionCommand.Order(
                  epoch, held.number(), held.repeated(), held.action(), sessionEar));
    }
    if (!orders.isEmpty() && !timers.isTimerActive(Tick.ORDERS)) {
      timers.startSingleTimer(Tick.ORDERS, Tick.ORDERS, around.limits().held().repeatFirst());
    }
  }

  private void say(ClientMessage.Say say) {
    int max = around.limits().textCodePointsMax();
    if (say.text().codePointCount(0, say.text().length()) > max) {
      line.answer(
          new ServerMessage.Error(
              ErrorCode.TOO_LONG,
              "a message has at most " + max + " characters",
              say.ref(),
              false,
              null,
              say.instance(),
              say.clientMessageId()));
      return;
    }
    order(new Action.Say(say.instance(), say.text(), say.clientMessageId(), instanceEar), say);
  }

  private void roster(ClientMessage.RosterPage page) {
    if (!joined.containsKey(page.instance())) {
      line.refuse(ErrorCode.NOT_JOINED, "not a member of " + page.instance(), page.ref());
      return;
    }
    around
        .relays()
        .tell(
            new Relays.To(
                page.instance(),
                new Relay.Page(page.cursor(), page.limit(), page.ref(), relayEar)));
  }

  private void watch(List<String> users, boolean follow, ClientMessage message) {
    try {
      List<String> persons = users.stream().map(Persons::id).distinct().toList();
      order(follow ? new Action.Watch(persons) : new Action.Unwatch(persons), message);
    } catch (InvalidMessage e) {
      wrong(refusal(e.code(), String.valueOf(e.getMessage()), message.ref()));
    }
  }

  private void authenticate(ClientMessage.Authenticate authenticate) {
    authenticating = authenticate;
    getContext()
        .pipeToSelf(
            around.tokens().verify(authenticate.token()),
            (verdict, failure) -> new Verified(verdict));
  }

  private void onVerified(TokenVerifier.Verdict verdict) {
    ClientMessage.Authenticate asked = authenticating;
    authenticating = null;
    if (asked != null) {
      switch (verdict) {
        case TokenVerifier.Verdict.Accepted accepted ->
            order(new Action.Identify(accepted.principal()), asked);
        case TokenVerifier.Verdict.Refused refused ->
            line.refuse(refused.code(), refused.message(), asked.ref());
      }
    }
    work();
  }

  private void onNotice(Notice notice) {
    switch (notice) {
      case Notice.Done done -> orders.answered(done.number()).ifPresent(held -> onDone(held, done));
      case Notice.Refused refused ->
          orders.answered(refused.number()).ifPresent(held -> onRefused(held, refused));
      case Notice.Held held -> onHeld(held);
      case Notice.Replaced replaced -> {
        if (replaced.epoch() > epoch) {
          line.closeNow(CloseCode.REPLACED, "a newer connection has this session");
          endSoon();
        }
      }
      case Notice.Over over -> onOver(over.reason());
      case Notice.Unjoined unjoined -> onUnjoined(unjoined.instance());
      case Notice.Attached again -> {}
      case Notice.AttachRefused refused -> {}
    }
    sendOrders();
  }

  private void onDone(HeldOrders.Held held, Notice.Done done) {
    switch (held.action()) {
      case Action.Join join -> {
        Wanted wanted = joining.remove(held.number());
        joined.put(join.instance(), wanted == null ? null : wanted.mode());
        follow(
            join.instance(),
            wanted == null ? new Wanted(null, null, held.ref()) : wanted,
            done.at());
        return;
      }
      case Action.Leave leave -> {
        leave(leave.instance());
      }
      case Action.Identify identify -> {
        principal = identify.principal();
        Member member = member();
        if (member != null) {
          line.answer(new ServerMessage.Authenticated(member, held.ref()));
        }
        return;
      }
      case Action.Watch watch ->
          around.watches().tell(new Watches.Follow(Set.copyOf(watch.persons()), personEar));
      case Action.Unwatch unwatch ->
          around
              .watches()
              .tell(new Watches.Unfollow(new LinkedHashSet<>(unwatch.persons()), personEar));
      case Action.Move move -> {}
      case Action.Say say -> {}
      case Action.Bye bye -> {}
    }
    if (held.ref() != null) {
      line.answer(new ServerMessage.Ok(held.ref()));
    }
  }

  private void follow(String instance, Wanted wanted, @Nullable Position atLeast) {
    around
        .relays()
        .tell(
            new Relays.To(
                instance,
                new Relay.Follow(
                    relayEar,
                    session,
                    wanted.mode(),
                    wanted.since(),
                    atLeast == null ? new Position(0, 0) : atLeast,
                    wanted.ref())));
  }

  private void onRefused(HeldOrders.Held held, Notice.Refused refused) {
    joining.remove(held.number());
    line.answer(
        new ServerMessage.Error(
            refused.code(),
            refused.message(),
            held.ref(),
            refused.code().retryable(),
            refused.retryAfterMs(),
            instanceOf(held.action()),
            held.action() instanceof Action.Say say ? say.clientMessageId() : null));
  }

  private static @Nullable String instanceOf(Action action) {
    return switch (action) {
      case Action.Join join -> join.instance();
      case Action.Leave leave -> leave.instance();
      case Action.Say say -> say.instance();
      case Action.Move move -> null;
      case Action.Identify identify -> null;
      case Action.Watch watch -> null;
      case Action.Unwatch unwatch -> null;
      case Action.Bye bye -> null;
    };
  }

  /// What an instance answers to something said. The first time its author reads it in the stream;
  /// a repetition is shown again, because the first may have been lost on the way.
  private void onAnswer(ChatInstance.Answer answer) {
    switch (answer) {
      case ChatInstance.Spoken spoken ->
          orders
              .answered(
                  spoken.message().instance(), String.valueOf(spoken.message().clientMessageId()))
              .ifPresent(held -> {
                if (spoken.repeated()) {
                  line.answer(spoken.message());
                }
                if (held.ref() != null) {
                  line.answer(new ServerMessage.Ok(held.ref()));
                }
              });
      case ChatInstance.NotJoined not ->
          orders
              .answered(not.instance(), not.clientMessageId())
              .ifPresent(held ->
                  onRefused(
                      held,
                      new Notice.Refused(
                          held.number(),
                          ErrorCode.NOT_JOINED,
                          "not a member of " + not.instance(),
                          null)));
    }
    sendOrders();
  }

  private void onDelivery(Relay.Delivery delivery) {
    switch (delivery) {
      case Relay.Stream stream -> {
        if (joined.containsKey(stream.instance())) {
          line.stream(stream.instance(), stream.messages(), stream.fresh());
          if (line.isStale() && !timers.isTimerActive(Tick.DRAIN)) {
            timers.startSingleTimer(Tick.DRAIN, Tick.DRAIN, around.limits().drainMax());
          }
        }
      }
      case Relay.RosterPage page -> line.answer(page.page());
      case Relay.Refused refused -> onRelayRefused(refused);
    }
  }

  /// The relay gave up waiting for the instance. Who asked is told; a member goes on following.
  private void onRelayRefused(Relay.Refused refused) {
    if (refused.ref() != null) {
      line.answer(
          new ServerMessage.Error(
              refused.code(),
              refused.message(),
              refused.ref(),
              refused.code().retryable(),
              null,
              refused.instance(),
              null));
    }
    if (refused.code() == ErrorCode.UNAVAILABLE && joined.containsKey(refused.instance())) {
      follow(refused.instance(), new Wanted(joined.get(refused.instance()), null, null), null);
    }
  }

  /// The instance did not admit the session after all, and whoever asked for it is gone.
  private void onUnjoined(String instance) {
    leave(instance);
    line.answer(
        new ServerMessage.Error(
            ErrorCode.INSTANCE_FULL,
            instance + " admits no further session",
            null,
            ErrorCode.INSTANCE_FULL.retryable(),
            null,
            instance,
            null));
  }

  private void leave(String instance) {
    joined.remove(instance);
    line.leave(instance);
    around.relays().tell(new Relays.To(instance, new Relay.Unfollow(relayEar)));
  }

  private void onSeen(User.Seen seen) {
    line.answer(
        new ServerMessage.User(
            Persons.member(seen.person(), seen.name()),
            seen.online(),
            seen.here(),
            seen.location(),
            seen.lastSeen()));
  }

  /// Claims the session for this connection, and again until it answers.
  private void claim() {
    claiming = true;
    sendClaim();
    timers.startSingleTimer(Tick.CLAIM, Tick.CLAIM, claimAfter);
    Duration doubled = claimAfter.multipliedBy(2);
    Duration last = around.limits().repeatLast();
    claimAfter = doubled.compareTo(last) > 0 ? last : doubled;
  }

  private void sendClaim() {
    around.sessions().tell(session, new SessionCommand.Reclaim(epoch, place(), sessionEar));
  }

  /// Where the client is, for a session that may have forgotten a move it had postponed. As long as
  /// moves are held these tell it, in their order: the newest must not overtake them.
  private Action.Move place() {
    return orders.holdsMove()
        ? new Action.Move(null, null)
        : new Action.Move(Setting.to(profile.location()), profile.visible());
  }

  private void onHeld(Notice.Held held) {
    timers.cancel(Tick.CLAIM);
    claimAfter = around.limits().repeatFirst();
    if (!held.incarnation().equals(incarnation)) {
      getContext().unwatch(incarnation);
      incarnation = held.incarnation();
      getContext().watchWith(incarnation, new SessionGone());
    }
    if (claiming) {
      claiming = false;
      orders.hurry();
    }
  }

  private void onOver(EndReason reason) {
    CloseCode code =
        switch (reason) {
          case BYE -> CloseCode.BYE;
          case KICKED -> CloseCode.KICKED;
          case BANNED -> CloseCode.BANNED;
          case TOO_MANY -> CloseCode.REFUSED;
          case GRACE_OVER -> CloseCode.NOT_NOW;
        };
    line.close(code, reason.name().toLowerCase(Locale.ROOT));
    endSoon();
  }

  private void onClose(Close close) {
    if (close.reconnectAfter() != null) {
      line.answer(
          new ServerMessage.Closing(
              close.code().code(), close.reason(), close.reconnectAfter().toMillis()));
    }
    line.close(close.code(), close.reason());
    endSoon();
  }

  /// Should the wire never confirm the close, the connection ends all the same.
  private void endSoon() {
    timers.startSingleTimer(Tick.CLOSE, Tick.CLOSE, around.limits().helloDeadline());
  }

  private void onTick(Tick tick) {
    switch (tick) {
      case LIFE -> onLife();
      case ORDERS -> onOrders();
      case CLAIM -> claim();
      case DRAIN -> {
        line.closeNow(CloseCode.TOO_SLOW, "the client does not read");
        endSoon();
      }
      case HELLO, ATTACH, CLOSE -> {}
    }
  }

  /// Looks whether the client was heard lately, and tells the session that this connection stands.
  private void onLife() {
    long quiet = now() - lastInbound;
    long ping = around.limits().ping().toMillis();
    if (quiet >= 2 * ping) {
      line.closeNow(CloseCode.SERVER_GONE, "nothing was heard");
      around.sessions().tell(session, new SessionCommand.Detach(epoch));
      endSoon();
      return;
    }
    if (quiet >= ping) {
      line.answer(new ServerMessage.Ping());
    }
    if (!claiming) {
      sendClaim();
      timers.startSingleTimer(Tick.CLAIM, Tick.CLAIM, around.limits().reclaimAnswer());
    }
    scheduleLife();
  }

  /// A ping period from now or from the last frame, a little less by chance, so that the sockets of
  /// a node do not speak all at once.
  private void scheduleLife() {
    long ping = around.limits().ping().toMillis();
    long next = Math.max(ping / 10, ping - (now() - lastInbound) % ping);
    long jitter = around.random().nextLong(Math.max(1, ping / 10));
    timers.startSingleTimer(Tick.LIFE, Tick.LIFE, Duration.ofMillis(Math.max(1, next - jitter)));
  }

  private void onOrders() {
    for (HeldOrders.Held held : orders.overdue(now())) {
      onRefused(
          held,
          new Notice.Refused(
              held.number(), ErrorCode.UNAVAILABLE, "the session does not answer", null));
    }
    sendOrders();
  }

  private @Nullable Member member() {
    return principal.person().map(id -> Persons.member(id, profile.displayName())).orElse(null);
  }

  private static ServerMessage.Error refusal(ErrorCode code, String message, @Nullable String ref) {
    return new ServerMessage.Error(code, message, ref, code.retryable(), null, null, null);
  }

  private long now() {
    return around.clock().millis();
  }
}
