package presence.gateway;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import presence.cluster.Door;
import presence.instance.Change;
import presence.instance.ChatInstance;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.Codec;
import presence.protocol.Counts;
import presence.protocol.ErrorCode;
import presence.protocol.Position;
import presence.protocol.ServerMessage;

/// One instance on one node: keeps a replica at the end of its stream, encodes each change once,
/// and hands the same bytes to every local connection. Snapshots, catch-up and roster pages are
/// served from here, so they cost the instance nothing.
///
/// Whoever follows was given one exact cut, or the changes since what it had, and from then on
/// every change. A relay that missed something asks the instance for the changes since its own seq;
/// what it knows already it ignores.
public final class Relay extends AbstractBehavior<Relay.Command> {

  public sealed interface Command {}

  /// Follow the instance.
  ///
  /// @param session whose own messages come back with their `clientMessageId`; absent for a
  ///   spectator
  /// @param mode absent = by the size of the room
  /// @param since what the follower has already
  /// @param atLeast its cut must not be older: the session's own joining
  /// @param ref to be echoed by the first answer
  public record Follow(
      ActorRef<Delivery> follower,
      @Nullable String session,
      @Nullable RosterMode mode,
      @Nullable Position since,
      Position atLeast,
      @Nullable String ref)
      implements Command {}

  public record Unfollow(ActorRef<Delivery> follower) implements Command {}

  /// Begin the stream anew for a follower that lost part of it.
  public record Resync(ActorRef<Delivery> follower) implements Command {}

  /// Give a page of the roster.
  ///
  /// @param cursor absent = the first page of a new cut
  public record Page(
      @Nullable String cursor,
      @Nullable Integer limit,
      @Nullable String ref,
      ActorRef<Delivery> replyTo)
      implements Command {}

  private record FromInstance(ChatInstance.Feed feed) implements Command {}

  private record FollowerGone(ActorRef<Delivery> follower) implements Command {}

  private enum Tick implements Command {
    KEEP_ALIVE,
    HOUSEKEEPING
  }

  /// What a follower is given.
  public sealed interface Delivery {
    String instance();
  }

  /// Messages of the stream, in order.
  ///
  /// @param fresh whether they begin with a snapshot
  public record Stream(String instance, List<Encoded> messages, boolean fresh)
      implements Delivery {}

  /// One page of the roster.
  public record RosterPage(String instance, ServerMessage.Roster page) implements Delivery {}

  /// What was asked for cannot be given.
  public record Refused(String instance, ErrorCode code, String message, @Nullable String ref)
      implements Delivery {}

  /// What a relay is given.
  ///
  /// @param rosterFullMax the size up to which a room's members follow every person by default
  /// @param keepAlive how often the instance is asked for what may have been missed
  /// @param patience how long a follower waits for its first answer
  public record Settings(
      Replica.Limits replica,
      Cuts.Limits cuts,
      int rosterFullMax,
      Duration keepAlive,
      Duration patience,
      Codec codec,
      InstantSource clock,
      Door<ChatInstance.Command> instances) {}

  /// Tells whoever keeps relays that this one has nothing to do.
  ///
  /// @param handled how many messages of its keeper it has seen: none is on its way if the keeper
  ///   sent no more
  public record Idle(String instance, long handled) {}

  private static final class Follower {
    private final Follow asked;
    private final RosterMode mode;

    private Follower(Follow asked, RosterMode mode) {
      this.asked = asked;
      this.mode = mode;
    }
  }

  private static final class Waiting {
    private final Follow asked;
    private final long since;
    private long refreshedAt = -1;
    private boolean catchingUp;
    private boolean askedForEarlier;

    private Waiting(Follow asked, long since) {
      this.asked = asked;
      this.since = since;
    }
  }

  private final String instance;
  private final Settings settings;
  private final ActorRef<Idle> keeper;
  private final ActorRef<ChatInstance.Feed> feed;
  private final Map<ActorRef<Delivery>, Follower> followers;
  private final Map<ActorRef<Delivery>, Waiting> waiting = new LinkedHashMap<>();
  private final List<Page> waitingPages = new ArrayList<>();
  private final Cuts cuts;
  private final Map<RosterMode, Encoded> snapshots = new HashMap<>();
  private @Nullable Encoded history;
  private @Nullable Replica replica;
  private long handled;
  private long refreshes;
  private int connections;

