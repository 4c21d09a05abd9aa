package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.instance.Change;
import presence.instance.ChatInstance;
import presence.instance.ChatInstance.Subscribe;
import presence.protocol.Codec;
import presence.protocol.Counts;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage.Delta;
import presence.testkit.Recorder;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;

/// A relay whose replica is not what its instance says, or what a follower has already.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class RelayTest {
  private static final Position AT = new Position(9, 1);
  private static final Position AHEAD = new Position(9, 3);
  private static final long ANOTHER = 1;
  private static final long UNSAID = 0;

  private final TestSystem system;
  private final Recorder<ChatInstance.Command> instance = new Recorder<>();
  private final Deque<ChatInstance.Command> questions = new ArrayDeque<>();
  private final AtomicInteger divergence = new AtomicInteger();
  private final ActorRef<Relay.Command> relay;

  RelayTest(TestSystem system) {
    this.system = system;
    GatewayMeter meter =
        new GatewayMeter() {
          @Override
          public void diverged() {
            divergence.incrementAndGet();
          }
        };
    this.relay =
        system
            .kit()
            .spawn(
                Relay.create(
                    "room",
                    new Relay.Settings(
                        new Replica.Limits(100, Duration.ofMinutes(5), 10, 1000),
                        new Cuts.Limits(8, Duration.ofSeconds(30), 100),
                        100,
                        new Relay.Pace(
                            Duration.ofSeconds(5), Duration.ofMillis(250), Duration.ofSeconds(1)),
                        Duration.ofSeconds(25),
                        new Codec(65_536, 32),
                        system,
                        instance,
                        meter),
                    system.<Relay.Idle>probe().getRef()));
  }

  /// Its timers would go on wherever time passes in this JVM.
  @AfterEach
  void stop() {
    system.kit().stop(relay);
  }

  private Subscribe subscription() {
    return asked(Subscribe.class);
  }

  /// The next question of this kind; what came before it is forgotten.
  private <T> T asked(Class<T> kind) {
    return await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> next(kind), Optional::isPresent)
        .orElseThrow();
  }

  private <T> Optional<T> next(Class<T> kind) {
    instance.take().forEach(each -> questions.add(each.command()));
    while (!questions.isEmpty()) {
      ChatInstance.Command question = questions.remove();
      if (kind.isInstance(question)) {
        return Optional.of(kind.cast(question));
      }
    }
    return Optional.empty();
  }

  private void forgetQuestions() {
    instance.take();
    questions.clear();
  }

  private static ChatInstance.Cut cut() {
    Member ann = new Member("@ann", "@ann", null);
    return new ChatInstance.Cut(
        AT, List.of(ann), List.of("@ann"), new Counts(1, 1, 1, 0), List.of());
  }

  private static ChatInstance.Published upToDate(long print) {
    return new ChatInstance.Published(AT.epoch(), AT.seq(), List.of(), print);
  }

  /// So that it is encoded, joined and compressed once.
  @Test
  void beginsAlikeForAllButWhoAskedByAReference() {
    List<TestProbe<Relay.Delivery>> followers = List.of(system.probe(), system.probe());
    followers.forEach(each ->
        relay.tell(
            new Relay.Follow(each.getRef(), null, null, null, Position.NOWHERE, null, null)));
    subscription().relay().tell(cut());
    TestProbe<Relay.Delivery> asker = system.probe();
    relay.tell(new Relay.Follow(asker.getRef(), null, null, null, Position.NOWHERE, "r1", null));

    List<Batch> batches =
        followers.stream()
            .map(each -> each.expectMessageClass(Relay.Stream.class).batch())
            .toList();
    assertThat(batches.getFirst()).isSameAs(batches.getLast());
    assertThat(batches.getFirst().frame().openTo()).isEqualTo("room");
    Batch answer = asker.expectMessageClass(Relay.Stream.class).batch();
    assertThat(answer.frame().utf8().utf8String()).contains("\"ref\":\"r1\"");
  }

  @Test
  void isCountedAndBegunAnewButNotAgainAndAgain() {
    TestProbe<Relay.Delivery> follower = system.probe();
    relay.tell(new Relay.Follow(follower.getRef(), "s1", null, null, Position.NOWHERE, null, null));
    ActorRef<ChatInstance.Feed> feed = subscription().relay();
    feed.tell(cut());
    follower.expectMessageClass(Relay.Stream.class);
    forgetQuestions();

    feed.tell(upToDate(ANOTHER));

    assertThat(subscription().at()).isEqualTo(Position.NOWHERE);
    assertThat(divergence).hasValue(1);
    feed.tell(cut());
    assertThat(follower.expectMessageClass(Relay.Stream.class).fresh()).isTrue();
    forgetQuestions();

    feed.tell(upToDate(ANOTHER));
    await().atMost(Duration.ofSeconds(10)).until(() -> divergence.get() == 2);
    system.passes(Duration.ofSeconds(5));
    assertThat(subscription().at()).isEqualTo(AT);
  }

  /// A change of the counts alone.
  private static ChatInstance.Published published(long seq) {
    Delta delta =
        new Delta(
            "room",
            AT.epoch(),
            seq - 1,
            seq,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            new Counts(1, 1, 1, (int) seq),
            null);
    return new ChatInstance.Published(
        AT.epoch(), seq - 1, List.of(new Change.People(delta, 1)), UNSAID);
  }

  /// Somebody who has more than the replica at [#AT] follows; returns what the instance is asked.
  private ChatInstance.CatchUp asksForProof(TestProbe<Relay.Delivery> ahead) {
    TestProbe<Relay.Delivery> before = system.probe();
    relay.tell(new Relay.Follow(before.getRef(), "s1", null, null, Position.NOWHERE, null, null));
    subscription().relay().tell(cut());
    before.expectMessageClass(Relay.Stream.class);
    forgetQuestions();
    relay.tell(new Relay.Follow(ahead.getRef(), "s2", null, AHEAD, Position.NOWHERE, null, null));
    assertThat(subscription().at()).isEqualTo(AT);
    return asked(ChatInstance.CatchUp.class);
  }

  @Test
  @DisplayName("waits until it is as far as a follower that comes from another node (case 17)")
  void waitsUntilItIsAsFar() {
    TestProbe<Relay.Delivery> ahead = system.probe();
    ActorRef<ChatInstance.Feed> feed = asksForProof(ahead).relay();

    feed.tell(published(2));
    feed.tell(new ChatInstance.Earlier(AHEAD, Optional.of(List.of()), AHEAD));
    ahead.expectNoMessage(Duration.ofMillis(50));
    feed.tell(published(3));

    Relay.Stream first = ahead.expectMessageClass(Relay.Stream.class);
    assertThat(first.fresh()).isFalse();
    assertThat(first.messages()).extracting(Encoded::at).containsExactly(AHEAD);
    feed.tell(published(4));
    assertThat(ahead.expectMessageClass(Relay.Stream.class).messages())
        .extracting(Encoded::at)
        .containsExactly(new Position(AT.epoch(), 4));
  }

  @Test
  void asksOnceMoreWhileNobodyAnswers() {
    TestProbe<Relay.Delivery> ahead = system.probe();
    asksForProof(ahead);
    system.passes(Duration.ofSeconds(1));
    assertThat(asked(ChatInstance.CatchUp.class).since()).isEqualTo(AHEAD);
    ahead.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void beginsAnewForAFollowerWhoHasWhatTheInstanceDoesNotKnow() {
    TestProbe<Relay.Delivery> ahead = system.probe();
    ActorRef<ChatInstance.Feed> feed = asksForProof(ahead).relay();
    for (int i = 1; i < 5; i++) {
      feed.tell(new ChatInstance.Earlier(AHEAD, Optional.empty(), AT));
      ahead.expectNoMessage(Duration.ofMillis(20));
      system.passes(Duration.ofSeconds(1));
      asked(ChatInstance.CatchUp.class);
    }
    feed.tell(new ChatInstance.Earlier(AHEAD, Optional.empty(), AT));
    assertThat(ahead.expectMessageClass(Relay.Stream.class).fresh()).isTrue();
  }

  @Test
  void waitsOnWhereTheInstanceIsFurtherThanItCanTell() {
    TestProbe<Relay.Delivery> ahead = system.probe();
    ActorRef<ChatInstance.Feed> feed = asksForProof(ahead).relay();
    feed.tell(new ChatInstance.Earlier(AHEAD, Optional.empty(), new Position(AT.epoch(), 9_000)));
    ahead.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void isNotBrokenByOlderChangesThatLeadFurtherThanItIs() {
    TestProbe<Relay.Delivery> ahead = system.probe();
    ActorRef<ChatInstance.Feed> feed = asksForProof(ahead).relay();
    List<Change> further = new ArrayList<>();
    for (long seq = AT.seq(); seq <= AHEAD.seq() + 1; seq++) {
      further.addAll(published(seq).changes());
    }
    feed.tell(new ChatInstance.Earlier(AHEAD, Optional.of(further), AHEAD));
    feed.tell(published(2));
    feed.tell(published(3));
    assertThat(ahead.expectMessageClass(Relay.Stream.class).fresh()).isFalse();
  }

  @Test
  void beginsAnewForAFollowerWhoFellBehindWhileItWaited() {
    TestProbe<Relay.Delivery> ahead = system.probe();
    ActorRef<ChatInstance.Feed> feed = asksForProof(ahead).relay();
    relay.tell(new Relay.Resync(ahead.getRef(), null));
    feed.tell(published(2));
    ahead.expectNoMessage(Duration.ofMillis(50));
    feed.tell(published(3));
    assertThat(ahead.expectMessageClass(Relay.Stream.class).fresh()).isTrue();
  }

  @Test
  void beginsAnewWhereTheAnswerIsTooLongToArrive() {
    TestProbe<Relay.Delivery> before = system.probe();
    relay.tell(new Relay.Follow(before.getRef(), "s1", null, null, Position.NOWHERE, null, null));
    subscription().relay().tell(cut());
    before.expectMessageClass(Relay.Stream.class);
    TestProbe<Relay.Delivery> behind = system.probe();
    relay.tell(
        new Relay.Follow(
            behind.getRef(),
            "s2",
            null,
            new Position(AT.epoch(), 0),
            Position.NOWHERE,
            null,
            null));
    for (int i = 0; i < 3; i++) {
      asked(ChatInstance.CatchUp.class);
      system.passes(Duration.ofSeconds(1));
    }
    assertThat(behind.expectMessageClass(Relay.Stream.class).fresh()).isTrue();
  }

  @Test
  void whatFollowsIsWrittenPastTheFollowerWhereItCanBe() {
    TestProbe<Relay.Delivery> follower = system.probe();
    var way =
        new Relay.Way() {
          private final Queue<Position> written = new ConcurrentLinkedQueue<>();
          private final AtomicInteger told = new AtomicInteger();
          private volatile boolean free = true;

          @Override
          public boolean write(Batch batch) {
            return free && written.add(Objects.requireNonNull(batch.at()));
          }

          @Override
          public void tells() {
            told.incrementAndGet();
          }
        };
    relay.tell(new Relay.Follow(follower.getRef(), "s1", null, null, Position.NOWHERE, null, way));
    ActorRef<ChatInstance.Feed> feed = subscription().relay();
    feed.tell(cut());
    assertThat(follower.expectMessageClass(Relay.Stream.class).fresh()).isTrue();
    assertThat(way.told).as("what it is given first").hasValue(1);

    feed.tell(published(AT.seq() + 1));
    await().atMost(Duration.ofSeconds(10)).until(() -> way.written.size() == 1);
    way.free = false;
    feed.tell(published(AT.seq() + 2));

    Relay.Stream told = follower.expectMessageClass(Relay.Stream.class);
    assertThat(told.batch().at()).isEqualTo(new Position(AT.epoch(), AT.seq() + 2));
    assertThat(way.told).hasValue(2);
    assertThat(way.written).containsExactly(new Position(AT.epoch(), AT.seq() + 1));
  }
}
