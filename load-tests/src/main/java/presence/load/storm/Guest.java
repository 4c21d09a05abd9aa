package presence.load.storm;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import presence.client.BackOff;
import presence.client.ClientOptions;
import presence.client.PresenceClient;
import presence.client.PresenceListener;
import presence.client.Proof;
import presence.load.record.Line;
import presence.load.record.Recorder;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.Member;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// One client of a crowd: a session that comes back by itself, each time to the next node, and
/// writes down all it does and all it is told.
public final class Guest implements PresenceListener {
  /// As impatient as a page that somebody looks at.
  private static final BackOff BACK_OFF =
      new BackOff(Duration.ofMillis(250), Duration.ofSeconds(3));

  /// Who a guest is.
  ///
  /// @param handle of the person; absent = anonymous
  /// @param token that proves it
  /// @param instances it is a member of; it looks at the first
  /// @param home the node it goes to first
  public record Role(
      String name,
      @Nullable String handle,
      @Nullable String token,
      List<String> instances,
      int home,
      boolean countsOnly) {}

  private final Role role;
  private final List<URI> nodes;
  private final Recorder recorder;
  private final PresenceClient client;
  private final AtomicInteger dials = new AtomicInteger();
  private final AtomicInteger said = new AtomicInteger();
  private final Map<String, View> views = new ConcurrentHashMap<>();
  private final Map<String, Long> newest = new ConcurrentHashMap<>();
  private volatile boolean open;
  private volatile boolean gone;
  private volatile boolean dropping;
  private volatile boolean visible = true;
  private volatile int node;
  private volatile int unanswered;
  private volatile int closeCode;
  private volatile String session = "";
  private volatile String person = "";
  private volatile @Nullable String slug;
  private final List<String> letters = new CopyOnWriteArrayList<>();
  private final Map<String, String> posted = new ConcurrentHashMap<>();
  private final AtomicInteger outcomes = new AtomicInteger();
  private final AtomicInteger socketsLost = new AtomicInteger();

  Guest(Role role, List<URI> nodes, Recorder recorder, long graceMs) {
    this(role, nodes, recorder, graceMs, BACK_OFF);
  }

  /// @param backOff how soon it comes back after the loss of its socket
  public Guest(Role role, List<URI> nodes, Recorder recorder, long graceMs, BackOff backOff) {
    this.role = role;
    this.nodes = nodes;
    this.recorder = recorder;
    this.slug = role.instances().getFirst();
    recorder.write(at -> new Line.Client(at, role.name(), role.handle(), graceMs));
    ClientOptions options =
        ClientOptions.of(socket(nodes.get(role.home() % nodes.size())))
            .withSocket(this::dial)
            .withBackOff(backOff)
            .withLocation(slug)
            .withVisible(true);
    String token = role.token();
    client =
        new PresenceClient(token == null ? options : options.withProof(Proof.token(token)), this);
  }

  private URI dial() {
    node = (role.home() + dials.getAndIncrement()) % nodes.size();
    URI next = nodes.get(node);
    recorder.write(at -> new Line.Dials(at, next.getAuthority()));
    return socket(next);
  }

  private static URI socket(URI node) {
    return URI.create("ws://" + node.getAuthority() + "/ws");
  }

  // ---- what it does

  public CompletableFuture<Void> come() {
    recorder.write(at -> new Line.Looks(at, slug, true));
    return client.connect().thenCompose(_ -> join());
  }

