package presence.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import presence.protocol.Position;
import presence.testkit.Entity;
import presence.testkit.TestSystem;

/// An instance under test, with one probe in the place of each of its neighbours.
final class Room implements AutoCloseable {
  /// A session that was asked whether it exists.
  record Called(String session, long n) {}

  static final Duration QUIET = Duration.ofSeconds(5);

  final TestProbe<ChatInstance.Receipt> sessions;
  final TestProbe<ChatInstance.Answer> authors;
  final TestProbe<ChatInstance.Feed> relay;
  final TestProbe<ClusterSharding.ShardCommand> shard;
  final Entity<ChatInstance.Command, Flushed, InstanceState> entity;
  private final ConcurrentLinkedQueue<Called> called = new ConcurrentLinkedQueue<>();

  Room(TestSystem system, InstanceLimits limits) {
    sessions = system.probe();
    authors = system.probe();
    relay = system.probe();
    shard = system.probe();
    entity =
        new Entity<>(
            system,
            "instance",
            id ->
                ChatInstance.create(
                    "room",
                    id,
                    limits,
                    system,
                    (session, instance, n) -> called.add(new Called(session, n)),
                    shard.getRef()));
  }

  ChatInstance.Report report(Seat seat) {
    return new ChatInstance.Report(seat, sessions.getRef());
  }

  ChatInstance.Say say(Flushed.Speech speech) {
    return new ChatInstance.Say(speech, authors.getRef());
  }

  void hears(Seat... seats) {
    entity.tell(Stream.of(seats).map(this::report).toArray(ChatInstance.Report[]::new));
  }

  void hears(Flushed.Speech speech) {
    entity.tell(say(speech));
  }

  /// Long enough that the next change is told at once.
  void isQuiet() {
    entity.passes(QUIET);
  }

  /// Hears words and has told them all.
  void has(Seat... seats) {
    isQuiet();
    hears(seats);
    isQuiet();
    isQuiet();
    for (int each = 0; each < seats.length; each++) {
      sessions.receiveMessage();
    }
  }

  /// The relay subscribes, for the first time with this incarnation.
  void subscribes(Position at) {
    entity.tell(new ChatInstance.Subscribe(relay.getRef(), at, 2));
    if (entity.state().exists()) {
      assertThat(relay.expectMessageClass(ChatInstance.Subscribed.class).incarnation())
          .isEqualTo(entity.ref());
    }
  }

  /// The relay follows from here on.
  void isFollowed() {
    subscribes(position());
    assertThat(published().changes()).isEmpty();
  }

  ChatInstance.Published published() {
    return relay.expectMessageClass(ChatInstance.Published.class);
  }

  void tellsNobody() {
    relay.expectNoMessage(Duration.ofMillis(50));
  }

  ChatInstance.Recorded recorded() {
    return sessions.expectMessageClass(ChatInstance.Recorded.class);
  }

  ChatInstance.Spoken spoken() {
    return authors.expectMessageClass(ChatInstance.Spoken.class);
  }

  Position position() {
    return entity.state().at();
  }

  Roster roster() {
    return entity.state().roster();
  }

  int writes() {
    return entity.events().size();
  }

  /// Who was asked since the last call.
  List<Called> called() {
    List<Called> all = new ArrayList<>(called);
    called.clear();
    return all;
  }

  @Override
  public void close() {
    entity.close();
  }
}
