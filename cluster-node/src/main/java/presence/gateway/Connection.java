package presence.gateway;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import presence.auth.Grant;
import presence.auth.TokenVerifier;
import presence.gateway.ConnectionCommand.Admitted;
import presence.gateway.ConnectionCommand.Close;
import presence.gateway.ConnectionCommand.FromInstance;
import presence.gateway.ConnectionCommand.FromPerson;
import presence.gateway.ConnectionCommand.FromSession;
import presence.gateway.ConnectionCommand.Moved;
import presence.gateway.ConnectionCommand.SessionGone;
import presence.gateway.ConnectionCommand.Tick;
import presence.gateway.ConnectionCommand.Verified;
import presence.instance.ChatInstance;
import presence.protocol.ClientMessage;
import presence.protocol.CloseCode;
import presence.protocol.Codec;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.protocol.ServerMessage;
import presence.session.Notice;
import presence.user.User;

/// One socket with a session: takes what the client says, holds it in order until the session has
/// done it, and gives the client its answers, the streams it follows and its mail.
///
/// It outlives the moves of its session: when the session's incarnation ends or does not answer, it
/// claims the session again with its epoch, and the client notices nothing. It never outlives its
/// own epoch: once a newer connection has the session, it closes 4409.
///
/// | part | idea |
/// |---|---|
/// | [Line] | the wire and what waits for it |
/// | [Pulse] | whether the client lives |
/// | [Hold] | the session, wherever it is |
/// | [Orderbook] | what the client asks of the session, until it is answered |
/// | [Streams], [WorldStreams], [Mailbag] | what the client is told unasked |
public final class Connection extends AbstractBehavior<ConnectionCommand> {

  private final Surroundings around;
  private final Line line;
  private final Visit visit;
  private final Farewell farewell;
  private final TimerScheduler<ConnectionCommand> timers;
  private final Deque<Codec.Element> inbox = new ArrayDeque<>(1);
  private final Pulse pulse;
  private final Hold hold;
  private final Orderbook orderbook;
  private final Replies replies;
  private final Onlooking onlooking;
  private final ProofWatch proof;
  private final Streams streams;
  private final WorldStreams worlds;
  private final Mailbag mailbag;
  private final Datagrams.@Nullable Path path;
  private final ActorRef<User.Seen> personEar;
  private ClientMessage.@Nullable Authenticate authenticating;
  private int errorsInARow;
  private boolean lagging;

  Connection(
      Surroundings around,
      Line line,
      Visit visit,
      Hold hold,
      ActorContext<ConnectionCommand> context,
      TimerScheduler<ConnectionCommand> timers) {
    super(context);
    this.around = around;
    this.line = line;
    this.visit = visit;
    this.hold = hold;
    this.timers = timers;
    farewell = new Farewell(line, timers, around.limits().helloDeadline());
    personEar = context.messageAdapter(User.Seen.class, FromPerson::new);
    ActorRef<ConnectionCommand> self = context.getSelf();
    Looks looks = new Looks(around.limits().roster(), line, around.clock());
    streams = new Streams(around.relays(), line, hold.session(), looks, self.narrow());
    path = around.datagrams().open(() -> self.tell(new Moved())).orElse(null);
    worlds =
        new WorldStreams(around, line, hold, path == null ? MoveSink.NONE : path, self.narrow());
    onlooking = new Onlooking(hold, streams, line, looks, around.limits().welcome().instances());
    proof = new ProofWatch(hold, line, timers, around.limits().proofWarning());
    replies = new Replies(line, hold, streams, onlooking, worlds, around.watches(), personEar);
    orderbook =
        new Orderbook(
            around,
            context.messageAdapter(ChatInstance.Answer.class, FromInstance::new),
            hold,
            replies,
            timers);
    mailbag = new Mailbag(line);
    pulse = new Pulse(around.limits().ping(), now());
  }

  /// Greets the client and begins the streams its session is in.
  ///
  /// @param resumeExpired whether another session had been asked for, which has ended
  void welcome(
      Notice.Attached attached,
      ClientMessage.@Nullable Hello hello,
      String token,
      boolean resumeExpired) {
    visit.isAnonymous(hold.isAnonymous());
    line.answer(
        hold.welcome(
            attached,
            token,
            path == null ? null : path.offer(),
            hello == null ? null : hello.ref()));
    if (resumeExpired) {
      line.refuse(ErrorCode.RESUME_EXPIRED, "the session had ended; this is a fresh one", null);
    }
    line.answer(new ServerMessage.Ping());
    streams.resume(attached.instances(), hello == null || resumeExpired ? null : hello.resume());
    worlds.resume(attached.worlds());
    proof.begin(now());
    if (!attached.watches().isEmpty()) {
      around.watches().tell(new Watches.Follow(Set.copyOf(attached.watches()), personEar));
    }
    scheduleLife(now());
    line.flush();
  }

