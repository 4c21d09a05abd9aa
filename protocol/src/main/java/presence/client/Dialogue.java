package presence.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.Hello;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.CloseCode;
import presence.protocol.CloseCode.Then;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.protocol.Json;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Welcome;
import presence.protocol.Setting;
import presence.protocol.Spot;
import presence.protocol.View;

/// What one client does at which event: the whole of it but sockets, threads and time, which are
/// its [Edge]. Serial: one call after the other.
///
/// | state | event | next | does |
/// |---|---|---|---|
/// | idle, ended | start | opening | fetches the token if it has none; opens a socket |
/// | opening | opened | greeting | says hello, with the resume token and the positions |
/// | greeting | challenge | greeting | says hello again, signed |
/// | greeting | welcome | live | joins, watches and asks again what has no answer |
/// | opening | 60 s without a token or a socket | waiting | gives the attempt up |
/// | greeting | 15 s without a welcome | waiting | drops the socket |
/// | live | 3 ping periods without a sign of life | waiting | drops the socket |
/// | any with a socket | closed, "reconnect" | waiting | waits: as `closing` said, else back-off |
/// | any with a socket | closed, "stay away" | ended | fails what has no answer |
/// | waiting | time is up | opening | |
final class Dialogue {
  enum State {
    IDLE,
    OPENING,
    GREETING,
    LIVE,
    WAITING,
    ENDED
  }

  private static final long OPENING_PATIENCE_MS = 60_000;
  private static final long WELCOME_PATIENCE_MS = 15_000;
  private static final long BYE_PATIENCE_MS = 5_000;

  private final Edge edge;
  private final PresenceListener listener;
  private final BackOff backOff;
  private final RandomGenerator random;
  private final boolean datagrams;
  private final Self self;
  private final Requests requests;
  private final Instances instances;
  private final Worlds worlds;
  private final Arrivals arrivals;
  private final Watched watched = new Watched();
  private final Comeback comeback;
  private final Pulse pulse = new Pulse();

  private State state = State.IDLE;
  private boolean autoReconnect = true;
  private boolean muted;
  private boolean leaving;
  private @Nullable Welcome welcome;
  private @Nullable PresenceException ended; // why it stays away, until it is told to connect
  private final List<CompletableFuture<Welcome>> starts = new ArrayList<>();
  private final List<CompletableFuture<Void>> ends = new ArrayList<>();

  // of the current socket
  private int era; // counts sockets opened and lost: what was planned for one is void for the next
  private ServerMessage.@Nullable Error refusal;

  Dialogue(ClientOptions options, RandomGenerator random, Edge edge, PresenceListener listener) {
    this.edge = edge;
    this.listener = listener;
    this.backOff = options.backOff();
    this.random = random;
    this.datagrams = options.datagrams();
    this.self = new Self(options);
    this.requests = new Requests(edge);
    this.instances = new Instances(edge, requests, listener, backOff, random);
    this.worlds = new Worlds(edge, requests, listener, backOff, random);
    this.arrivals = new Arrivals(edge, listener);
    this.comeback = new Comeback(backOff, random);
  }

  // ---- what the application wants

  /// Completes with the next welcome, or at once with the newest while the socket lives.
  void start(CompletableFuture<Welcome> started) {
    if (state == State.LIVE && welcome != null) {
      started.complete(welcome);
      return;
    }
    starts.add(started);
    if (state == State.IDLE || state == State.ENDED) {
      ended = null;
      leaving = false;
      comeback.reset();
      open();
    }
  }

  void request(Function<String, ClientMessage> message, CompletableFuture<ServerMessage> answer) {
    if (!hasEnded(answer)) {
      requests.ask(message, answer);
    }
  }

  /// Nobody may wait for what cannot come.
  private boolean hasEnded(CompletableFuture<?> answer) {
    PresenceException why = ended;
    return why != null && answer.completeExceptionally(why);
  }

