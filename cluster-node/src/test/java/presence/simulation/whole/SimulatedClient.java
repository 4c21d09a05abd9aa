package presence.simulation.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.gateway.Connections;
import presence.gateway.Payload;
import presence.gateway.Visit;
import presence.gateway.Wire;
import presence.instance.Pieces;
import presence.protocol.ClientMessage;
import presence.protocol.CloseCode;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.protocol.Setting;
import presence.protocol.View;
import presence.simulation.Host;
import presence.simulation.World;

/// A client as well behaved ones are: keeps its token, folds its streams strictly, comes back when
/// told to by a step, and wants what it wanted before.
final class SimulatedClient {
  /// When the client was without a working socket, or ended its session, or left an instance, or
  /// was refused a join, which is undone if it was done all the same, or was granted one; times are
  /// those of the world.
  record Deed(long at, Kind kind, String instance) {
    enum Kind {
      CONNECTED,
      LOST,
      LEFT,
      REFUSED,
      JOINED,
      BYE
    }
  }

  private static final Pieces PIECES = new Pieces(Map.of());

  private final World world;
  private final Truth truth;
  private final int number;
  private final @Nullable String handle;
  private final Set<String> wanted = new LinkedHashSet<>();
  private final Map<String, String> joins = new HashMap<>();
  private final Set<String> uncertain = new LinkedHashSet<>();
  private final Map<String, View> views = new HashMap<>();
  private final Map<String, ClientMessage.Say> unanswered = new LinkedHashMap<>();
  private final Map<String, List<Deed>> deeds = new HashMap<>();
  private final Map<String, Long> epochs = new HashMap<>();
  private final List<String> accepted = new ArrayList<>();
  private final Correspondent letters;
  private final Wanderer wanderer = new Wanderer();
  private final Deque<Socket> old = new ArrayDeque<>();
  private @Nullable Socket socket;
  private @Nullable String resume;
  private @Nullable String session;
  private @Nullable String location = "lobby";
  private boolean visible = true;
  private boolean movedSinceHello;
  private int refs;

  SimulatedClient(World world, Truth truth, int number, @Nullable String handle) {
    this.number = number;
    this.letters = new Correspondent(number);
    this.world = world;
    this.truth = truth;
    this.handle = handle;
  }

  /// One socket of the client.
  private final class Socket implements Wire {
    private final Host host;
    private final Deque<String> outgoing = new ArrayDeque<>();
    private @Nullable ActorRef<Event> connection;
    private boolean frozen;
    private boolean open = true;
    private boolean welcomed;
    private int pulls;

    Socket(Host host) {
      this.host = host;
    }

    void opened(ActorRef<Event> opened) {
      connection = opened;
      if (!open) {
        opened.tell(new Event.Gone());
      }
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public boolean take() {
      return true;
    }

    @Override
    public void release() {}

    @Override
    public void send(Payload payload) {
      if (open && !frozen) {
        Gateways.CODEC
            .decodeServerFrame(payload.utf8().utf8String())
            .forEach(each -> hear(this, each));
      }
    }

    @Override
    public void pull() {
      pulls++;
      offer();
    }

    void say(ClientMessage message) {
      outgoing.add(Gateways.CODEC.encode(message));
      offer();
    }

    private void offer() {
      while (pulls > 0 && !outgoing.isEmpty() && !frozen && open) {
        pulls--;
        tell(new Event.Text(outgoing.poll()));
      }
    }

    @Override
    public void close(CloseCode code, String reason) {
      if (open) {
        open = false;
        closed(this);
      }
      tell(new Event.Gone());
    }

    void lose() {
      if (open) {
        open = false;
        tell(new Event.Gone());
      }
    }

    private void tell(Event event) {
      if (connection != null) {
        connection.tell(event);
      }
    }
  }

  /// Opens a socket; one that is open is left behind.
  void arrive(Host host, ActorRef<Connections.Command> connections) {
    if (socket != null) {
      old.add(socket);
    }
    Socket now = new Socket(host);
    socket = now;
    connections.tell(new Connections.Open(now, Visit.FREE, now::opened));
    List<ClientMessage.Since> since = new ArrayList<>();
    views.forEach((instance, view) ->
        since.add(new ClientMessage.Since(instance, view.at().epoch(), view.at().seq(), null)));
    movedSinceHello = false;
    now.say(
        new ClientMessage.Hello(
            1,
            handle,
            null,
            resume == null ? null : new ClientMessage.Resume(resume, since),
            Setting.to(location),
            visible,
            null,
            null,
            null));
  }

  void drop() {
    if (socket != null) {
      Socket lost = socket;
      socket = null;
      note(Deed.Kind.LOST, "");
      lost.lose();
    }
  }

