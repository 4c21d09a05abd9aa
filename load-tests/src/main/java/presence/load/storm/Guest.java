package presence.load.storm;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// One client of a crowd: a session that comes back by itself, each time to the next node, and
/// writes down all it does and all it is told.
final class Guest implements PresenceListener {
  /// As impatient as a page that somebody looks at.
  private static final BackOff BACK_OFF =
      new BackOff(Duration.ofMillis(250), Duration.ofSeconds(3));

  /// Who a guest is.
  ///
  /// @param handle of the person; absent = anonymous
  /// @param token that proves it
  /// @param instances it is a member of; it looks at the first
  /// @param home the node it goes to first
  record Role(
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
  private volatile String session = "";

  Guest(Role role, List<URI> nodes, Recorder recorder, long graceMs) {
    this.role = role;
    this.nodes = nodes;
    this.recorder = recorder;
    recorder.write(at -> new Line.Client(at, role.name(), role.handle(), graceMs));
    ClientOptions options =
        ClientOptions.of(socket(nodes.get(role.home() % nodes.size())))
            .withSocket(this::dial)
            .withBackOff(BACK_OFF)
            .withLocation(role.instances().getFirst())
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

  CompletableFuture<Void> come() {
    recorder.write(at -> new Line.Looks(at, role.instances().getFirst(), true));
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

  /// Looks at its instance, or no longer.
  void turn() {
    visible = !visible;
    boolean now = visible;
    recorder.write(at -> new Line.Looks(at, role.instances().getFirst(), now));
    answered(client.visible(now));
  }

  /// Says when it is, by the clock of the recordings.
  void say(String instance) {
    int number = said.incrementAndGet();
    recorder.write(at -> {
      String id = "%s-%d-%d".formatted(role.name(), number, at);
      answered(client.say(instance, id, id));
      return new Line.Says(at, instance, id);
    });
  }

  /// Writes to the person of this handle.
  void write(String handle) {
    int number = said.incrementAndGet();
    recorder.write(at -> {
      String id = "%s-%d-%d".formatted(role.name(), number, at);
      answered(client.sendTo(handle, id, id));
      return new Line.Sends(at, handle, id);
    });
  }

  private void answered(CompletableFuture<?> answer) {
    unanswered(1);
    var _ = answer.whenComplete((_, _) -> unanswered(-1));
  }

  private synchronized void unanswered(int more) {
    unanswered += more;
  }

  /// Loses its socket as if the network had.
  void drop() {
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

  /// Notes that the run is over and quiet; what comes later is not written any more.
  void finish() {
    recorder.write(Line.End::new);
    recorder.close();
  }

  /// Ends its session.
  void leave() {
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
  }

  @Override
  public void changed(View view) {
    views.put(view.instance(), view);
  }

  @Override
  public void closed(int code, String reason) {
    open = false;
    if (!gone && !dropping) {
      recorder.write(at -> new Line.Closed(at, code));
    }
    dropping = false;
  }

  // ---- what it knows

  Role role() {
    return role;
  }

  boolean isGone() {
    return gone;
  }

  /// Which node it has its socket with, or tries to.
  int node() {
    return node;
  }

  String session() {
    return session;
  }

  /// Whether it waits for nothing.
  boolean isSettled() {
    return open && unanswered == 0;
  }

  @Nullable View view(String instance) {
    return views.get(instance);
  }

  /// Whether it heard something that was said after this moment, everywhere it is a member.
  boolean heardSince(long at) {
    return role.instances().stream().allMatch(each -> newest.getOrDefault(each, 0L) > at);
  }
}