  /// Leaves what its proof does not let it into, or not any more.
  private void leaveForbidden() {
    for (String instance : streams.followed()) {
      boolean onlooker = onlooking.isOf(instance);
      Grant grant = hold.grant();
      if (!(onlooker ? grant.maySee(instance) : grant.mayJoin(instance))) {
        ClientMessage.Leave leave = new ClientMessage.Leave(instance, null);
        if (!onlooking.takes(leave)) {
          orderbook.want(leave);
        }
        line.answer(
            new ServerMessage.Error(
                ErrorCode.FORBIDDEN, ProofWatch.NOT_THERE, null, false, null, instance, null));
      }
    }
  }

  /// Takes what the client sent behind its hello.
  void take(Deque<Codec.Element> elements) {
    leaveForbidden();
    inbox.addAll(elements);
    work();
    line.flush();
  }

  @Override
  public Receive<ConnectionCommand> createReceive() {
    return newReceiveBuilder()
        .onAnyMessage(this::onCommand)
        .onSignal(PostStop.class, _ -> onStopped())
        .build();
  }

  /// The ticket ends with the connection, whatever ended that.
  private Behavior<ConnectionCommand> onStopped() {
    if (path != null) {
      path.close();
    }
    return this;
  }

  private Behavior<ConnectionCommand> onCommand(ConnectionCommand command) {
    if (command instanceof Wire.Event.Gone) {
      hold.letGo();
      return Behaviors.stopped();
    }
    if (command == Tick.CLOSE) {
      return Behaviors.stopped();
    }
    switch (command) {
      case Wire.Event event -> onWire(event);
      case FromSession from -> onNotice(from.notice());
      case Relay.Delivery delivery -> {
        streams.onDelivery(delivery);
        onlooking.hear(delivery);
      }
      case WorldRelay.Delivery delivery -> {
        worlds.onDelivery(delivery);
        watchRest();
      }
      case FromInstance from -> orderbook.answered(from.answer());
      case FromPerson from -> replies.seen(from.seen());
      case Moved _ -> onMoved();
      case Verified verified -> onVerified(verified.verdict());
      case SessionGone _ -> hold.claim(orderbook.holdsMove());
      case Close close -> farewell.close(close);
      case Tick tick -> onTick(tick);
      case Admitted _ -> {}
    }
    proceed();
    return this;
  }

  /// Gives the client all that waits for it, as far as it takes that. Where it takes no more, this
  /// goes on when its wire is ready.
  private void proceed() {
    boolean mail = false;
    boolean sent;
    do {
      mail |= mailbag.handOver();
      catchUp();
      worlds.handOver();
      sent = line.flush();
    } while (sent && waits() && line.isReady());
    watchLag(mail, sent);
  }

  /// Whether there is something that its line has not been given.
  private boolean waits() {
    return lags() || worlds.isLate();
  }

  private boolean lags() {
    return line.isStale() || !mailbag.isEmpty();
  }

  /// A client that lags has some time; each time that it takes mail, the same again. What it did
  /// not read may be there no more, dropped or left: only one that reads has caught up by that.
  ///
  /// @param mail whether it was given some
  /// @param sent whether a frame went to it just now
  private void watchLag(boolean mail, boolean sent) {
    if (lagging && (mail || (!lags() && (sent || line.isReady())))) {
      lagging = false;
      timers.cancel(Tick.DRAIN);
    }
    if (!lagging && lags()) {
      lagging = true;
      timers.startSingleTimer(Tick.DRAIN, Tick.DRAIN, around.limits().drainMax());
    }
  }

  /// Begins anew what the client was too slow for, now that there is room.
  private void catchUp() {
    line.nextStale()
        .ifPresent(stale -> {
          Topic topic = stale.topic();
          switch (topic.kind()) {
            case INSTANCE -> streams.resync(topic.name(), stale.ref());
            case WORLD -> worlds.resync(topic.name(), stale.ref());
          }
        });
  }

  // what comes from the client

  private void onWire(Wire.Event event) {
    switch (event) {
      case Wire.Event.Text text -> {
        heard();
        inbox.addAll(around.codec().decodeFrame(text.text()));
        work();
      }
      case Wire.Event.Binary _ -> {
        heard();
        around.meter().unreadable(ErrorCode.BAD_JSON);
        wrong(
            new ServerMessage.Error(
                ErrorCode.BAD_JSON, "a frame is text", null, false, null, null, null));
        line.pull();
      }
      case Wire.Event.Heard _ -> heard();
      case Wire.Event.Ready _, Wire.Event.Gone _ -> {}
    }
  }

  /// By whichever way a move comes, it is the same.
  private void onMoved() {
    if (path != null) {
      path.received().forEach(this::onMessage);
    }
  }

