package presence.client;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.InvalidMessage;
import presence.protocol.Json;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Accepted;
import presence.protocol.ServerMessage.Direct;
import presence.protocol.ServerMessage.Outcome;
import presence.protocol.ServerMessage.Said;
import presence.protocol.ServerMessage.Welcome;
import presence.protocol.Setting;
import presence.protocol.Spot;
import presence.protocol.View;

/// One session with a presence server, over any number of sockets: comes back by itself after a
/// lost one, keeps the view of every joined instance exact, and repeats what has no answer yet.
///
/// Every method may be called from any thread and returns at once; one whose arguments no message
/// can carry throws [InvalidMessage]. A future completes with the answer, or exceptionally with a
/// [PresenceException] when it is refused or the client stops; it does not fail because a socket
/// was lost. Futures and the listener are called on the client's own lane: what takes long there
/// holds up this client and no other.
public final class PresenceClient implements AutoCloseable {
  private final Link link;
  private final ClientRuntime runtime;
  private final Map<String, View> views = new ConcurrentHashMap<>(2);
  private volatile @Nullable Welcome welcome;

  /// A client on the resources that all such clients share. It does nothing before [#connect].
  public PresenceClient(ClientOptions options, PresenceListener listener) {
    this(options, listener, ClientRuntime.shared());
  }

  public PresenceClient(ClientOptions options, PresenceListener listener, ClientRuntime runtime) {
    this.runtime = runtime;
    this.link = new Link(options, runtime, new Watcher(listener));
  }

  /// Completes with the first welcome, however many attempts that takes.
  public CompletableFuture<Welcome> connect() {
    return with(Dialogue::start);
  }

  /// Asks anything. The function gets the `ref` that the message must carry.
  public CompletableFuture<ServerMessage> request(Function<String, ClientMessage> message) {
    return with((dialogue, answer) -> dialogue.request(message, answer));
  }

  /// Becomes a member, now and after every reconnect, until [#leave]. Completes with the whole
  /// view.
  public CompletableFuture<View> join(String instance) {
    return join(instance, null);
  }

  /// The same, with every person's coming and going or only the counts; null = as the server
  /// chooses.
  public CompletableFuture<View> join(String instance, @Nullable RosterMode roster) {
    check(new ClientMessage.Join(instance, roster, null, null));
    return with((dialogue, joined) -> dialogue.join(instance, roster, joined));
  }

  /// Stops being a member, visible at once.
  public CompletableFuture<ServerMessage> leave(String instance) {
    check(new ClientMessage.Leave(instance, null));
    return with((dialogue, left) -> {
      dialogue.leave(instance, left);
      views.remove(instance);
    });
  }

  /// Says something in an instance. Completes with the message as the stream has it; however often
  /// it has to be sent, it is published once.
  public CompletableFuture<Said> say(String instance, String text) {
    return say(instance, text, newId());
  }

  public CompletableFuture<Said> say(String instance, String text, String clientMessageId) {
    check(new ClientMessage.Say(instance, text, clientMessageId, null));
    return ask(ref -> new ClientMessage.Say(instance, text, clientMessageId, ref), Said.class);
  }

  /// Writes to a session by its id, or to a person by `@handle` or key, whether they are there or
  /// not. Completes once the message is durable; the listener hears its outcome. However often it
  /// has to be sent, it arrives as one message.
  public CompletableFuture<Accepted> sendTo(String to, String text) {
    return sendTo(to, text, newId());
  }

  /// The same, as the message that the sender knows by this id: one that was refused as unavailable
  /// may be sent again by it.
  public CompletableFuture<Accepted> sendTo(String to, String text, String clientMessageId) {
    check(new ClientMessage.Send(to, text, clientMessageId, null));
    return ask(ref -> new ClientMessage.Send(to, text, clientMessageId, ref), Accepted.class);
  }

  private <T extends ServerMessage> CompletableFuture<T> ask(
      Function<String, ClientMessage> message, Class<T> answer) {
    CompletableFuture<ServerMessage> asked = request(message);
    CompletableFuture<T> answered = asked.thenApply(answer::cast);
    var _ = answered.whenComplete((_, _) -> asked.cancel(false)); // given up is not said again
    return answered;
  }

