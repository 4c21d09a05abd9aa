package presence.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.instance.Words.LIMITS;
import static presence.instance.Words.leaves;
import static presence.instance.Words.looks;
import static presence.instance.Words.person;
import static presence.instance.Words.says;
import static presence.instance.Words.sits;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.protocol.Counts;
import presence.protocol.Position;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;

/// What an instance tells its relays, and how it outlives its own death.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class ChatInstanceStreamTest {
  private final TestSystem system;
  private final Room room;

  ChatInstanceStreamTest(TestSystem system) {
    this.system = system;
    this.room = new Room(system, LIMITS);
  }

  @AfterEach
  void stop() {
    room.close();
  }

  private Position at(long seq) {
    return new Position(room.position().epoch(), seq);
  }

  @Nested
  @DisplayName("a relay subscribes (R8)")
  class ARelay {
    @Test
    void isToldThatThereIsNobody() {
      room.subscribes(Position.NOWHERE);
      room.relay.expectMessage(new ChatInstance.Nobody());
    }

    @Test
    void thatKnowsNothingGetsACutAndThenWhatFollows() {
      room.has(looks("s1", 1, person("ann")), sits("s2", 1, null));
      room.hears(says("s1", "ann", "hello", "m1"));
      room.isQuiet();
      room.subscribes(Position.NOWHERE);
      assertThat(room.relay.receiveMessage())
          .isEqualTo(
              new ChatInstance.Cut(
                  room.position(),
                  List.of(person("ann")),
                  List.of("@ann"),
                  new Counts(1, 1, 2, 1),
                  List.of(new Change.Message("s1", room.spoken().message()))));
      room.hears(looks("s3", 1, person("bob")));
      ChatInstance.Published published = room.published();
      assertThat(published.from()).isEqualTo(3);
      assertThat(published.changes()).extracting(Change::seq).containsExactly(4L);
    }

    @Test
    void thatIsUpToDateIsToldSo() {
      room.has(sits("s1", 1, person("ann")));
      room.subscribes(at(1));
      assertThat(room.published())
          .isEqualTo(
              new ChatInstance.Published(
                  at(1).epoch(),
                  1,
                  List.of(),
                  Fingerprint.of(new Fingerprint.Sets(Map.of("@ann", person("ann")), Set.of()))
                      .with(new Counts(1, 0, 1, 0))));
    }

    @Test
    void thatIsBehindGetsWhatItMissed() {
      room.has(sits("s1", 1, person("ann")), sits("s2", 1, person("bob")));
      room.has(leaves("s1", 2));
      room.subscribes(at(1));
      assertThat(room.published().changes()).extracting(Change::seq).containsExactly(2L, 3L);
    }

    @Test
    void ofAnotherEpochGetsACut() {
      room.has(sits("s1", 1, person("ann")));
      room.subscribes(new Position(at(1).epoch() - 1, 1));
      room.relay.expectMessageClass(ChatInstance.Cut.class);
    }

    @Test
    void thatIsAheadGetsACut() {
      room.has(sits("s1", 1, person("ann")));
      room.subscribes(at(2));
      room.relay.expectMessageClass(ChatInstance.Cut.class);
    }

    @Test
    void thatMissedMoreThanTheRingHoldsGetsACut() {
      room.has(sits("s1", 1, person("ann")));
      room.entity.passes(LIMITS.ringAge().plusMillis(1));
      room.has(sits("s2", 1, person("bob")));
      room.subscribes(new Position(room.position().epoch(), 0));
      room.relay.expectMessageClass(ChatInstance.Cut.class);
    }

    @Test
    void thatEndedIsNotCountedAnyMore() {
      room.has(sits("s1", 1, person("ann")));
      room.isFollowed();
      assertThat(described().connections()).isEqualTo(2);
      room.relay.stop();
      Awaitility.await("its end is noticed").until(() -> described().connections() == 0);
    }
  }

  private ChatInstance.Description described() {
    TestProbe<ChatInstance.Description> asker = system.probe();
    room.entity.tell(new ChatInstance.Describe(asker.getRef()));
    return asker.receiveMessage();
  }

  @Nested
  class Asked {
    @Test
    void forTheNumbersOfNothingItNamesNoEpoch() {
      assertThat(described())
          .isEqualTo(new ChatInstance.Description("room", Position.NOWHERE, Counts.NONE, 0));
    }

    @Test
    void forOlderChangesItAnswersWhatItHas() {
      room.has(sits("s1", 1, person("ann")), sits("s2", 1, person("bob")));
      room.entity.tell(new ChatInstance.CatchUp(at(1), room.relay.getRef()));
      ChatInstance.Earlier earlier = room.relay.expectMessageClass(ChatInstance.Earlier.class);
      assertThat(earlier.since()).isEqualTo(at(1));
      assertThat(earlier.changes().orElseThrow()).extracting(Change::seq).containsExactly(2L);
    }

    @Test
    void forChangesOfAnotherEpochItHasNone() {
      room.has(sits("s1", 1, person("ann")));
      Position other = new Position(5, 0);
      room.entity.tell(new ChatInstance.CatchUp(other, room.relay.getRef()));
      room.relay.expectMessage(new ChatInstance.Earlier(other, Optional.empty(), at(1)));
    }
  }

  @Nested
  class TheStream {
    @Test
    @DisplayName("says nothing of a flap within one flush (case 30)")
    void saysNothingOfAFlap() {
      room.has(sits("s1", 1, person("ann")));
      room.isFollowed();
      room.hears(sits("s1", 2, person("ann")));
      room.recorded();
      room.hears(looks("s1", 3, person("ann")), sits("s1", 4, person("ann")));
      room.isQuiet();
      assertThat(room.recorded().n()).isEqualTo(4);
      room.tellsNobody();
    }

    @Test
    @DisplayName("tells what was written although the write seemed to fail (R7)")
    void tellsWhatWasWrittenAfterAll() {
      room.has(sits("s1", 1, person("ann")));
      room.isFollowed();
      Seat bob = sits("s2", 1, person("bob"));
      Flushed written = room.entity.state().flush(List.of(bob), List.of(), system.millis());
      room.entity.tellUnknowing(room.report(bob), written);
      ChatInstance.Published published = room.published();
      assertThat(published.from()).isEqualTo(1);
      assertThat(published.changes()).extracting(Change::seq).containsExactly(2L);
      room.hears(bob);
      assertThat(room.recorded().at()).isEqualTo(at(2));
      room.hears(looks("s2", 2, person("bob")));
      room.isQuiet();
      assertThat(room.published().from()).isEqualTo(2);
    }
  }

  @Nested
  @DisplayName("started again (R8: same epoch, same seq, same roster)")
  class StartedAgain {
    @Test
    void itGoesOnWhereItWas() {
      room.has(looks("s1", 1, person("ann")), sits("s2", 1, null), sits("s3", 1, null));
      room.has(leaves("s3", 2));
      Position before = room.position();
      Counts counts = room.roster().counts();
      room.entity.restart();
      assertThat(room.position()).isEqualTo(before);
      assertThat(room.roster().counts()).isEqualTo(counts);
      assertThat(room.roster().here()).containsExactly("@ann");
      assertThat(room.roster().stepOf("s3")).isEqualTo(2);
      room.has(leaves("s1", 2));
      assertThat(room.position()).isEqualTo(at(before.seq() + 1));
    }

    @Test
    void aSnapshotAndWhatFollowedIsTheSame() {
      try (Room hasty = new Room(system, Words.withFlushSize(1))) {
        hasty.hears(
            LongStream.rangeClosed(1, 450)
                .mapToObj(
                    n -> n % 2 == 0 ? looks("s1", n, person("ann")) : sits("s1", n, person("ann")))
                .toArray(Seat[]::new));
        hasty.entity.await(
            "a snapshot",
            state -> hasty.entity.hasSnapshot() && hasty.writes() < hasty.position().seq() - 100);
        InstanceState before = hasty.entity.state();
        hasty.entity.restart();
        InstanceState after = hasty.entity.state();
        assertThat(after.at()).isEqualTo(before.at());
        assertThat(after.changes().all()).isEqualTo(before.changes().all());
        assertThat(after.roster().seats()).containsExactlyElementsOf(before.roster().seats());
        assertThat(after.roster().online()).isEqualTo(before.roster().online());
      }
    }
  }

  @Nested
  @DisplayName("a roll call (R4)")
  class ARollCall {
    ARollCall() {
      room.has(looks("s1", 4, person("ann")), sits("s2", 1, person("bob")));
      room.entity.restart();
      room.called();
    }

    @Test
    void asksWhoIsListedAfterARestartAndThenFromTimeToTime() {
      assertThat(room.called()).isEmpty();
      room.entity.passes(LIMITS.rollCallAfterRecovery());
      assertThat(room.called())
          .containsExactlyInAnyOrder(new Room.Called("s1", 4), new Room.Called("s2", 1));
      room.entity.passes(LIMITS.rollCallEvery());
      assertThat(room.called()).hasSize(2);
    }

    @Test
    void letsAnUnknownSessionGoAsANormalChange() {
      room.isFollowed();
      room.entity.tell(new ChatInstance.Unknown("s1", 4));
      Change change = room.published().changes().getFirst();
      assertThat(((Change.People) change).delta().left()).containsExactly("@ann");
      assertThat(room.roster().has("s1")).isFalse();
    }

    @Test
    void believesASessionThatHasSpokenSince() {
      room.has(sits("s1", 5, person("ann")));
      room.entity.tell(new ChatInstance.Unknown("s1", 4));
      room.isQuiet();
      assertThat(room.roster().has("s1")).isTrue();
    }

    @Test
    void believesASessionThatSpeaksBeforeTheFlush() {
      room.hears(looks("s2", 2, person("bob")));
      room.entity.tell(new ChatInstance.Unknown("s1", 4));
      room.hears(sits("s1", 5, person("ann")));
      room.isQuiet();
      assertThat(room.roster().has("s1")).isTrue();
      assertThat(room.roster().stepOf("s1")).isEqualTo(5);
    }

    @Test
    void ofAStrangerMeansNothing() {
      room.entity.tell(new ChatInstance.Unknown("s9", 0));
      room.isQuiet();
      assertThat(room.writes()).isEqualTo(2);
    }
  }

  @Nested
  class WithNothingToDo {
    private void isToldToGo(boolean expected) {
      room.entity.passes(LIMITS.idle());
      if (expected) {
        room.shard.expectMessage(new ClusterSharding.Passivate<>(room.entity.ref()));
      } else {
        room.shard.expectNoMessage(Duration.ofMillis(50));
      }
    }

    @Test
    void itLeavesMemory() {
      room.has(sits("s1", 1, person("ann")));
      isToldToGo(false);
      room.has(leaves("s1", 2));
      isToldToGo(true);
    }

    @Test
    void itStaysWhileARelayFollows() {
      room.has(sits("s1", 1, person("ann")));
      room.isFollowed();
      room.has(leaves("s1", 2));
      isToldToGo(false);
    }

    @Test
    void itStopsAtOnceWhenToldAndWritesNothing() {
      room.has(sits("s1", 1, person("ann")));
      room.has(sits("s1", 2, person("ann")));
      room.hears(looks("s1", 3, person("ann")));
      int writes = room.writes();
      room.entity.ref().tell(ChatInstance.Stop.STOP);
      room.relay.expectTerminated(room.entity.ref());
      assertThat(room.writes()).isEqualTo(writes);
    }

    @Test
    void itTellsItsRelaysThatItMoves() {
      room.has(sits("s1", 1, person("ann")));
      room.isFollowed();
      room.entity.ref().tell(ChatInstance.Stop.STOP);
      room.relay.expectMessage(new ChatInstance.Moves(room.entity.ref()));
    }
  }
}
