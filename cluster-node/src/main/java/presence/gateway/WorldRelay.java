package presence.gateway;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import presence.cluster.Door;
import presence.protocol.Codec;
import presence.protocol.Json;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.protocol.Spot;
import presence.world.Figure;
import presence.world.Place;
import presence.world.Stride;
import presence.world.World;

/// One world on one node: brings the moves of the node's own clients to the world, and what goes on
/// in the world to them. Each change is encoded once, and so are the moves in each cell of the
/// grid.
///
/// Whoever follows is given the state of the world, and then every change after it, once. Moves are
/// told by nearness ([Plain]); the newest counts. When the world has started anew, every relay
/// tells it the newest places it knows.
public final class WorldRelay extends AbstractBehavior<WorldRelay.Command> {

  sealed interface Command {}

  /// Follow the world, or begin anew.
  ///
  /// @param epoch of the connection that follows
  /// @param atLeast the state it is given must not be older: the session's own entering
  /// @param ref to be echoed by the state
  record Follow(
      ActorRef<Delivery> follower,
      String session,
      long epoch,
      Position atLeast,
      @Nullable String ref)
      implements Command {}

  record Unfollow(ActorRef<Delivery> follower) implements Command {}

  /// Give the state once more to a follower that lost part of what came after it.
  ///
  /// @param ref of the request that is answered by that
  record Resync(ActorRef<Delivery> follower, @Nullable String ref) implements Command {}

  /// The avatar of a session of this node is here.
  record Walk(String session, long epoch, Spot pos, long seq) implements Command {}

  private record FromWorld(World.Feed feed) implements Command {}

  private record FollowerGone(ActorRef<Delivery> follower) implements Command {}

  private record WorldGone(ActorRef<World.Command> incarnation) implements Command {}

  private enum Tick implements Command {
    ASK_AGAIN,
    KEEP_ALIVE,
    HOUSEKEEPING,
    GATHER,
    RESTED,
    TURN
  }

  /// What a follower is given.
  sealed interface Delivery extends ConnectionCommand {
    String piece();
  }

  /// Everybody else in the world; what follows comes after it.
  ///
  /// @param self the id of the follower's own avatar
  record State(String piece, String self, Encoded state) implements Delivery {}

  /// What changed in the world, or was told there, in order.
  ///
  /// @param placed avatars of which no earlier move says anything any more
  record Changes(String piece, List<Encoded> messages, List<String> placed) implements Delivery {}

  /// Who moved.
  record Moved(String piece, List<Moves> moves) implements Delivery {}

  /// The world does not answer.
  record Unavailable(String piece, @Nullable String ref) implements Delivery {}

  /// What a relay is given.
  ///
  /// @param gather how long moves of the node's own clients are collected
  /// @param turn the time between two turns of the plain
  /// @param pace how often the world is asked for what may have been missed
  /// @param patience how long a follower waits for the state
  public record Settings(
      Plain.Limits plain,
      Duration gather,
      Duration turn,
      Relay.Pace pace,
      Duration patience,
      Codec codec,
      InstantSource clock,
      Door<World.Command> worlds,
      GatewayMeter meter) {}

  /// Tells whoever keeps relays that this one has nothing to do.
  ///
  /// @param handled how many messages of its keeper it has seen
  record Idle(String piece, long handled) {}

  private final String piece;
  private final Settings settings;
  private final ActorRef<Idle> keeper;
  private final TimerScheduler<Command> timers;
  private final ActorRef<World.Feed> feed;
  private final Audience audience;
  private final Plain plain;
  private final Crowd crowd;
  private final List<Figure> cut = new ArrayList<>();
  private int cutParts;
  private long heard;
  private boolean missesMoves;
  private boolean turnIsDue;
  private @Nullable ActorRef<World.Command> incarnation;
  private long handled;

  /// The behaviour of the relay of this world. Should it fail, it starts again, keeps its
  /// followers, and gives them the state anew.
  static Behavior<Command> create(String piece, Settings settings, ActorRef<Idle> keeper) {
    Audience audience = new Audience();
    Behavior<Command> relay =
        Behaviors.setup(context ->
            Behaviors.withTimers(
                timers -> new WorldRelay(piece, settings, keeper, audience, context, timers)));
    return Behaviors.supervise(relay).onFailure(SupervisorStrategy.restart());
  }