  void join(String instance, @Nullable RosterMode roster, CompletableFuture<View> joined) {
    if (!hasEnded(joined)) {
      instances.join(instance, roster, joined);
    }
  }

  void leave(String instance, CompletableFuture<ServerMessage> left) {
    instances.leave(instance);
    CompletableFuture<ServerMessage> answer = new CompletableFuture<>();
    var _ =
        answer.whenComplete((message, why) -> {
          if (why == null) {
            instances.hasLeft(instance);
            left.complete(message);
          } else {
            left.completeExceptionally(why);
          }
        });
    request(ref -> new ClientMessage.Leave(instance, ref), answer);
  }

  void enter(String piece, Json avatar, Spot spot, CompletableFuture<WorldView> entered) {
    if (!hasEnded(entered)) {
      worlds.enter(piece, avatar, spot, entered);
    }
  }

  void exit(String piece, CompletableFuture<ServerMessage> left) {
    worlds.exit(piece);
    request(ref -> new ClientMessage.Exit(piece, ref), left);
  }

  void move(String piece, Spot spot) {
    worlds.move(piece, spot);
  }

  /// Says a move that no datagram takes, or took for sure.
  void moveBySocket(ClientMessage.Stride move) {
    worlds.moveBySocket(move);
  }

  void emit(String piece, String name, @Nullable Json data) {
    worlds.emit(piece, name, data);
  }

  @Nullable WorldView world(String piece) {
    return worlds.view(piece);
  }

  void locate(
      @Nullable Setting slug, @Nullable Boolean visible, CompletableFuture<ServerMessage> done) {
    if (hasEnded(done)) {
      return;
    }
    self.isAt(slug, visible);
    request(ref -> new ClientMessage.Location(slug, visible, ref), done);
  }

  void watch(List<String> users, CompletableFuture<ServerMessage> done) {
    if (hasEnded(done)) {
      return;
    }
    watched.follow(users);
    request(ref -> new ClientMessage.Watch(users, ref), done);
  }

  void unwatch(List<String> users, CompletableFuture<ServerMessage> done) {
    watched.dismiss(users);
    request(ref -> new ClientMessage.Unwatch(users, ref), done);
  }

  /// Fetches another token before this one ends, and tries again while that fails for now: it is
  /// told once only.
  private void proveAnew(int attempt) {
    Proof.Token wanted = self.token();
    if (wanted == null) {
      return;
    }
    int now = era;
    CompletableFuture<ServerMessage> done = new CompletableFuture<>();
    var _ =
        done.whenComplete((_, why) -> {
          if (why instanceof PresenceException failure && failure.retryable() && era == now) {
            long delay = failure.retryAfterMs() + backOff.delayMs(attempt, random);
            planned(delay, () -> proveAnew(attempt + 1));
          }
        });
    authenticate(wanted, done);
  }

  /// From the answer on, the client proves itself by this token.
  void authenticate(Proof.Token as, CompletableFuture<ServerMessage> done) {
    edge.fetch(
        as.source(),
        (fetched, why) -> {
          if (fetched == null) {
            done.completeExceptionally(unfetched(why));
            return;
          }
          CompletableFuture<ServerMessage> answer = new CompletableFuture<>();
          var _ =
              answer.whenComplete((message, refused) -> {
                if (refused == null) {
                  self.becomes(as, fetched);
                  done.complete(message);
                } else {
                  done.completeExceptionally(refused);
                }
              });
          request(ref -> new ClientMessage.Authenticate(fetched, ref), answer);
        });
  }

  /// Ends the session. Without a socket there is nobody to say it to: then the grace ends it.
  void bye(CompletableFuture<Void> ended) {
    leaving = true;
    ends.add(ended);
    if (state == State.LIVE) {
      edge.say(new ClientMessage.Bye(null));
      planned(BYE_PATIENCE_MS, this::drop);
    } else {
      stop();
    }
  }