  /// The behaviour of the relay of this instance. Should it fail, it starts again, keeps its
  /// followers, and begins their streams anew.
  public static Behavior<Command> create(
      String instance, Settings settings, ActorRef<Idle> keeper) {
    Map<ActorRef<Delivery>, Follower> followers = new LinkedHashMap<>();
    Behavior<Command> relay =
        Behaviors.setup(context ->
            Behaviors.withTimers(
                timers -> new Relay(instance, settings, keeper, followers, context, timers)));
    return Behaviors.supervise(relay).onFailure(SupervisorStrategy.restart());
  }

  private Relay(
      String instance,
      Settings settings,
      ActorRef<Idle> keeper,
      Map<ActorRef<Delivery>, Follower> followers,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(context);
    this.instance = instance;
    this.settings = settings;
    this.keeper = keeper;
    this.followers = followers;
    this.feed = context.messageAdapter(ChatInstance.Feed.class, FromInstance::new);
    this.cuts = new Cuts(settings.cuts());
    timers.startTimerWithFixedDelay(Tick.KEEP_ALIVE, settings.keepAlive());
    timers.startTimerWithFixedDelay(Tick.HOUSEKEEPING, Duration.ofSeconds(1));
    refresh();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Follow follow -> onFollow(follow);
      case Unfollow unfollow -> onUnfollow(unfollow);
      case Resync resync -> onResync(resync);
      case Page page -> onPage(page);
      case FromInstance from -> onFeed(from.feed());
      case FollowerGone gone -> forget(gone.follower());
      case Tick tick -> {
        switch (tick) {
          case KEEP_ALIVE -> refresh();
          case HOUSEKEEPING -> onHousekeeping();
        }
      }
    }
    return this;
  }

  private void onFollow(Follow follow) {
    handled++;
    forget(follow.follower());
    getContext().watchWith(follow.follower(), new FollowerGone(follow.follower()));
    waiting.put(follow.follower(), new Waiting(follow, now()));
    if (replica == null) {
      refresh();
    }
    serveWaiting();
  }

  private void onUnfollow(Unfollow unfollow) {
    handled++;
    forget(unfollow.follower());
  }

  private void forget(ActorRef<Delivery> follower) {
    boolean followed = followers.remove(follower) != null;
    boolean waited = waiting.remove(follower) != null;
    if (followed || waited) {
      getContext().unwatch(follower);
    }
  }

  private void onResync(Resync resync) {
    handled++;
    Follower follower = followers.get(resync.follower());
    if (follower != null && replica != null) {
      deliverSnapshot(replica, follower.asked.follower(), follower.mode, null);
    }
  }

  private void onPage(Page page) {
    handled++;
    waitingPages.add(page);
    servePages();
    if (replica == null) {
      refresh();
    }
  }

  private void servePages() {
    Replica now = replica;
    if (now == null) {
      return;
    }
    for (Page page : waitingPages) {
      page.replyTo().tell(rosterPage(now, page));
    }
    waitingPages.clear();
  }

  private Delivery rosterPage(Replica now, Page page) {
    if (page.cursor() == null) {
      return new RosterPage(instance, cuts.first(now.view(), page.limit(), page.ref(), now()));
    }
    Optional<ServerMessage.Roster> next =
        cuts.next(page.cursor(), now.view(), page.limit(), page.ref(), now());
    return next.<Delivery>map(each -> new RosterPage(instance, each))
        .orElseGet(() ->
            new Refused(
                instance,
                ErrorCode.CONFLICT,
                "the cut of this cursor is not kept here; start again",
                page.ref()));
  }

  /// Asks the instance for whatever followed what is known here.
  private void refresh() {
    Position at = replica == null ? new Position(0, 0) : replica.at();
    connections = connections();
    settings.instances().tell(instance, new ChatInstance.Subscribe(feed, at, connections));
  }

  /// The sockets that follow; a spectator is in no count.
  private int connections() {
    int connections = 0;
    for (Follower follower : followers.values()) {
      connections += follower.asked.session() == null ? 0 : 1;
    }
    return connections;
  }

  private void onFeed(ChatInstance.Feed news) {
    switch (news) {
      case ChatInstance.Published published -> onPublished(published);
      case ChatInstance.Cut cut -> onCut(cut);
      case ChatInstance.Earlier earlier -> onEarlier(earlier);
      case ChatInstance.Nobody nobody -> onNobody();
    }
    serveWaiting();
    servePages();
  }

  private void onPublished(ChatInstance.Published published) {
    Replica before = replica;
    if (before == null || !before.follows(published)) {
      refresh();
      return;
    }
    refreshes++;
    List<Change> news = before.news(published);
    if (!news.isEmpty()) {
      replica(before.apply(news, settings.replica()));
      deliver(news);
    }
  }

  private void onCut(ChatInstance.Cut cut) {
    refreshes++;
    Replica before = replica;
    boolean older =
        before != null
            && before.at().epoch() == cut.at().epoch()
            && before.at().seq() >= cut.at().seq();
    if (older) {
      return;
    }
    Replica now = Replica.of(instance, cut);
    replica(now);
    followers
        .values()
        .forEach(each -> deliverSnapshot(now, each.asked.follower(), each.mode, null));
  }

  private void onEarlier(ChatInstance.Earlier earlier) {
    if (replica != null && earlier.changes().isPresent()) {
      replica = replica.precededBy(earlier.changes().get());
    }
    waiting.values().stream()
        .filter(each -> earlier.since().equals(each.asked.since()))
        .forEach(each -> each.askedForEarlier = true);
  }

  /// There is no such instance: a spectator is told so; a member's instance is on its way.
  private void onNobody() {
    waitingPages.forEach(page -> page.replyTo().tell(notFound(page.ref())));
    waitingPages.clear();
    List<Waiting> spectators =
        waiting.values().stream().filter(each -> each.asked.session() == null).toList();
    for (Waiting spectator : spectators) {
      spectator.asked.follower().tell(notFound(spectator.asked.ref()));
      forget(spectator.asked.follower());
    }
  }

  private Refused notFound(@Nullable String ref) {
    return new Refused(instance, ErrorCode.NOT_FOUND, "there is no such instance", ref);
  }

  private void replica(Replica now) {
    replica = now;
    snapshots.clear();
    history = null;
  }

  /// Hands changes to everybody who follows, each kind of copy encoded once.
  private void deliver(List<Change> news) {
    if (followers.isEmpty()) {
      return;
    }
    Map<RosterMode, List<Encoded>> common = new HashMap<>();
    for (Follower follower : followers.values()) {
      String session = follower.asked.session();
      boolean author =
          session != null
              && news.stream()
                  .anyMatch(each ->
                      each instanceof Change.Message message && message.session().equals(session));
      List<Encoded> messages =
          author
              ? encode(news, follower.mode, session)
              : common.computeIfAbsent(follower.mode, mode -> encode(news, mode, null));
      follower.asked.follower().tell(new Stream(instance, messages, false));
    }
  }

  private List<Encoded> encode(List<Change> news, RosterMode mode, @Nullable String session) {
    return news.stream()
        .map(change ->
            switch (change) {
              case Change.People people -> encode(inMode(people.delta(), mode));
              case Change.Message message -> encode(Replica.shown(message, session));
            })
        .toList();
  }

  private static ServerMessage inMode(ServerMessage.Delta delta, RosterMode mode) {
    return mode == RosterMode.FULL
        ? delta
        : new ServerMessage.CountsChange(
            delta.instance(),
            delta.epoch(),
            delta.from(),
            delta.seq(),
            delta.counts(),
            delta.ref());
  }

  private Encoded encode(ServerMessage message) {
    return Encoded.of(settings.codec(), message);
  }

  private void serveWaiting() {
    Replica now = replica;
    if (now == null || waiting.isEmpty()) {
      return;
    }
    for (Waiting each : List.copyOf(waiting.values())) {
      if (isReady(now, each)) {
        serve(now, each.asked);
      }
    }
  }

  /// Whether the replica has what this follower must be given. If it is behind, the instance is
  /// asked; what the instance itself does not have cannot be waited for.
  private boolean isReady(Replica now, Waiting each) {
    Follow asked = each.asked;
    Position atLeast = asked.atLeast();
    boolean behindOwnJoin =
        atLeast.epoch() > now.at().epoch()
            || (atLeast.epoch() == now.at().epoch() && atLeast.seq() > now.at().seq());
    Position since = asked.since();
    if (since != null && since.epoch() != now.at().epoch()) {
      since = null; // of another stream: worth a snapshot, nothing to wait for
    }
    if (behindOwnJoin || (since != null && since.seq() > now.at().seq())) {
      if (each.refreshedAt < 0) {
        each.refreshedAt = refreshes;
        refresh();
      }
      return !behindOwnJoin && refreshes > each.refreshedAt;
    }
    return since == null || each.askedForEarlier || reaches(now, since, each);
  }

  /// Whether the changes since then are at hand; if not, the instance is asked for them.
  private boolean reaches(Replica now, Position since, Waiting each) {
    if (now.changes().since(since.seq(), now.at().seq()).isPresent()) {
      return true;
    }
    if (!each.catchingUp) {
      each.catchingUp = true;
      settings.instances().tell(instance, new ChatInstance.CatchUp(since, feed));
    }
    return false;
  }

  private void serve(Replica now, Follow asked) {
    waiting.remove(asked.follower());
    RosterMode mode =
        asked.mode() != null
            ? asked.mode()
            : now.view().online().size() <= settings.rosterFullMax()
                ? RosterMode.FULL
                : RosterMode.COUNTS;
    followers.put(asked.follower(), new Follower(asked, mode));
    Position since = asked.since();
    Optional<List<ServerMessage>> missed =
        since != null && since.epoch() == now.at().epoch()
            ? now.since(since.seq(), asked.session() == null ? "" : asked.session())
            : Optional.empty();
    if (missed.isEmpty()) {
      deliverSnapshot(now, asked.follower(), mode, asked.ref());
      return;
    }
    List<Encoded> messages = new ArrayList<>();
    for (ServerMessage message : missed.get()) {
      messages.add(
          encode(message instanceof ServerMessage.Delta delta ? inMode(delta, mode) : message));
    }
    if (messages.isEmpty() || asked.ref() != null) {
      messages.add(encode(inMode(upToDate(now, asked.ref()), mode)));
    }
    asked.follower().tell(new Stream(instance, messages, false));
  }

  private ServerMessage.Delta upToDate(Replica now, @Nullable String ref) {
    Position at = now.at();
    return new ServerMessage.Delta(
        instance,
        at.epoch(),
        at.seq(),
        at.seq(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        now.view().counts(),
        ref);
  }

  private void deliverSnapshot(
      Replica now, ActorRef<Delivery> follower, RosterMode mode, @Nullable String ref) {
    Encoded snapshot = snapshots.computeIfAbsent(mode, each -> encode(snapshot(now, each)));
    if (history == null) {
      history = encode(now.historyMessage(settings.replica().historyBytesMax()));
    }
    Encoded first = ref == null ? snapshot : snapshot.withRef(settings.codec(), ref);
    follower.tell(new Stream(instance, List.of(first, history), true));
  }

  private ServerMessage.Presence snapshot(Replica now, RosterMode mode) {
    Position at = now.at();
    Counts counts = now.view().counts();
    if (mode == RosterMode.COUNTS) {
      return new ServerMessage.Presence(
          instance, at.epoch(), at.seq(), mode, List.of(), List.of(), counts, false, null, null);
    }
    ServerMessage.Roster page = cuts.first(now.view(), null, null, now());
    return new ServerMessage.Presence(
        instance,
        at.epoch(),
        at.seq(),
        mode,
        page.members(),
        page.here(),
        counts,
        page.cursor() == null,
        page.cursor(),
        null);
  }

  /// What was asked on behalf of those who wait may have been lost on the way.
  private void askAgain() {
    for (Waiting each : waiting.values()) {
      each.refreshedAt = -1;
      each.catchingUp = false;
    }
    if (replica == null) {
      refresh();
    }
    serveWaiting();
  }

  private void onHousekeeping() {
    long overdue = now() - settings.patience().toMillis();
    for (Waiting each : List.copyOf(waiting.values())) {
      if (each.since <= overdue) {
        forget(each.asked.follower());
        each.asked
            .follower()
            .tell(
                new Refused(
                    instance,
                    ErrorCode.UNAVAILABLE,
                    "the instance does not answer",
                    each.asked.ref()));
      }
    }
    if (!waiting.isEmpty()) {
      askAgain();
    }
    if (replica != null && replica.view().online().size() > settings.cuts().page()) {
      snapshots.clear(); // the cut behind the cursor of a paged snapshot is not kept for ever
    }
    if (connections() != connections) {
      refresh();
    }
    if (followers.isEmpty() && waiting.isEmpty() && waitingPages.isEmpty() && cuts.isEmpty(now())) {
      keeper.tell(new Idle(instance, handled));
    }
  }

  private long now() {
    return settings.clock().millis();
  }
}