  void freeze() {
    if (socket != null && !socket.frozen) {
      socket.frozen = true;
      note(Deed.Kind.LOST, "");
    }
  }

  void closeOld() {
    while (!old.isEmpty()) {
      old.poll().lose();
    }
  }

  /// The host is gone, and every socket to it.
  void crashed(Host host) {
    old.removeIf(each -> each.host == host);
    if (socket != null && socket.host == host) {
      socket.open = false;
      socket = null;
      note(Deed.Kind.LOST, "");
    }
  }

  void join(String instance) {
    if (wanted.add(instance)) {
      sayJoin(instance);
    }
  }

  void leave(String instance) {
    if (wanted.remove(instance)) {
      sayLeave(instance);
    }
  }

  private void sayJoin(String instance) {
    String ref = ref("join " + instance);
    joins.put(instance, ref);
    say(new ClientMessage.Join(instance, null, null, ref));
  }

  private void sayLeave(String instance) {
    joins.remove(instance);
    note(Deed.Kind.LEFT, instance);
    say(new ClientMessage.Leave(instance, ref("leave " + instance)));
  }

  void go(@Nullable String to, boolean inFront) {
    location = to;
    visible = inFront;
    movedSinceHello = true;
    say(new ClientMessage.Location(Setting.to(to), inFront, null));
  }

  void speak(String instance) {
    if (handle != null && wanted.contains(instance)) {
      String id = "m" + refs;
      String ref = ref("say");
      ClientMessage.Say say =
          new ClientMessage.Say(instance, "client " + number + " says " + id, id, ref);
      unanswered.put(ref, say);
      say(say);
    }
  }

  /// Writes a direct message; offline, it is sent when the client is back.
  void write(String to) {
    say(letters.write(to));
  }

  void enter(String piece) {
    say(wanderer.enter(piece, ref("enter")));
  }

  void exit(String piece) {
    if (wanderer.wants(piece)) {
      say(wanderer.exit(piece, ref("exit")));
    }
  }

  void walk(String piece) {
    if (wanderer.wants(piece)) {
      say(wanderer.walk(piece));
    }
  }

  void bye() {
    if (isOnline()) {
      note(Deed.Kind.BYE, "");
      say(new ClientMessage.Bye(null));
    }
  }

  private String ref(String what) {
    refs++;
    return what + " #" + refs;
  }

  private void say(ClientMessage message) {
    if (socket != null && socket.welcomed) {
      socket.say(message);
    }
  }

  private void hear(Socket from, ServerMessage message) {
    if (from != socket || wanderer.hears(message)) {
      return;
    }
    switch (message) {
      case ServerMessage.Welcome welcome -> onWelcome(from, welcome);
      case ServerMessage.Presence presence -> {
        assertThat(presence.complete()).isTrue();
        if (presence.ref() != null && joins.containsValue(presence.ref())) {
          note(Deed.Kind.JOINED, presence.instance());
        }
        see(View.of(presence));
      }
      case ServerMessage.Delta delta -> {
        View before = views.get(delta.instance());
        if (before == null) {
          throw new AssertionError("a change of " + delta.instance() + " without a snapshot");
        }
        truth.saw(before, delta);
        see(before.apply(delta));
      }
      case ServerMessage.Said said -> onSaid(said);
      case ServerMessage.Ok ok -> onOk(ok.ref());
      case ServerMessage.Error error -> onError(error);
      case ServerMessage.Ping ping -> from.say(new ClientMessage.Pong(null));
      case ServerMessage.Challenge challenge -> {}
      case ServerMessage.Authenticated authenticated -> {}
      case ServerMessage.CountsChange counts -> {}
      case ServerMessage.History history -> {}
      case ServerMessage.Roster roster -> {}
      case ServerMessage.Accepted answer -> letters.accepted(answer);
      case ServerMessage.Direct direct -> from.say(letters.came(direct));
      case ServerMessage.Outcome outcome -> from.say(letters.came(outcome));
      case ServerMessage.User user -> {}
      case ServerMessage.Expiring expiring -> {}
      case ServerMessage.Closing closing -> {}
      case ServerMessage.WorldState _,
          ServerMessage.Entered _,
          ServerMessage.Exited _,
          ServerMessage.Ghosted _,
          ServerMessage.Returned _,
          ServerMessage.Moved _,
          ServerMessage.Emitted _ -> {}
    }
  }