  private CompletableFuture<Void> join() {
    return CompletableFuture.allOf(
        role.instances().stream().map(this::join).toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<View> join(String instance) {
    recorder.write(at -> new Line.Joins(at, instance));
    return client.join(instance, role.countsOnly() ? RosterMode.COUNTS : null);
  }

  /// Becomes a member again after [#leaves].
  public CompletableFuture<View> joins(String instance) {
    return answered(join(instance));
  }

  /// Is no member any more, but stays connected.
  public CompletableFuture<ServerMessage> leaves(String instance) {
    recorder.write(at -> new Line.Leaves(at, instance));
    return answered(client.leave(instance));
  }

  /// Looks at where it is, or no longer.
  public void turn() {
    visible = !visible;
    boolean now = visible;
    recorder.write(at -> new Line.Looks(at, slug, now));
    var _ = answered(client.visible(now));
  }

  /// Is somewhere else from now on; null = nowhere.
  public void goes(@Nullable String to) {
    slug = to;
    boolean now = visible;
    recorder.write(at -> new Line.Looks(at, to, now));
    var _ = answered(client.location(to));
  }

  /// Says when it is, by the clock of the recordings.
  void say(String instance) {
    var _ = say(instance, "");
  }

  /// The same behind something else.
  public CompletableFuture<ServerMessage.Said> say(String instance, String before) {
    int number = said.incrementAndGet();
    CompletableFuture<ServerMessage.Said> answer = new CompletableFuture<>();
    recorder.write(at -> {
      String id = "%s-%d-%d".formatted(role.name(), number, at);
      forward(client.say(instance, before + id, id), answer);
      return new Line.Says(at, instance, id);
    });
    return answered(answer);
  }

  /// Says by the same id what it has said, as a client does that does not know whether it was
  /// heard.
  public CompletableFuture<ServerMessage.Said> sayAgain(ServerMessage.Said word) {
    return answered(
        client.say(
            word.instance(), word.text(), Objects.requireNonNull(word.clientMessageId(), "mine")));
  }

  /// Writes to the person of this handle.
  public CompletableFuture<ServerMessage.Accepted> write(String handle) {
    int number = said.incrementAndGet();
    CompletableFuture<ServerMessage.Accepted> answer = new CompletableFuture<>();
    recorder.write(at -> {
      String id = "%s-%d-%d".formatted(role.name(), number, at);
      forward(client.sendTo(handle, id, id), answer);
      return new Line.Sends(at, handle, id);
    });
    return answered(
        answer.thenApply(accepted -> {
          posted.put(accepted.clientMessageId(), handle);
          return accepted;
        }));
  }

  private static <T> void forward(CompletableFuture<T> from, CompletableFuture<T> to) {
    var _ =
        from.whenComplete((value, failure) -> {
          if (failure == null) {
            to.complete(value);
          } else {
            to.completeExceptionally(failure);
          }
        });
  }

  private <T> CompletableFuture<T> answered(CompletableFuture<T> answer) {
    unanswered(1);
    return answer.whenComplete((_, _) -> unanswered(-1));
  }

  private synchronized void unanswered(int more) {
    unanswered += more;
  }

  /// Loses its socket as if the network had.
  public void drop() {
    dropping = true;
    recorder.write(Line.Drops::new);
    client.dropSocket();
  }

  /// Goes and never comes back; nobody is told. What is on its way to it comes too late.
  void vanish() {
    gone = true;
    recorder.write(Line.Away::new);
    recorder.close();
    client.close();
  }

  /// Is as good as gone for everybody else: what the caller makes its client do from now on is not
  /// written down any more.
  public PresenceClient goesAstray() {
    gone = true;
    recorder.write(Line.Away::new);
    recorder.close();
    client.autoReconnect(false);
    return client;
  }

  /// Ends its session while the run goes on.
  public CompletableFuture<Void> bye() {
    gone = true;
    recorder.write(Line.Bye::new);
    recorder.close();
    return client.bye();
  }

  /// Notes that the run is over and quiet; what comes later is not written any more.
  public void finish() {
    recorder.write(Line.End::new);
    recorder.close();
  }

  /// Ends its session.
  public void leave() {
    var _ = client.bye();
  }

  // ---- what it is told

  @Override
  public void frame(String text) {
    recorder.frame(text);
  }

  @Override
  public void opened(ServerMessage.Welcome welcome) {
    open = true;
    dropping = false;
    session = welcome.session();
    Member user = welcome.user();
    person = user == null ? "" : user.id();
  }

  @Override
  public void received(ServerMessage message) {
    if (message instanceof ServerMessage.Said heard) {
      String at = heard.text().substring(heard.text().lastIndexOf('-') + 1);
      newest.merge(heard.instance(), Long.valueOf(at), Math::max);
    }
  }

  /// The client acknowledges it when this returns.
  @Override
  public void direct(ServerMessage.Direct message) {
    recorder.write(at -> new Line.Acks(at, List.of(message.id())));
    letters.add(message.text());
  }

  @Override
  public void outcome(ServerMessage.Outcome outcome) {
    outcomes.incrementAndGet();
  }

  @Override
  public void changed(View view) {
    views.put(view.instance(), view);
  }

  @Override
  public void closed(int code, String reason) {
    closeCode = code;
    open = false;
    socketsLost.incrementAndGet();
    if (!gone && !dropping) {
      recorder.write(at -> new Line.Closed(at, code));
    }
    dropping = false;
  }

  // ---- what it knows

  public Role role() {
    return role;
  }

  public boolean isGone() {
    return gone;
  }

  /// Which node it has its socket with, or tries to.
  int node() {
    return node;
  }

  String session() {
    return session;
  }

  /// The id of its person, as others see it; empty = anonymous.
  public String person() {
    return person;
  }

  /// What continues its session on another socket.
  public String resumeToken() {
    return client.welcome().orElseThrow().resume();
  }

  public boolean isOpen() {
    return open;
  }

  /// How often it was without a socket.
  public int socketsLost() {
    return socketsLost.get();
  }

  /// How its newest socket was closed that is closed.
  public int closeCode() {
    return closeCode;
  }

  /// The direct messages it was told, in order.
  public List<String> letters() {
    return List.copyOf(letters);
  }

  /// The direct messages of its own that were accepted, and to whom each is.
  Map<String, String> posted() {
    return posted;
  }

  /// How many outcomes of its own letters it was told.
  public int outcomes() {
    return outcomes.get();
  }

  /// Whether it waits for nothing.
  public boolean isSettled() {
    return open && unanswered == 0;
  }

  public @Nullable View view(String instance) {
    return views.get(instance);
  }

  /// Whether it heard something that was said after this moment, everywhere it is a member.
  boolean heardSince(long at) {
    return role.instances().stream().allMatch(each -> newest.getOrDefault(each, 0L) > at);
  }
}