  private String newId() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(runtime.random().nextLong())
        + hex.toHexDigits(runtime.random().nextLong());
  }

  /// Enters a world, after every reconnect too; completes with everybody else in it. The listener's
  /// [PresenceListener#received] hears what goes on there.
  ///
  /// @param avatar what others see: a JSON object
  public CompletableFuture<WorldView> joinWorld(String piece, Json avatar, Spot spot) {
    check(new ClientMessage.Enter(piece, avatar, spot, null));
    return with((dialogue, entered) -> dialogue.enter(piece, avatar, spot, entered));
  }

  public CompletableFuture<ServerMessage> leaveWorld(String piece) {
    check(new ClientMessage.Exit(piece, null));
    return with((dialogue, left) -> dialogue.exit(piece, left));
  }

  /// The avatar is here now. Of several moves the others see the newest, whichever way each goes:
  /// as a datagram while [ClientOptions#datagrams] is wanted and those come through, else by the
  /// socket.
  public void move(String piece, Spot spot) {
    check(new ClientMessage.Stride(piece, spot, 0, null));
    link.run(dialogue -> dialogue.move(piece, spot));
  }

  /// Tells the others in the world something, if there is a socket now; each hears it at most once.
  public void emit(String piece, String name, @Nullable Json data) {
    check(new ClientMessage.Emit(piece, name, data, null));
    link.run(dialogue -> dialogue.emit(piece, name, data));
  }

  /// The world as this client knows it now; empty = it is not in it.
  public CompletableFuture<Optional<WorldView>> world(String piece) {
    return with((dialogue, view) -> view.complete(Optional.ofNullable(dialogue.world(piece))));
  }

  /// Where the user is now; null = nowhere. Answered by an `ok`, or by the welcome of a later
  /// socket whose hello said it.
  public CompletableFuture<ServerMessage> location(@Nullable String slug) {
    return locate(Setting.to(slug), null);
  }

  /// Whether the user looks at it.
  public CompletableFuture<ServerMessage> visible(boolean visible) {
    return locate(null, visible);
  }

  private CompletableFuture<ServerMessage> locate(
      @Nullable Setting slug, @Nullable Boolean visible) {
    check(new ClientMessage.Location(slug, visible, null));
    return with((dialogue, done) -> dialogue.locate(slug, visible, done));
  }

  /// Follows persons, after every reconnect too: the listener gets a `user` for each now and at
  /// every change.
  public CompletableFuture<ServerMessage> watch(List<String> users) {
    List<String> checked = new ClientMessage.Watch(users, null).users();
    return with((dialogue, done) -> dialogue.watch(checked, done));
  }

  public CompletableFuture<ServerMessage> unwatch(List<String> users) {
    List<String> checked = new ClientMessage.Unwatch(users, null).users();
    return with((dialogue, done) -> dialogue.unwatch(checked, done));
  }

  /// The anonymous session becomes a person's; later sockets prove themselves with the token too.
  public CompletableFuture<ServerMessage> authenticate(Proof.Token as) {
    return with((dialogue, done) -> dialogue.authenticate(as, done));
  }

  /// The instance as it stands at the newest whole cut this client has.
  public Optional<View> view(String instance) {
    return Optional.ofNullable(views.get(instance));
  }

  /// The newest welcome.
  public Optional<Welcome> welcome() {
    return Optional.ofNullable(welcome);
  }

  /// Ends the session: no grace, visible at once. Completes when the socket is closed. Without one
  /// there is nobody to say it to: the session ends with its grace.
  public CompletableFuture<Void> bye() {
    return with(Dialogue::bye);
  }

  /// Drops the socket and stays away. The session keeps its grace; [#bye] ends it.
  @Override
  public void close() {
    link.run(Dialogue::stop);
  }

  // ---- for tests and load: a client that misbehaves

  /// Loses the TCP connection without a closing handshake, as when the network breaks.
  public void dropSocket() {
    link.run(Dialogue::drop);
  }

  /// Takes a few frames more, then nothing: the kernel's buffers fill up, then the server's.
  public void stopReading() {
    link.read(false);
  }

  public void resumeReading() {
    link.read(true);
  }

  /// Leaves every `ping` unanswered from now on.
  public void mute() {
    link.run(dialogue -> dialogue.mute(true));
  }

  /// Whether it acknowledges the direct messages and outcomes that arrive.
  public void acknowledges(boolean wanted) {
    link.run(dialogue -> dialogue.acknowledges(wanted));
  }

  /// Whether the client comes back by itself; without it, the loss of the socket ends it.
  public void autoReconnect(boolean wanted) {
    link.run(dialogue -> dialogue.autoReconnect(wanted));
  }

  /// Sends a text frame as it is, whatever it holds; lost when no socket is open.
  public void sendFrame(String text) {
    link.send(text);
  }

  private <T> CompletableFuture<T> with(BiConsumer<Dialogue, CompletableFuture<T>> task) {
    CompletableFuture<T> future = new CompletableFuture<>();
    link.run(dialogue -> task.accept(dialogue, future));
    return future;
  }

  /// A message that could be constructed can be sent.
  private static void check(ClientMessage ignored) {}

  /// Keeps for other threads what the listener hears, and keeps the client from what it throws.
  private final class Watcher implements PresenceListener {
    private final PresenceListener listener;

    Watcher(PresenceListener listener) {
      this.listener = listener;
    }

    private void tell(Consumer<PresenceListener> what) {
      try {
        what.accept(listener);
      } catch (Throwable e) { // whatever it is, the client goes on
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    }

    @Override
    public void frame(String text) {
      tell(it -> it.frame(text));
    }

    @Override
    public void received(ServerMessage message) {
      tell(it -> it.received(message));
    }

    @Override
    public void unreadable(InvalidMessage why) {
      tell(it -> it.unreadable(why));
    }

    @Override
    public void opened(Welcome newest) {
      welcome = newest;
      tell(it -> it.opened(newest));
    }

    @Override
    public void resumed(Welcome newest) {
      tell(it -> it.resumed(newest));
    }

    @Override
    public void changed(View view) {
      views.put(view.instance(), view);
      tell(it -> it.changed(view));
    }

    @Override
    public void direct(Direct message) {
      tell(it -> it.direct(message));
    }

    @Override
    public void outcome(Outcome outcome) {
      tell(it -> it.outcome(outcome));
    }

    @Override
    public void outOf(String piece, ServerMessage.Parting why) {
      tell(it -> it.outOf(piece, why));
    }

    @Override
    public void left(String instance, PresenceException why) {
      views.remove(instance);
      tell(it -> it.left(instance, why));
    }

    @Override
    public void closed(int code, String reason) {
      tell(it -> it.closed(code, reason));
    }

    @Override
    public void ended(PresenceException why) {
      tell(it -> it.ended(why));
    }
  }
}