  /// Drops the socket and stays away; the session keeps its grace.
  void stop() {
    leave(new PresenceException(ErrorCode.UNAVAILABLE, "stopped by the application", true, 0));
  }

  private void leave(PresenceException why) {
    boolean open = hasSocket();
    edge.drop();
    forget();
    if (open) {
      listener.closed(CloseCode.LOST.code(), Objects.requireNonNull(why.getMessage()));
    }
    end(why);
  }

  /// Loses the socket as if the network had.
  void drop() {
    if (hasSocket() || state == State.OPENING) {
      edge.drop();
      closed(CloseCode.LOST.code(), "dropped here");
    }
  }

  void autoReconnect(boolean wanted) {
    autoReconnect = wanted;
  }

  void acknowledges(boolean wanted) {
    arrivals.acknowledges(wanted);
  }

  void mute(boolean wanted) {
    muted = wanted;
  }

  /// While the application does not read, silence says nothing about the server.
  void paused(boolean now) {
    pulse.pause(now, edge.now());
  }

  @Nullable View view(String instance) {
    return instances.view(instance);
  }

  State state() {
    return state;
  }

  // ---- what the socket tells

  void opened() {
    state = State.GREETING;
    greet(self::hello);
    planned(
        WELCOME_PATIENCE_MS,
        () -> {
          if (state == State.GREETING) {
            drop();
          }
        });
  }

  /// Any sign of life.
  void alive() {
    pulse.heard(edge.now());
  }

  void heard(ServerMessage message) {
    alive();
    if (message instanceof ServerMessage.Moved moved) {
      moved(moved, false);
      return;
    }
    listener.received(message);
    switch (message) {
      case ServerMessage.Challenge challenge -> challenged(challenge);
      case Welcome welcome -> welcomed(welcome);
      case ServerMessage.Error error when state == State.GREETING -> refusal = error;
      case ServerMessage.Ping _ when !muted -> edge.say(new ClientMessage.Pong(null));
      case ServerMessage.Expiring _ -> proveAnew(0);
      case ServerMessage.Closing closing ->
          comeback.closing(edge.now(), closing.reconnectAfterMs());
      case ServerMessage.Direct direct -> arrivals.heard(direct);
      case ServerMessage.Outcome outcome -> arrivals.heard(outcome);
      default -> {
        instances.heard(message);
        worlds.heard(message);
      }
    }
    requests.answered(message);
    if (message instanceof ServerMessage.Presence snapshot) {
      requests.begunAnew(snapshot.instance());
    }
  }

  /// Some of the others moved. What came by one way and was overtaken on the other is not told.
  void moved(ServerMessage.Moved moved, boolean byDatagram) {
    ServerMessage.Moved news = worlds.newest(moved, byDatagram);
    if (!news.moves().isEmpty()) {
      listener.received(news);
      worlds.heard(news);
    }
  }

  void closed(int code, String reason) {
    boolean wasOpen = hasSocket();
    if (code == CloseCode.TOKEN_EXPIRED.code()) {
      self.tokenExpired();
    }
    ServerMessage.Error why = refusal;
    forget();
    if (wasOpen) {
      listener.closed(code, reason);
    }
    if (leaving || !autoReconnect || CloseCode.then(code) == Then.STAY_AWAY) {
      end(why == null ? PresenceException.closed(code, reason) : PresenceException.of(why));
    } else {
      comeBack(why);
    }
  }

  // ---- one socket after the other

  private void open() {
    state = State.OPENING;
    int opening = ++era;
    planned(
        OPENING_PATIENCE_MS,
        () -> {
          if (state == State.OPENING) {
            drop();
          }
        });
    Proof.Token wanted = self.unfetched();
    if (wanted == null) {
      edge.open();
    } else {
      edge.fetch(wanted.source(), (fetched, why) -> fetched(opening, fetched, why));
    }
  }

