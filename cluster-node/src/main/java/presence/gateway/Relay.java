package presence.gateway;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
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
import presence.protocol.ErrorCode;
import presence.protocol.Position;
import presence.protocol.ServerMessage;

/// One instance on one node: keeps a replica at the end of its stream, encodes each change once,
/// and has the same bytes written to every local client. Snapshots, catch-up and roster pages are
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
  /// @param way absent = it is told everything
  public record Follow(
      ActorRef<Delivery> follower,
      @Nullable String session,
      @Nullable RosterMode mode,
      @Nullable Position since,
      Position atLeast,
      @Nullable String ref,
      @Nullable Way way)
      implements Command {}

  /// How a follower is given what is next of its stream without being told.
  public interface Way {
    /// Writes it to whoever it is for, if nothing else is on its way there.
    boolean write(Batch batch);

    /// The follower is told something of the stream instead.
    void tells();
  }

  public record Unfollow(ActorRef<Delivery> follower) implements Command {}

  /// Begin the stream anew for a follower that lost part of it.
  public record Resync(ActorRef<Delivery> follower, @Nullable String ref) implements Command {}

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

  record InstanceGone(ActorRef<ChatInstance.Command> incarnation) implements Command {}

  enum Tick implements Command {
    ASK_AGAIN,
    KEEP_ALIVE,
    HOUSEKEEPING
  }

  /// What a follower is given.
  public sealed interface Delivery extends ConnectionCommand {
    String instance();
  }

  /// Messages of the stream, in order.
  ///
  /// @param fresh whether they begin with a snapshot
  public record Stream(String instance, Batch batch, boolean fresh) implements Delivery {
    public Stream(String instance, List<Encoded> messages, boolean fresh) {
      this(instance, new Batch(messages), fresh);
    }

    public List<Encoded> messages() {
      return batch.messages();
    }
  }

  /// One page of the roster.
  public record RosterPage(String instance, ServerMessage.Roster page) implements Delivery {}

  /// What was asked for cannot be given.
  public record Refused(String instance, ErrorCode code, String message, @Nullable String ref)
      implements Delivery {}

  /// What a relay is given.
  ///
  /// @param rosterFullMax the size up to which a room's members follow every person by default
  /// @param pace how often the instance is asked for what may have been missed
  /// @param patience how long a follower waits for its first answer
  public record Settings(
      Replica.Limits replica,
      Cuts.Limits cuts,
      int rosterFullMax,
      Pace pace,
      Duration patience,
      Codec codec,
      InstantSource clock,
      Door<ChatInstance.Command> instances,
      GatewayMeter meter) {}

  /// How often a relay subscribes.
  ///
  /// @param keepAlive while all is well
  /// @param first after the instance ended, when it was started elsewhere or nothing tells of it;
  ///   twice as long each time
  /// @param last the longest of these
  public record Pace(Duration keepAlive, Duration first, Duration last) {}

  /// Tells whoever keeps relays that this one has nothing to do.
  ///
  /// @param handled how many messages of its keeper it has seen: none is on its way if the keeper
  ///   sent no more
  public record Idle(String instance, long handled) {}

  /// What a relay that fails still knows when it starts again.
  ///
  /// @param handled see [Idle]
  private record Kept(
      Followers followers, Map<ActorRef<Delivery>, Waiting> waiting, AtomicLong handled) {}

  private static final Duration MEND_AGAIN = Duration.ofMinutes(1);

  private final String instance;
  private final Settings settings;
  private final ActorRef<Idle> keeper;
  private final ActorRef<ChatInstance.Feed> feed;
  private final Followers followers;
  private final Map<ActorRef<Delivery>, Waiting> waiting;
  private final Pages pages;
  private final Copies copies;
  private final Subscription subscription;
  private @Nullable Replica replica;
  private long mendedAt = Long.MIN_VALUE / 2;
  private final AtomicLong handled;
  private int connections;

  /// The behaviour of the relay of this instance. Should it fail, it starts again, keeps its
  /// followers, and begins their streams anew.
  public static Behavior<Command> create(
      String instance, Settings settings, ActorRef<Idle> keeper) {
    Kept kept = new Kept(new Followers(instance), new LinkedHashMap<>(), new AtomicLong());
    Behavior<Command> relay =
        Behaviors.setup(context ->
            Behaviors.withTimers(
                timers -> new Relay(instance, settings, keeper, kept, context, timers)));
    return Behaviors.supervise(relay).onFailure(SupervisorStrategy.restart());
  }

  private Relay(
      String instance,
      Settings settings,
      ActorRef<Idle> keeper,
      Kept kept,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(context);
    this.instance = instance;
    this.settings = settings;
    this.keeper = keeper;
    this.followers = kept.followers();
    this.waiting = kept.waiting();
    this.handled = kept.handled();
    this.feed = context.messageAdapter(ChatInstance.Feed.class, FromInstance::new);
    Cuts cuts = new Cuts(settings.cuts());
    this.pages = new Pages(instance, cuts);
    this.copies = new Copies(instance, settings, cuts);
    this.subscription = new Subscription(context, timers, settings.pace());
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
      case InstanceGone gone -> onInstanceGone(gone.incarnation());
      case Tick tick -> {
        switch (tick) {
          case ASK_AGAIN -> subscribeAgain();
          case KEEP_ALIVE -> refresh();
          case HOUSEKEEPING -> onHousekeeping();
        }
      }
    }
    return this;
  }

  private void onFollow(Follow follow) {
    handled.incrementAndGet();
    forget(follow.follower());
    getContext().watchWith(follow.follower(), new FollowerGone(follow.follower()));
    waiting.put(follow.follower(), new Waiting(follow, now()));
    if (replica == null) {
      refresh();
    }
    serveWaiting();
  }

  private void onUnfollow(Unfollow unfollow) {
    handled.incrementAndGet();
    forget(unfollow.follower());
  }

  private void forget(ActorRef<Delivery> follower) {
    boolean followed = followers.remove(follower);
    boolean waited = waiting.remove(follower) != null;
    if (followed || waited) {
      getContext().unwatch(follower);
    }
  }

  private void onResync(Resync resync) {
    handled.incrementAndGet();
    Waiting waiter = waiting.get(resync.follower());
    if (waiter != null) {
      waiter.beginsAnew();
    } else if (replica != null) {
      followers.restart(resync.follower(), replica, copies, resync.ref());
    }
  }

  private void onPage(Page page) {
    handled.incrementAndGet();
    pages.ask(page);
    servePages();
    if (replica == null) {
      refresh();
    }
  }

  private void servePages() {
    if (replica != null) {
      pages.serve(replica, now());
    }
  }

  /// Asks the instance for whatever followed what is known here.
  private void refresh() {
    Position at = replica == null ? Position.NOWHERE : replica.at();
    connections = followers.connections();
    settings.instances().tell(instance, new ChatInstance.Subscribe(feed, at, connections));
  }

  private void onFeed(ChatInstance.Feed news) {
    switch (news) {
      case ChatInstance.Published published -> onPublished(published);
      case ChatInstance.Cut cut -> onCut(cut);
      case ChatInstance.Earlier earlier -> onEarlier(earlier);
      case ChatInstance.Subscribed subscribed -> subscription.with(subscribed.incarnation());
      case ChatInstance.Moves moves -> onInstanceGone(moves.incarnation());
      case ChatInstance.Nobody nobody -> onNobody();
    }
    serveWaiting();
    servePages();
  }

  private void onInstanceGone(ActorRef<ChatInstance.Command> incarnation) {
    if (subscription.endsWith(incarnation)) {
      subscribeAgain();
    }
  }

  private void subscribeAgain() {
    refresh();
    subscription.asks();
  }

  private void onPublished(ChatInstance.Published published) {
    Replica before = replica;
    if (before == null || !before.follows(published)) {
      refresh();
      return;
    }
    List<Change> news = before.news(published);
    if (!news.isEmpty()) {
      replica(before.apply(news, settings.replica()));
      followers.deliver(news, copies);
    }
    if (replica != null && !replica.agrees(published)) {
      onDiverged();
    }
  }

  /// The replica is not what the instance says it is, which must not happen. It is begun anew; not
  /// again and again, should that not help.
  private void onDiverged() {
    settings.meter().diverged();
    getContext().getLog().error("The replica of {} differs from the instance", instance);
    if (mendedAt + MEND_AGAIN.toMillis() <= now()) {
      mendedAt = now();
      replica = null;
      refresh();
    }
  }

  private void onCut(ChatInstance.Cut cut) {
    Replica before = replica;
    boolean known =
        before != null && before.at().epoch() == cut.at().epoch() && !cut.at().isAfter(before.at());
    if (known) {
      return;
    }
    Replica now = Replica.of(instance, cut);
    replica(now);
    followers.restart(now, copies);
  }

  private void onEarlier(ChatInstance.Earlier earlier) {
    Replica now = replica;
    if (now != null) {
      replica = now.precededBy(earlier.since().epoch(), earlier.changes().orElse(List.of()));
    }
    waiting.values().forEach(each -> each.heard(earlier));
  }

  /// There is no such instance: a spectator is told so; a member's instance is on its way.
  private void onNobody() {
    subscription.asksNoMore();
    pages.refuse();
    List<Waiting> spectators =
        waiting.values().stream().filter(each -> each.asked().session() == null).toList();
    for (Waiting spectator : spectators) {
      Follow asked = spectator.asked();
      asked.follower().tell(notFound(asked.ref()));
      forget(asked.follower());
    }
  }

  private Refused notFound(@Nullable String ref) {
    return new Refused(instance, ErrorCode.NOT_FOUND, "there is no such instance", ref);
  }

  private Refused unavailable(@Nullable String ref) {
    return new Refused(instance, ErrorCode.UNAVAILABLE, "the instance does not answer", ref);
  }

  private void replica(Replica now) {
    replica = now;
    copies.renew();
  }

  private void serveWaiting() {
    Replica now = replica;
    if (now == null || waiting.isEmpty()) {
      return;
    }
    boolean newer = false;
    Set<Position> earlier = new LinkedHashSet<>();
    for (Waiting each : List.copyOf(waiting.values())) {
      Waiting.Need need = each.need(now);
      Position since = each.asked().since();
      newer |= need == Waiting.Need.NEWER || need == Waiting.Need.PROOF;
      if (need == Waiting.Need.NOTHING) {
        serve(now, each);
      } else if (since != null && (need == Waiting.Need.EARLIER || need == Waiting.Need.PROOF)) {
        earlier.add(since);
      }
    }
    if (newer) {
      refresh(); // answered before what is asked next
    }
    earlier.forEach(
        since -> settings.instances().tell(instance, new ChatInstance.CatchUp(since, feed)));
  }

  private void serve(Replica now, Waiting waiter) {
    Follow asked = waiter.asked();
    waiting.remove(asked.follower());
    RosterMode mode = copies.mode(now, asked);
    Stream first =
        waiter.isAnew() ? copies.snapshot(now, mode, asked.ref()) : copies.first(now, asked, mode);
    followers.add(asked, mode, first);
  }

  /// What was asked on behalf of those who wait may have been lost on the way.
  private void askAgain() {
    waiting.values().forEach(Waiting::askAgain);
    if (replica == null) {
      refresh();
    }
    serveWaiting();
  }

  private void onHousekeeping() {
    long overdue = now() - settings.patience().toMillis();
    for (Waiting each : List.copyOf(waiting.values())) {
      if (each.since() <= overdue) {
        Follow asked = each.asked();
        forget(asked.follower());
        asked.follower().tell(unavailable(asked.ref()));
      }
    }
    if (!waiting.isEmpty()) {
      askAgain();
    }
    if (replica != null) {
      copies.forgetPaged(replica);
    }
    if (followers.connections() != connections) {
      refresh();
    }
    if (followers.isEmpty() && waiting.isEmpty() && pages.isIdle(now())) {
      keeper.tell(new Idle(instance, handled.get()));
    }
  }

  private long now() {
    return settings.clock().millis();
  }
}