  private void onWelcome(Socket from, ServerMessage.Welcome welcome) {
    long before = epochs.getOrDefault(welcome.session(), 0L);
    assertThat(welcome.epoch()).as("epochs only grow").isGreaterThan(before);
    epochs.put(welcome.session(), welcome.epoch());
    from.welcomed = true;
    resume = welcome.resume();
    session = welcome.session();
    note(Deed.Kind.CONNECTED, "");
    if (!welcome.resumed()) {
      unanswered.clear(); // whether it was said is not known: another session would say it again
      views.clear();
    }
    if (movedSinceHello) {
      go(location, visible);
    }
    views.keySet().retainAll(welcome.instances());
    wanderer.welcomed();
    for (String piece : wanderer.wanted()) {
      if (!welcome.worlds().contains(piece)) {
        enter(piece);
      }
    }
    for (String piece : welcome.worlds()) {
      if (!wanderer.wants(piece)) {
        say(new ClientMessage.Exit(piece, null));
      }
    }
    for (String instance : wanted) {
      if (!welcome.instances().contains(instance)) {
        sayJoin(instance);
      }
    }
    for (String instance : welcome.instances()) {
      if (!wanted.contains(instance)) {
        sayLeave(instance);
      }
    }
    List.copyOf(unanswered.values()).forEach(this::say);
    letters.welcomed(welcome.resumed(), handle != null, this::say);
  }

  private void see(View view) {
    views.put(view.instance(), view);
    truth.saw(view);
  }

  private void onSaid(ServerMessage.Said said) {
    truth.saw(said);
    View before = views.get(said.instance());
    if (before != null && said.seq() > before.at().seq()) {
      see(before.apply(said));
    }
  }

  private void onOk(String ref) {
    ClientMessage.Say said = unanswered.remove(ref);
    if (said != null) {
      accepted.add(said.instance() + ": " + said.text());
    }
  }

  private void onError(ServerMessage.Error error) {
    String ref = error.ref();
    if (ref == null) {
      letters.refused(error.code(), error.clientMessageId());
      if (error.code() == ErrorCode.INSTANCE_FULL) {
        wanted.remove(error.instance());
        views.remove(error.instance());
      }
      return;
    }
    unanswered.remove(ref);
    if (ref.startsWith("join ")) {
      String instance = ref.substring("join ".length(), ref.indexOf(" #"));
      assertThat(error.instance()).isEqualTo(instance);
      switch (error.code()) {
        case INSTANCE_FULL -> wanted.remove(instance);
        default -> {
          uncertain.add(instance);
          note(Deed.Kind.REFUSED, instance);
        }
      }
    } else if (ref.startsWith("leave ") && error.instance() != null) {
      uncertain.add(error.instance());
    }
  }

  private void closed(Socket which) {
    if (which == socket) {
      socket = null;
      note(Deed.Kind.LOST, "");
    }
  }

  private void note(Deed.Kind kind, String instance) {
    if (session != null) {
      deeds
          .computeIfAbsent(session, _ -> new ArrayList<>())
          .add(new Deed(world.clock().millis(), kind, instance));
    }
  }

  /// Whether this client may be without a seat it had under this session at this moment.
  boolean mayBeGone(String sessionId, String instance, long at, Duration grace) {
    long lostSince = -1;
    boolean left = false;
    for (Deed deed : deeds.getOrDefault(sessionId, List.of())) {
      if (deed.at() > at) {
        break;
      }
      switch (deed.kind()) {
        case CONNECTED -> lostSince = -1;
        case LOST -> lostSince = lostSince < 0 ? deed.at() : lostSince;
        case LEFT, REFUSED -> left |= deed.instance().equals(instance);
        case JOINED -> left &= !deed.instance().equals(instance);
        case BYE -> {
          return true;
        }
      }
    }
    return left || lostSince >= 0 && at - lostSince >= grace.toMillis();
  }

  boolean knows(String sessionId) {
    return deeds.containsKey(sessionId);
  }

  boolean isOnline() {
    return socket != null && socket.welcomed && !socket.frozen;
  }

  boolean wants(String instance) {
    return wanted.contains(instance);
  }

  boolean isUncertain(String instance) {
    return uncertain.contains(instance);
  }

  /// Whether every wish has been answered: nothing hangs for ever.
  boolean isSettled() {
    return !isOnline() || (unanswered.isEmpty() && letters.isSettled());
  }

  @Nullable String session() {
    return session;
  }

  @Nullable String handle() {
    return handle;
  }

  boolean sees(String instance) {
    return visible && PIECES.shows(location, instance);
  }

  Map<String, View> views() {
    return views;
  }

  Wanderer wanderer() {
    return wanderer;
  }

  Correspondent letters() {
    return letters;
  }

  List<String> accepted() {
    return accepted;
  }
}