  private void fetched(int opening, @Nullable String fetched, @Nullable Throwable why) {
    if (era != opening) {
      return;
    }
    if (fetched != null) {
      self.fetched(fetched);
      edge.open();
      return;
    }
    forget();
    PresenceException failure = unfetched(why);
    if (failure.retryable() && autoReconnect) {
      comeBack(null);
    } else {
      end(failure);
    }
  }

  private static PresenceException unfetched(@Nullable Throwable why) {
    return why instanceof PresenceException typed
        ? typed
        : new PresenceException(ErrorCode.UNAUTHENTICATED, "no token: " + why, true, 0);
  }

  private void challenged(ServerMessage.Challenge challenge) {
    greet(positions -> self.answer(challenge, positions));
  }

  /// Says hello, if there is one to say. A token that no hello can carry, or a resume token, does
  /// not become better by repeating it.
  private void greet(Function<List<ClientMessage.Since>, @Nullable Hello> words) {
    try {
      Hello hello = words.apply(instances.positions());
      if (hello != null) {
        edge.say(hello);
        requests.greeted();
      }
    } catch (InvalidMessage why) {
      leave(new PresenceException(why.code(), "no hello: " + why.getMessage(), false, 0));
    }
  }

  private void welcomed(Welcome welcome) {
    state = State.LIVE;
    Welcome before = this.welcome;
    this.welcome = welcome;
    comeback.welcomed(edge.now());
    self.comesBackWith(welcome.resume());
    edge.limit(welcome.limits().frameBytes());
    refusal = null;
    listener.opened(welcome);
    if (welcome.resumed()) {
      listener.resumed(welcome);
    }
    instances.welcomed(welcome);
    worlds.welcomed(welcome);
    watched.again(edge);
    requests.again(welcome, before, this::isUndone);
    if (datagrams && welcome.udp() != null) {
      edge.datagrams(welcome.udp());
    }
    if (welcome.pingMs() > 0) {
      listen(welcome.pingMs());
    }
    drain(starts).forEach(started -> started.complete(welcome));
  }

  /// Who left and came again is in.
  private boolean isUndone(ClientMessage asked) {
    return switch (asked) {
      case ClientMessage.Leave leave -> instances.has(leave.instance());
      case ClientMessage.Exit exit -> worlds.has(exit.piece());
      default -> false;
    };
  }

  private void listen(long pingMs) {
    planned(
        pingMs,
        () -> {
          switch (pulse.feel(edge.now(), pingMs)) {
            case ALIVE -> listen(pingMs);
            case DOUBTFUL -> {
              edge.probe();
              listen(pingMs);
            }
            case DEAD -> drop();
          }
        });
  }

  /// Runs this after a while, unless the socket is another by then.
  private void planned(long ms, Runnable then) {
    int now = era;
    edge.after(
        ms,
        () -> {
          if (era == now) {
            then.run();
          }
        });
  }

  private void comeBack(ServerMessage.@Nullable Error why) {
    state = State.WAITING;
    planned(comeback.delayMs(edge.now(), why), this::open);
  }

  private boolean hasSocket() {
    return state == State.GREETING || state == State.LIVE;
  }

  /// Nothing of the lost socket counts any more.
  private void forget() {
    era++;
    refusal = null;
    requests.lost();
    instances.lost();
    worlds.lost();
    arrivals.lost();
  }

  private void end(PresenceException why) {
    boolean already = state == State.IDLE || state == State.ENDED;
    state = State.ENDED;
    ended = why;
    if (leaving) {
      self.comesBackWith(null);
    }
    instances.fail(why);
    worlds.fail(why);
    requests.fail(why);
    drain(starts).forEach(started -> started.completeExceptionally(why));
    drain(ends).forEach(ended -> ended.complete(null));
    if (!already) {
      listener.ended(why);
    }
  }

  private static <T> List<T> drain(List<T> from) {
    List<T> all = List.copyOf(from);
    from.clear();
    return all;
  }
}
