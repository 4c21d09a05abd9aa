package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import presence.client.ClientOptions;
import presence.client.PresenceClient;
import presence.client.PresenceException;
import presence.protocol.ClientMessage;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Welcome;
import presence.protocol.View;

/// A client as a story tells of it: what it does is done when the method returns, what it sees is
/// awaited. It comes back only when told to.
final class TestClient extends Witness implements AutoCloseable {
  private static final long PATIENCE_S = Transcript.PATIENCE.toSeconds();

  private final TestNode node;
  private final ClientOptions options;
  private final PresenceClient client;
  private String home = "";

  TestClient(String id, TestNode node, ClientOptions options) {
    super(id);
    this.node = node;
    this.options = options;
    this.client = new PresenceClient(options, ears());
    client.autoReconnect(false);
  }

  PresenceClient client() {
    return client;
  }

  Welcome connects() {
    return get(client.connect());
  }

  /// The same after a loss: the session goes on, if it still is.
  Welcome comesBack() {
    return connects();
  }

  /// Connects if need be, and becomes a member: the answer shows it as one.
  TestClient joins(String instance) {
    connects();
    home = instance;
    View view = get(client.join(instance));
    if (!welcome().anonymous()) {
      assertThat(view.online()).as("the cut that %s joined with", id()).containsKey(id());
    }
    return this;
  }

  /// Connects and wants to be a member; whether it succeeds depends.
  void tries(String instance) {
    home = instance;
    var _ = client.join(instance);
    connects();
  }

  /// Asks once more for what it has, as a client does that lost track.
  void joinsAgain() {
    get(client.request(ref -> new ClientMessage.Join(home, null, null, ref)));
  }

  /// Becomes a member by hand, having the stream up to this place; returns the answer.
  ServerMessage asksSince(String instance, long epoch, long seq) {
    home = instance;
    claims(instance, epoch, seq);
    return get(
        client.request(
            ref -> new ClientMessage.Join(instance, null, new Position(epoch, seq), ref)));
  }

  TestClient leaves(String instance) {
    get(client.leave(instance));
    hasLeft(instance);
    return this;
  }

  TestClient goesTo(@Nullable String location) {
    get(client.location(location));
    return this;
  }

  TestClient goesToBackground() {
    get(client.visible(false));
    return this;
  }

  TestClient comesToForeground() {
    get(client.visible(true));
    return this;
  }

  ServerMessage.Said says(String text) {
    return get(client.say(home, text));
  }

  /// Says this over and over, a few at a time under way.
  void saysManyTimes(String text, int times) {
    Deque<CompletableFuture<ServerMessage.Said>> underWay = new ArrayDeque<>();
    for (int i = 0; i < times; i++) {
      underWay.add(client.say(home, text));
      if (underWay.size() > 10) {
        get(underWay.remove());
      }
    }
    underWay.forEach(this::get);
  }

  void saysBye() {
    get(client.bye());
  }

  /// Loses the socket as if the network had; the node sees a broken connection.
  TestClient drops() {
    client.dropSocket();
    isClosedWith(1006);
    return this;
  }

  /// Does not answer pings any more.
  TestClient goesSilent() {
    client.mute();
    return this;
  }

  /// Another session of the same identity.
  TestClient inAnotherTab() {
    return node.client(id(), options);
  }

  /// Somebody with the same proof and other wishes.
  TestClient withOptions(UnaryOperator<ClientOptions> different) {
    return node.client(id(), different.apply(options));
  }

  /// The same session on another socket, which this one does not know of; with other options than
  /// this one's, perhaps.
  TestClient onAnotherSocket(UnaryOperator<ClientOptions> different) {
    ClientOptions same = options.withResume(token());
    TestClient other = node.client(id(), different.apply(same));
    other.home = home;
    return other;
  }

  TestClient onAnotherSocket() {
    return onAnotherSocket(UnaryOperator.identity());
  }

  /// The instance it joined last.
  String home() {
    return home;
  }

  /// The newest resume token.
  String token() {
    return welcome().resume();
  }

  String session() {
    return welcome().session();
  }

  Welcome welcome() {
    return client.welcome().orElseThrow();
  }

  View view() {
    return client.view(home).orElseThrow();
  }

  TestClient sees(String what, Predicate<View> holds) {
    try {
      await(id() + " sees " + what)
          .atMost(Transcript.PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> client.view(home).filter(holds).isPresent());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          id() + " does not see " + what + ", it heard\n" + transcript().tail(), e);
    }
    return this;
  }

  TestClient seesOnline(TestClient other) {
    return sees(other.id() + " online", view -> view.online().containsKey(other.id()));
  }

  TestClient seesGone(TestClient other) {
    return sees(other.id() + " gone", view -> !view.online().containsKey(other.id()));
  }

  TestClient seesHere(TestClient other) {
    return sees(other.id() + " here", view -> view.here().contains(other.id()));
  }

  TestClient seesAway(TestClient other) {
    return sees(
        other.id() + " online, not here",
        view -> view.online().containsKey(other.id()) && !view.here().contains(other.id()));
  }

  /// What it hears from now on is what is asked about later.
  TestClient listens() {
    settles();
    attends();
    return this;
  }

  TestClient listens(String instance) {
    home = instance;
    return listens();
  }

  /// Waits until everything that happened in its instance before this call has reached it: its own
  /// words come after that in the stream.
  @Override
  void settles() {
    String marker = TestNode.unique("marker");
    var _ = client.say(home, marker);
    heard(marker);
  }

  /// The answer, or the refusal as a [PresenceException].
  <T> T get(CompletableFuture<T> answer) {
    try {
      return answer.get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PresenceException refused) {
        throw refused;
      }
      throw new AssertionError(e);
    } catch (TimeoutException e) {
      throw new AssertionError(id() + " got no answer; it heard\n" + transcript().tail(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
