package presence.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Welcome;
import presence.protocol.View;

/// A dialogue on an edge made of nothing: time is a number, sockets are counted, what is said and
/// heard is written down.
final class Stage implements Edge, PresenceListener {
  static final ClientOptions OPTIONS =
      ClientOptions.of(URI.create("ws://nowhere/ws"))
          .withBackOff(new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(8)));

  /// Draws the longest delay there is.
  private static final RandomGenerator LONGEST =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return 0;
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  private record Alarm(long at, int order, Runnable then) {}

  final Dialogue dialogue;
  final List<ClientMessage> said = new ArrayList<>();
  final List<String> events = new ArrayList<>();
  final List<View> views = new ArrayList<>();
  final List<ServerMessage.Udp> ways = new ArrayList<>();
  final List<ServerMessage.Moved> moves = new ArrayList<>();
  int sockets;
  int drops;
  int probes;
  long now = 1_000_000;
  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>(Comparator.comparingLong(Alarm::at).thenComparingInt(Alarm::order));
  private int order;

  Stage(ClientOptions options) {
    dialogue = new Dialogue(options, LONGEST, this, this);
  }

  static Stage anonymous() {
    return new Stage(OPTIONS);
  }

  /// A stage whose dialogue has been welcomed for the first time; what it said is forgotten.
  static Stage live() {
    Stage stage = anonymous();
    var _ = stage.start();
    stage.openAndWelcome(false);
    return stage;
  }

  CompletableFuture<Welcome> start() {
    CompletableFuture<Welcome> started = new CompletableFuture<>();
    dialogue.start(started);
    return started;
  }

  void openAndWelcome(boolean resumed, String... instances) {
    dialogue.opened();
    said.clear();
    hear(Messages.welcome(resumed, instances));
  }

  void hear(ServerMessage... messages) {
    List.of(messages).forEach(dialogue::heard);
  }

  /// Loses the socket and lets the back-off pass.
  void reconnect() {
    int before = sockets;
    dialogue.closed(1006, "lost");
    advance(8_000);
    assertThat(sockets).isEqualTo(before + 1);
    said.clear();
  }

  CompletableFuture<View> join() {
    CompletableFuture<View> joined = new CompletableFuture<>();
    dialogue.join(Messages.LOBBY, null, joined);
    return joined;
  }

  CompletableFuture<ServerMessage> leave() {
    CompletableFuture<ServerMessage> left = new CompletableFuture<>();
    dialogue.leave(Messages.LOBBY, left);
    return left;
  }

  CompletableFuture<ServerMessage> say(String id) {
    CompletableFuture<ServerMessage> answer = new CompletableFuture<>();
    dialogue.request(ref -> new ClientMessage.Say(Messages.LOBBY, "hello", id, ref), answer);
    return answer;
  }

  CompletableFuture<ServerMessage> send(String id) {
    CompletableFuture<ServerMessage> answer = new CompletableFuture<>();
    dialogue.request(ref -> new ClientMessage.Send("@bob", "psst", id, ref), answer);
    return answer;
  }

  /// The last thing said, which must be of this type.
  <T extends ClientMessage> T last(Class<T> type) {
    assertThat(said).as("something was said").isNotEmpty();
    assertThat(said.getLast()).isInstanceOf(type);
    return type.cast(said.getLast());
  }

  /// The server did the last thing said.
  void isDone() {
    hear(new ServerMessage.Ok(Objects.requireNonNull(ref())));
  }

  /// The `ref` of the last thing said.
  @Nullable String ref() {
    return said.getLast().ref();
  }

  void advance(long ms) {
    long until = now + ms;
    for (Alarm next = alarms.peek(); next != null && next.at <= until; next = alarms.peek()) {
      alarms.remove();
      now = next.at;
      next.then.run();
    }
    now = until;
  }

  @Override
  public void open() {
    sockets++;
  }

  @Override
  public void drop() {
    drops++;
  }

  @Override
  public void say(ClientMessage message) {
    said.add(message);
  }

  @Override
  public void datagrams(ServerMessage.Udp offered) {
    ways.add(offered);
  }

  @Override
  public void move(ClientMessage.Stride move) {
    said.add(move);
  }

  @Override
  public boolean fits(ClientMessage message) {
    return !(message instanceof ClientMessage.Say say) || say.text().length() < 10_000;
  }

  @Override
  public void limit(int frameBytes) {
    assertThat(frameBytes).isEqualTo(65_536);
  }

  @Override
  public void probe() {
    probes++;
  }

  @Override
  public void fetch(
      Supplier<CompletionStage<String>> source,
      BiConsumer<@Nullable String, @Nullable Throwable> then) {
    var _ = source.get().whenComplete(then);
  }

  @Override
  public void after(long ms, Runnable then) {
    alarms.add(new Alarm(now + ms, order++, then));
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public void received(ServerMessage message) {
    if (message instanceof ServerMessage.Moved moved) {
      moves.add(moved);
    }
  }

  @Override
  public void opened(Welcome welcome) {
    events.add("opened");
  }

  @Override
  public void resumed(Welcome welcome) {
    events.add("resumed");
  }

  @Override
  public void changed(View view) {
    views.add(view);
  }

  @Override
  public void direct(ServerMessage.Direct message) {
    events.add("direct " + message.id());
  }

  @Override
  public void outcome(ServerMessage.Outcome outcome) {
    events.add(outcome.outcome().word() + " " + outcome.id());
  }

  @Override
  public void left(String instance, PresenceException why) {
    events.add("left " + instance + " " + why.code().word());
  }

  @Override
  public void outOf(String piece, ServerMessage.Parting why) {
    events.add("out of " + piece + " " + why.word());
  }

  @Override
  public void closed(int code, String reason) {
    events.add("closed " + code);
  }

  @Override
  public void ended(PresenceException why) {
    events.add("ended " + why.code().word());
  }
}
