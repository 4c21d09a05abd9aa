package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import presence.client.ClientOptions;
import presence.client.PresenceClient;
import presence.client.PresenceException;
import presence.client.PresenceListener;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Welcome;
import presence.protocol.View;

/// A client as a story tells of it: what it does is done when the method returns, what it sees is
/// awaited. It comes back only when told to. All it is ever told is kept and checked.
final class TestClient implements AutoCloseable {
  private static final long PATIENCE_S = Transcript.PATIENCE.toSeconds();

  private final String id;
  private final TestNode node;
  private final ClientOptions options;
  private final PresenceClient client;
  private final Transcript transcript;
  private final StreamCheck check = new StreamCheck();
  private final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
  private String home = "";
  private int attentive;

  TestClient(String id, TestNode node, ClientOptions options) {
    this.id = id;
    this.node = node;
    this.options = options;
    this.transcript = new Transcript(id);
    this.client = new PresenceClient(options, new Ears());
    client.autoReconnect(false);
  }

  private final class Ears implements PresenceListener {
    private String frame = "";

    @Override
    public void frame(String text) {
      frame = text;
    }

    @Override
    public void received(ServerMessage message) {
      check.take(message);
      transcript.add(frame, message);
    }

    @Override
    public void unreadable(InvalidMessage why) {
      check.unreadable(String.valueOf(why.getMessage()));
    }

    @Override
    public void closed(int code, String reason) {
      closes.add(code);
    }
  }

  /// The id of the person, as others see it.
  String id() {
    return id;
  }

  PresenceClient client() {
    return client;
  }

  Transcript transcript() {
    return transcript;
  }

  List<String> violations() {
    return check.violations();
  }

  // ---- what it does

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
      assertThat(view.online()).as("the cut that %s joined with", id).containsKey(id);
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
    check.claims(instance, epoch, seq);
    return get(
        client.request(
            ref -> new ClientMessage.Join(instance, null, new Position(epoch, seq), ref)));
  }

  TestClient leaves(String instance) {
    get(client.leave(instance));
    check.left(instance);
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
    return node.client(id, options);
  }

  /// Somebody with the same proof and other wishes.
  TestClient withOptions(UnaryOperator<ClientOptions> different) {
    return node.client(id, different.apply(options));
  }

  /// The same session on another socket, which this one does not know of; with other options than
  /// this one's, perhaps.
  TestClient onAnotherSocket(UnaryOperator<ClientOptions> different) {
    ClientOptions same = options.withResume(token());
    TestClient other = node.client(id, different.apply(same));
    other.home = home;
    return other;
  }

  TestClient onAnotherSocket() {
    return onAnotherSocket(UnaryOperator.identity());
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

  // ---- what it is told

  View view() {
    return client.view(home).orElseThrow();
  }

  TestClient sees(String what, Predicate<View> holds) {
    try {
      await(id + " sees " + what)
          .atMost(Transcript.PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> client.view(home).filter(holds).isPresent());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          id + " does not see " + what + ", it heard\n" + transcript.tail(), e);
    }
    return this;
  }

  TestClient seesOnline(TestClient other) {
    return sees(other.id + " online", view -> view.online().containsKey(other.id));
  }

  TestClient seesGone(TestClient other) {
    return sees(other.id + " gone", view -> !view.online().containsKey(other.id));
  }

  TestClient seesHere(TestClient other) {
    return sees(other.id + " here", view -> view.here().contains(other.id));
  }

  TestClient seesAway(TestClient other) {
    return sees(
        other.id + " online, not here",
        view -> view.online().containsKey(other.id) && !view.here().contains(other.id));
  }

  /// What it hears from now on is what is asked about later.
  TestClient listens() {
    settles();
    attentive = transcript.end();
    return this;
  }

  TestClient listens(String instance) {
    home = instance;
    return listens();
  }

  /// Waits until everything that happened in its instance before this call has reached it: its own
  /// words come after that in the stream.
  private void settles() {
    String marker = TestNode.unique("marker");
    var _ = client.say(home, marker);
    transcript.await(
        0,
        "its own words",
        heard ->
            heard.message() instanceof ServerMessage.Said said && said.text().equals(marker)
                ? said
                : null);
  }

  /// What it has heard of this person since it listens, in order: `joined`, `left`, `here`, `away`,
  /// `renamed`.
  List<String> heardAbout(TestClient other) {
    settles();
    List<String> heard = new ArrayList<>();
    for (Transcript.Heard each : transcript.since(attentive)) {
      if (each.message() instanceof ServerMessage.Delta delta) {
        note(heard, "left", delta.left(), other);
        note(heard, "joined", delta.joined().stream().map(Member::id).toList(), other);
        note(heard, "renamed", delta.renamed().stream().map(Member::id).toList(), other);
        note(heard, "here", delta.here(), other);
        note(heard, "away", delta.away(), other);
      }
    }
    return heard;
  }

  private static void note(List<String> heard, String what, List<String> ids, TestClient other) {
    if (ids.contains(other.id)) {
      heard.add(what);
    }
  }

  /// No frame since it listens mentions this person, and no count has moved; but for these words,
  /// which the person said.
  void heardNothingAbout(TestClient other, String... butWords) {
    settles();
    for (Transcript.Heard each : transcript.since(attentive)) {
      boolean said =
          each.message() instanceof ServerMessage.Said words
              && List.of(butWords).contains(words.text());
      if (!said) {
        assertThat(each.message())
            .as("what %s was told", id)
            .isNotInstanceOfAny(ServerMessage.Delta.class, ServerMessage.Presence.class);
        assertThat(each.message().toString()).as("what %s was told", id).doesNotContain(other.id);
      }
    }
  }

  /// Waits until it hears that this person is `here` or `away` and returns when, in milliseconds
  /// since 1970.
  long hears(String what, TestClient other, int start) {
    return transcript.await(
        start,
        other.id + " " + what,
        heard ->
            heard.message() instanceof ServerMessage.Delta delta
                    && (what.equals("here") ? delta.here() : delta.away()).contains(other.id)
                ? heard.at()
                : null);
  }

  /// Waits for the leave of this person and returns when it came, in milliseconds since 1970.
  long hearsLeaveOf(TestClient other) {
    return transcript.await(
        attentive,
        "the leave of " + other.id,
        heard ->
            heard.message() instanceof ServerMessage.Delta delta && delta.left().contains(other.id)
                ? heard.at()
                : null);
  }

  /// Waits for an error of this code.
  ServerMessage.Error hears(ErrorCode code) {
    return transcript.await(
        attentive,
        "the error " + code,
        heard ->
            heard.message() instanceof ServerMessage.Error error && error.code() == code
                ? error
                : null);
  }

  /// Waits until the socket is closed, which must be with this code.
  void isClosedWith(int code) {
    try {
      assertThat(closes.poll(PATIENCE_S, TimeUnit.SECONDS))
          .as("the close code of %s, which heard%n%s", id, transcript.tail())
          .isEqualTo(code);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  boolean isClosed() {
    return !closes.isEmpty();
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
      throw new AssertionError(id + " got no answer; it heard\n" + transcript.tail(), e);
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