  private void heard() {
    pulse.heard(now());
    hold.confirm();
  }

  private void watchRest() {
    if (!timers.isTimerActive(Tick.REST)) {
      worlds.untilRest().ifPresent(time -> timers.startSingleTimer(Tick.REST, Tick.REST, time));
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
        case Codec.Element.Refusal(ServerMessage.Error error) -> {
          around.meter().unreadable(error.code());
          wrong(error);
        }
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
      inbox.clear(); // a frame may hold thousands more
      line.close(CloseCode.PROTOCOL_ABUSE, "too many refused messages in a row");
    }
  }

  private void onMessage(ClientMessage message) {
    switch (message) {
      case ClientMessage.Hello hello ->
          line.refuse(ErrorCode.SECOND_HELLO, "this connection has said hello", hello.ref());
      case ClientMessage.Authenticate authenticate -> authenticate(authenticate);
      case ClientMessage.RosterPage page -> streams.page(page);
      case ClientMessage.Pong _ -> {}
      case ClientMessage.Stride stride -> worlds.move(stride);
      case ClientMessage.Join _, ClientMessage.Leave _ -> {
        if (!onlooking.takes(message)) {
          wish(message);
        }
      }
      case ClientMessage.Location _,
          ClientMessage.Enter _,
          ClientMessage.Exit _,
          ClientMessage.Emit _,
          ClientMessage.Say _,
          ClientMessage.Send _,
          ClientMessage.Acknowledge _,
          ClientMessage.Watch _,
          ClientMessage.Unwatch _,
          ClientMessage.Bye _ ->
          wish(message);
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
        case TokenVerifier.Verdict.Accepted accepted -> orderbook.identify(accepted, asked);
        case TokenVerifier.Verdict.Refused refused ->
            line.refuse(refused.code(), refused.message(), asked.ref());
      }
    }
    work();
  }

  /// What it proved may be another now.
  private void onProof() {
    visit.isAnonymous(hold.isAnonymous());
    if (proof.isNew()) {
      proof.begin(now());
      leaveForbidden();
    }
  }

  private void wish(ClientMessage message) {
    try {
      orderbook.wish(message);
    } catch (InvalidMessage e) {
      ServerMessage.Error refusal =
          Replies.refusal(e.code(), String.valueOf(e.getMessage()), message);
      if (e.code() == ErrorCode.TOO_LONG) {
        line.answer(refusal);
      } else {
        wrong(refusal);
      }
    }
  }

  // what comes from the session and the instances

  private void onNotice(Notice notice) {
    switch (notice) {
      case Notice.Done done -> {
        orderbook.done(done);
        onProof();
      }
      case Notice.Accepted accepted -> orderbook.accepted(accepted);
      case Notice.Refused refused -> orderbook.refused(refused);
      case Notice.Mail mail -> mailbag.add(mail.deliveries());
      case Notice.Held held -> {
        if (hold.confirmed(held)) {
          orderbook.hurry();
        }
        if (held.worlds() != null && worlds.areOnly(held.worlds(), orderbook::holdsEntryOf)) {
          hold.show();
        }
      }
      case Notice.Replaced replaced -> {
        if (hold.isLostTo(replaced.epoch())) {
          hold.end();
          farewell.closeNow(CloseCode.REPLACED, "a newer connection has this session");
        }
      }
      case Notice.Over over -> {
        hold.end();
        farewell.close(over.reason());
      }
      case Notice.Unjoined unjoined -> replies.unjoined(unjoined.instance());
      case Notice.Parted parted -> worlds.parted(parted);
      case Notice.Attached _, Notice.AttachRefused _ -> {}
    }
    orderbook.send();
  }

  // what comes of time and of the node

  private void onTick(Tick tick) {
    switch (tick) {
      case LIFE -> onLife();
      case ORDERS -> orderbook.giveUp();
      case CLAIM -> hold.claim(orderbook.holdsMove());
      case REST -> {
        worlds.repeatResting();
        watchRest();
      }
      case DRAIN -> farewell.closeNow(CloseCode.TOO_SLOW, "the client does not read");
      case PROOF -> proof.look(now());
      case HELLO, ATTACH, CLOSE -> {}
    }
  }

  /// Looks whether the client was heard lately, and tells the session that this connection stands.
  private void onLife() {
    long now = now();
    switch (pulse.feel(now)) {
      case GONE -> {
        farewell.closeNow(CloseCode.SERVER_GONE, "nothing was heard");
        hold.letGo();
        return;
      }
      case QUIET -> line.answer(new ServerMessage.Ping());
      case WELL -> {}
    }
    hold.show();
    scheduleLife(now);
  }

  private void scheduleLife(long now) {
    timers.startSingleTimer(Tick.LIFE, Tick.LIFE, pulse.untilNext(now, around.random()));
  }

  private long now() {
    return around.clock().millis();
  }
}