  private WorldRelay(
      String piece,
      Settings settings,
      ActorRef<Idle> keeper,
      Audience audience,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(context);
    this.piece = piece;
    this.settings = settings;
    this.keeper = keeper;
    this.audience = audience;
    this.timers = timers;
    this.feed = context.messageAdapter(World.Feed.class, FromWorld::new);
    this.plain = new Plain(settings.plain());
    this.crowd = new Crowd(piece, plain);
    audience.startAnew(now());
    timers.startTimerWithFixedDelay(Tick.KEEP_ALIVE, settings.pace().keepAlive());
    timers.startTimerWithFixedDelay(Tick.HOUSEKEEPING, Duration.ofSeconds(1));
    subscribe();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onAnyMessage(this::onCommand)
        .onSignal(PostStop.class, _ -> onStopped())
        .build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Follow follow -> onFollow(follow);
      case Unfollow unfollow -> {
        handled++;
        forget(unfollow.follower());
      }
      case Resync resync -> onResync(resync);
      case Walk walk -> onWalk(walk);
      case FromWorld from -> onFeed(from.feed());
      case FollowerGone gone -> forget(gone.follower());
      case WorldGone gone -> onWorldGone(gone.incarnation());
      case Tick tick -> {
        switch (tick) {
          case ASK_AGAIN -> {
            if (incarnation == null) {
              subscribe();
            }
          }
          case KEEP_ALIVE -> subscribe();
          case HOUSEKEEPING -> onHousekeeping();
          case GATHER -> onGatherTick();
          case RESTED -> onRested();
          case TURN -> takeTurn();
        }
      }
    }
    return this;
  }

  private Behavior<Command> onStopped() {
    settings.meter().follow(piece, 0);
    return this;
  }

  // the node's own clients

  private void onFollow(Follow follow) {
    handled++;
    forget(follow.follower());
    getContext().watchWith(follow.follower(), new FollowerGone(follow.follower()));
    audience.add(new Follower(follow, now()));
    if (!crowd.hasReached(follow.atLeast())) {
      subscribe();
    }
    serveWaiting();
  }

  private void forget(ActorRef<Delivery> follower) {
    if (audience.remove(follower)) {
      getContext().unwatch(follower);
    }
  }

  private void onResync(Resync resync) {
    handled++;
    Follower follower = audience.of(resync.follower());
    if (follower != null && follower.isServed()) {
      crowd.of(follower.session()).ifPresent(own -> give(follower, own, resync.ref()));
    }
  }

  private void onWalk(Walk walk) {
    handled++;
    Follower follower = audience.of(walk.session(), walk.epoch());
    if (follower != null && follower.walks(new Place(walk.pos(), walk.epoch(), walk.seq()))) {
      settings.meter().walked();
      gatherWhenDue();
    }
  }

  /// The first moves after a pause are brought at once; those that follow, so many times a second.
  private void gatherWhenDue() {
    if (!timers.isTimerActive(Tick.GATHER) && gather()) {
      timers.startTimerAtFixedRate(Tick.GATHER, Tick.GATHER, settings.gather());
    }
  }

  private void onGatherTick() {
    if (!gather()) {
      timers.cancel(Tick.GATHER);
    }
  }

  /// Brings what moved since the last time, if something did.
  private boolean gather() {
    List<Stride> strides = audience.takeStrides(crowd);
    if (strides.isEmpty()) {
      return false;
    }
    settings.worlds().tell(piece, new World.Walk(feed, strides));
    return true;
  }

  private void serveWaiting() {
    for (Follower follower : audience.waiting()) {
      if (crowd.hasReached(follower.atLeast())) {
        crowd
            .of(follower.session())
            .ifPresent(own -> {
              give(follower, own, follower.ref());
              follower.served();
            });
      }
    }
    gatherWhenDue();
  }

  private void give(Follower follower, Figure own, @Nullable String ref) {
    String self = own.id();
    ServerMessage state = new ServerMessage.WorldState(piece, self, crowd.others(self), ref);
    follower.ear().tell(new State(piece, self, encode(state)));
    follower.sees(plain.cellOf(self));
  }

  // the world

  /// Asks the world for whatever followed what is known here, and tells it where the node's own
  /// avatars are; again soon, if it is not known to live.
  private void subscribe() {
    settings
        .worlds()
        .tell(
            piece,
            new World.Subscribe(
                feed, missesMoves ? Position.NOWHERE : crowd.at(), audience.allStrides(crowd)));
    if (incarnation == null) {
      timers.startSingleTimer(Tick.ASK_AGAIN, Tick.ASK_AGAIN, settings.pace().first());
    }
  }

  private void onFeed(World.Feed news) {
    switch (news) {
      case World.Published published -> onPublished(published);
      case World.Cut part -> onCut(part);
      case World.UpToDate upToDate -> onUpToDate(upToDate);
      case World.Moved moved -> onMoved(moved);
      case World.Emitted emitted -> onEmitted(emitted);
      case World.Stranger _ -> subscribe();
    }
    serveWaiting();
  }

  private void onPublished(World.Published published) {
    if (crowd.isFollowedBy(published)) {
      tell(crowd.apply(published));
    } else if (!crowd.hasReached(published.at())) {
      subscribe();
    }
  }

  /// Takes the parts of a whole; one that lacks a part is none, and is asked for again.
  private void onCut(World.Cut part) {
    if (part.part() == 0) {
      cut.clear();
      cutParts = 0;
    }
    if (part.part() != cutParts) {
      return;
    }
    cut.addAll(part.figures());
    cutParts++;
    if (cutParts == part.parts()) {
      belongsTo(part.incarnation());
      heard = part.moved();
      missesMoves = false;
      tell(crowd.become(part.at(), cut));
      cut.clear();
    }
  }

  /// A move that was lost on the way may be an avatar's last for long: then everything is asked
  /// for. So it is when the world started anew, and has heard from others what it has not told
  /// here.
  private void onUpToDate(World.UpToDate upToDate) {
    if (upToDate.at().equals(crowd.at())) {
      boolean anew = !upToDate.incarnation().equals(incarnation);
      belongsTo(upToDate.incarnation());
      if (crowd.at().seq() > 0 && (anew || upToDate.moved() != heard)) {
        missesMoves = true;
        subscribe();
      }
    }
  }

  private void onMoved(World.Moved moved) {
    boolean lost = moved.number() != heard + 1 && crowd.at().seq() > 0;
    heard = moved.number();
    moved.movements().forEach(each -> plain.move(each.id(), each.place()));
    turnWhenDue();
    if (lost) {
      missesMoves = true;
      subscribe();
    }
  }

  /// A world that started anew has forgotten who moved; whatever is known here it is told.
  private void belongsTo(ActorRef<World.Command> now) {
    if (!now.equals(incarnation)) {
      List<Stride> known = crowd.strides();
      if (!known.isEmpty()) {
        settings.worlds().tell(piece, new World.Walk(feed, known));
      }
      if (incarnation != null) {
        getContext().unwatch(incarnation);
      }
      incarnation = now;
      getContext().watchWith(now, new WorldGone(now));
    }
  }

  private void onWorldGone(ActorRef<World.Command> which) {
    if (which.equals(incarnation)) {
      incarnation = null;
      subscribe();
    }
  }

  private void onEmitted(World.Emitted emitted) {
    Changes message =
        new Changes(
            piece,
            List.of(
                encode(
                    new ServerMessage.Emitted(
                        piece, emitted.id(), emitted.name(), json(emitted.data())))),
            List.of());
    for (Follower follower : audience.served()) {
      if (!follower.session().equals(emitted.session())) {
        follower.ear().tell(message);
      }
    }
  }

  private static @Nullable Json json(@Nullable String data) {
    return data == null ? null : new Json(data);
  }

  private void tell(List<ServerMessage> changes) {
    if (!changes.isEmpty()) {
      Changes message =
          new Changes(piece, changes.stream().map(this::encode).toList(), placed(changes));
      audience.served().forEach(follower -> follower.ear().tell(message));
    }
    turnWhenDue();
  }

  private static List<String> placed(List<ServerMessage> changes) {
    return changes.stream()
        .flatMap(change ->
            switch (change) {
              case ServerMessage.Entered entered -> Stream.of(entered.id());
              case ServerMessage.Returned returned -> Stream.of(returned.id());
              case ServerMessage.Exited exited -> Stream.of(exited.id());
              default -> Stream.empty();
            })
        .toList();
  }

  // who moved

  /// The world has the pace: its news is told as it comes, unless it comes faster than it may. What
  /// one turn leaves is told with the next news, or without, if there is none.
  private void turnWhenDue() {
    if (timers.isTimerActive(Tick.RESTED)) {
      turnIsDue = true;
    } else {
      takeTurn();
    }
  }

  private void onRested() {
    if (turnIsDue) {
      takeTurn();
    }
  }

  private void takeTurn() {
    turnIsDue = false;
    if (!plain.hasNews()) {
      return;
    }
    Round round = new Round(piece, plain, settings.codec());
    for (Follower follower : audience.served()) {
      crowd
          .of(follower.session())
          .map(own -> round.of(plain.cellOf(own.id()), follower))
          .filter(moves -> !moves.isEmpty())
          .ifPresent(moves -> follower.ear().tell(new Moved(piece, moves)));
    }
    Duration half = settings.turn().dividedBy(2); // a timer is late, by less than a turn
    timers.startSingleTimer(Tick.RESTED, Tick.RESTED, half);
    timers.startSingleTimer(Tick.TURN, Tick.TURN, settings.turn().plus(half));
  }

  private Encoded encode(ServerMessage message) {
    return Encoded.of(settings.codec(), message);
  }

  private void onHousekeeping() {
    settings.meter().follow(piece, audience.served().size());
    long overdue = now() - settings.patience().toMillis();
    for (Follower follower : audience.waiting()) {
      if (follower.since() <= overdue) {
        forget(follower.ear());
        follower.ear().tell(new Unavailable(piece, follower.ref()));
      }
    }
    if (!audience.waiting().isEmpty()) {
      subscribe();
    }
    if (audience.isEmpty()) {
      keeper.tell(new Idle(piece, handled));
    }
  }

  private long now() {
    return settings.clock().millis();
  }
}
