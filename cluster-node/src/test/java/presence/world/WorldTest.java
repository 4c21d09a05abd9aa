package presence.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.cluster.Formation;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage.Parting;
import presence.protocol.Spot;
import presence.testkit.Entity;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;

/// What a world does with what sessions and relays tell it.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class WorldTest {
  private static final Duration GHOST = Duration.ofSeconds(5);
  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration REMIND = Duration.ofSeconds(5);
  private static final WorldLimits LIMITS =
      new WorldLimits(
          3,
          GHOST,
          TICK,
          Duration.ofHours(1),
          REMIND,
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          2,
          new AvatarIds(true, Set.of()));
  private static final Spot HERE = new Spot(1, 2, null);

  private record Dismissed(String session, long n, String id, Parting why) {}

  private final TestSystem system;
  private final TestProbe<World.Receipt> sessions;
  private final TestProbe<World.Feed> relay;
  private final TestProbe<ClusterSharding.ShardCommand> shard;
  private final ConcurrentLinkedQueue<Dismissed> dismissed = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> called = new ConcurrentLinkedQueue<>();
  private final Entity<World.Command, Flushed, WorldState> world;

  WorldTest(TestSystem system) {
    this.system = system;
    sessions = system.probe();
    relay = system.probe();
    shard = system.probe();
    World.Ties ties =
        new World.Ties() {
          @Override
          public void call(String session, String piece, long n) {
            called.add(session);
          }

          @Override
          public void dismiss(String session, String piece, long n, String id, Parting why) {
            dismissed.add(new Dismissed(session, n, id, why));
          }
        };
    world =
        new Entity<>(
            system,
            "world",
            id ->
                World.create(
                    "garden",
                    id,
                    new World.Surroundings(
                        LIMITS,
                        system,
                        new Formation(Instant.EPOCH),
                        ties,
                        WorldMeter.NONE,
                        shard.getRef())));
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private static Stay stay(String handle, long entered, boolean ghost) {
    return new Stay(entered, new Member(handle, handle, null), "{}", HERE, ghost);
  }

  private World.Report word(String session, long n, @Nullable Stay stay) {
    return new World.Report(new Visit(session, n, stay), sessions.getRef());
  }

  private void enters(String session, String handle) {
    world.tell(word(session, 1, stay(handle, 1, false)));
    recorded();
  }

  private World.Recorded recorded() {
    return sessions.expectMessageClass(World.Recorded.class);
  }

  private void isFollowed() {
    follows(Position.NOWHERE);
    assertThat(relay.receiveMessage()).isInstanceOfAny(World.Cut.class, World.UpToDate.class);
  }

  private void follows(Position at, Stride... places) {
    world.tell(new World.Subscribe(relay.getRef(), at, List.of(places)));
  }

  private World.Published published() {
    return relay.expectMessageClass(World.Published.class);
  }

  private void walks(Stride... strides) {
    world.tell(new World.Walk(relay.getRef(), List.of(strides)));
  }

  private static Stride stride(String session, double x, long seq) {
    return new Stride(session, 1, new Place(new Spot(x, 0, null), 1, seq));
  }

  private List<Dismissed> dismissed() {
    List<Dismissed> all = new ArrayList<>(dismissed);
    dismissed.clear();
    return all;
  }

  private Avatars avatars() {
    return world.state().avatars();
  }

  @Nested
  @DisplayName("a session's word (R4)")
  class AWord {
    @Test
    void isWrittenAndThenToldAndAcknowledged() {
      isFollowed();
      world.tell(word("s1", 1, stay("@ann", 1, false)));
      assertThat(recorded()).isEqualTo(new World.Recorded("garden", 1, world.state().at()));
      World.Published news = published();
      assertThat(news.figures()).extracting(Figure::id).containsExactly("@ann");
      assertThat(news.from()).isZero();
      assertThat(news.at()).isEqualTo(new Position(system.millis(), 1));
    }

    @Test
    void isAcknowledgedAgainWithoutAnEventWhenItIsRepeated() {
      enters("s1", "@ann");
      world.tell(word("s1", 1, stay("@ann", 1, false)));
      assertThat(recorded().n()).isEqualTo(1);
      assertThat(world.events()).hasSize(1);
    }

    @Test
    @DisplayName(
        "is not acknowledged when it could not be written, and taken when it is repeated (R7)")
    void isNotAcknowledgedWhenItCouldNotBeWritten() {
      isFollowed();
      world.tellInVain(word("s1", 1, stay("@ann", 1, false)));
      sessions.expectNoMessage(Duration.ofMillis(50));
      relay.expectNoMessage(Duration.ofMillis(50));
      world.tell(word("s1", 1, stay("@ann", 1, false)));
      assertThat(recorded().n()).isEqualTo(1);
      assertThat(published().figures()).hasSize(1);
    }

    @Test
    @DisplayName("that was written although nobody knew is told after the restart (R7)")
    void thatWasWrittenUnknowinglyIsTold() {
      isFollowed();
      World.Report ann = word("s1", 1, stay("@ann", 1, false));
      world.tellUnknowing(
          ann,
          new Flushed(
              system.millis(),
              1,
              List.of(new Flushed.Word(ann.visit(), "@ann", null)),
              List.of(),
              List.of()));
      assertThat(published().figures()).extracting(Figure::id).containsExactly("@ann");
    }

    @Test
    void ofOneTooManyIsRefused() {
      enters("s1", "@ann");
      enters("s2", "@bob");
      enters("s3", "@cid");
      world.tell(word("s4", 1, stay("@dan", 1, false)));
      assertThat(sessions.receiveMessage()).isEqualTo(new World.Full("garden", 1));
      world.tell(word("s1", 2, stay("@ann", 1, true)));
      assertThat(recorded().n()).isEqualTo(2);
    }

    @Test
    @DisplayName("who was refused may have heard it already, and takes it back")
    void aRefusalStandsWhenItsWordIsRepeatedAndThereIsRoom() {
      enters("s1", "@ann");
      enters("s2", "@bob");
      enters("s3", "@cid");
      World.Report dan = word("s4", 1, stay("@dan", 1, false));
      world.tell(dan);
      assertThat(sessions.receiveMessage()).isEqualTo(new World.Full("garden", 1));
      world.tell(word("s1", 2, null));
      recorded();
      world.tell(dan);
      assertThat(sessions.receiveMessage()).isEqualTo(new World.Full("garden", 1));
      world.tell(word("s4", 2, null));
      world.tell(word("s4", 3, stay("@dan", 3, false)));
      assertThat(recorded().n()).isEqualTo(2);
      assertThat(recorded().n()).isEqualTo(3);
    }
  }

  @Nested
  class AGhost {
    AGhost() {
      enters("s1", "@ann");
      isFollowed();
      world.tell(word("s1", 2, stay("@ann", 1, true)));
      recorded();
      assertThat(published().figures()).singleElement().matches(Figure::isGhost);
    }

    @Test
    @DisplayName("58: is gone when its window is over, and its session is told until it says so")
    void isGoneWhenItsTimeIsOver() {
      world.passes(GHOST.minusMillis(1));
      relay.expectNoMessage(Duration.ofMillis(50));
      world.passes(Duration.ofMillis(1));
      assertThat(published().left()).containsExactly(new Departure("@ann", Parting.GONE));
      Dismissed gone = new Dismissed("s1", 2, "@ann", Parting.GONE);
      assertThat(dismissed()).containsExactly(gone);
      world.passes(REMIND);
      assertThat(dismissed()).containsExactly(gone);
      world.tell(word("s1", 3, null));
      recorded();
      world.passes(REMIND.multipliedBy(2));
      assertThat(dismissed()).isEmpty();
    }

    @Test
    @DisplayName("58: returns")
    void returns() {
      world.passes(GHOST.minusMillis(1));
      world.tell(word("s1", 3, stay("@ann", 1, false)));
      recorded();
      assertThat(published().figures()).singleElement().matches(each -> !each.isGhost());
      world.passes(GHOST);
      relay.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void isGoneAtItsTimeAlsoWhenTheWorldLivesElsewhereByThen() {
      world.kill();
      system.passes(GHOST);
      world.start();
      world.passes(Duration.ofMillis(1));
      assertThat(avatars().isEmpty()).isTrue();
      assertThat(dismissed()).contains(new Dismissed("s1", 2, "@ann", Parting.GONE));
    }

    @Test
    void thatReturnsTooLateIsToldAgainThatItIsGone() {
      world.passes(GHOST);
      dismissed();
      world.tell(word("s1", 3, stay("@ann", 1, false)));
      assertThat(dismissed()).containsExactly(new Dismissed("s1", 2, "@ann", Parting.GONE));
      assertThat(avatars().isEmpty()).isTrue();
    }
  }

  @Test
  @DisplayName("59: the session that comes last has the avatar")
  void anotherSessionTakesTheAvatarOver() {
    enters("s1", "@ann");
    isFollowed();
    world.tell(word("s2", 1, stay("@ann", 1, false)));
    recorded();
    assertThat(published().figures()).extracting(Figure::session).containsExactly("s2");
    assertThat(dismissed()).containsExactly(new Dismissed("s1", 1, "@ann", Parting.TAKEN_OVER));
  }

  @Test
  void aRestartAloneShowsNothing() {
    enters("s1", "@ann");
    Avatars before = avatars();
    world.restart();
    assertThat(avatars().figures()).containsExactlyElementsOf(before.figures());
    follows(world.state().at());
    relay.expectMessageClass(World.UpToDate.class);
    relay.expectNoMessage(Duration.ofMillis(50));
  }

  @Nested
  class Moves {
    Moves() {
      enters("s1", "@ann");
      enters("s2", "@bob");
      isFollowed();
    }

    private List<Movement> moved() {
      return relay.expectMessageClass(World.Moved.class).movements();
    }

    @Test
    void afterAPauseAreToldAtOnceAndThenOnceATick() {
      for (int seq = 1; seq < 6; seq += 2) {
        walks(stride("s1", 1, seq));
        if (seq > 1) {
          world.passes(TICK.dividedBy(2));
          relay.expectNoMessage(Duration.ofMillis(50));
          walks(stride("s2", 1, seq));
          world.passes(TICK.dividedBy(2));
        }
        assertThat(moved()).hasSize(seq > 1 ? 2 : 1);
      }
      world.passes(TICK);
      walks(stride("s1", 1, 6));
      assertThat(moved()).hasSize(1);
    }

    @Test
    @DisplayName("57: of one tick are told together, the newest of each, never an older one")
    void areToldTogether() {
      walks(stride("s1", 0, 1));
      moved();
      walks(stride("s1", 1, 1), stride("s1", 3, 3), stride("s1", 2, 2), stride("s2", 9, 1));
      relay.expectNoMessage(Duration.ofMillis(50));
      world.passes(TICK);
      assertThat(moved())
          .containsExactly(
              new Movement("@ann", stride("s1", 3, 3).place()),
              new Movement("@bob", stride("s2", 9, 1).place()));
      walks(stride("s1", 2, 2));
      world.passes(TICK);
      relay.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void ofWhoIsNotInTheWorldOrOfAnEarlierStayMoveNothing() {
      walks(stride("s9", 1, 1), new Stride("s1", 0, new Place(HERE, 1, 1)));
      world.passes(TICK);
      relay.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void areBroughtAgainByTheRelayWhenTheWorldStartedAnew() {
      walks(stride("s1", 3, 3));
      world.passes(TICK);
      moved();
      world.restart();
      walks(stride("s1", 4, 4));
      relay.expectMessage(new World.Stranger());
      follows(world.state().at(), stride("s1", 4, 4));
      relay.expectMessageClass(World.UpToDate.class);
      world.passes(TICK);
      assertThat(moved()).containsExactly(new Movement("@ann", stride("s1", 4, 4).place()));
    }

    @Test
    @DisplayName("57: are part of the state a late joiner is given")
    void arePartOfTheState() {
      walks(stride("s1", 3, 3));
      TestProbe<World.Feed> late = system.probe();
      world.tell(new World.Subscribe(late.getRef(), Position.NOWHERE, List.of()));
      assertThat(late.expectMessageClass(World.Cut.class).figures())
          .filteredOn(each -> each.id().equals("@ann"))
          .extracting(Figure::place)
          .containsExactly(stride("s1", 3, 3).place());
    }

    @Test
    void areWrittenDownWithTheNextWordOfTheSession() {
      walks(stride("s1", 3, 3));
      world.tell(word("s1", 2, stay("@ann", 1, true)));
      recorded();
      world.restart();
      assertThat(avatars().of("s1").orElseThrow().place()).isEqualTo(stride("s1", 3, 3).place());
    }
  }

  @Test
  void theStateComesInPartsThatFit() {
    enters("s1", "@ann");
    enters("s2", "@bob");
    enters("s3", "@cid");
    follows(Position.NOWHERE);
    World.Cut first = relay.expectMessageClass(World.Cut.class);
    World.Cut second = relay.expectMessageClass(World.Cut.class);
    assertThat(List.of(first.part(), second.part())).containsExactly(0, 1);
    assertThat(first.figures()).hasSize(2);
    assertThat(second.figures()).hasSize(1);
    assertThat(second.parts()).isEqualTo(2);
  }

  @Test
  void whatAMemberTellsIsToldOnceAndNothingOfStrangers() {
    enters("s1", "@ann");
    isFollowed();
    world.tell(new World.Emit("s1", "wave", "[1]"), new World.Emit("s9", "wave", "[2]"));
    relay.expectMessage(new World.Emitted("@ann", "s1", "wave", "[1]"));
    relay.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void aSessionThatIsUnknownLeaves() {
    enters("s1", "@ann");
    isFollowed();
    world.passes(Duration.ofSeconds(10));
    assertThat(called).containsExactly("s1");
    world.tell(new World.Unknown("s1", 1));
    assertThat(published().left()).hasSize(1);
    assertThat(dismissed()).isEmpty();
  }
}
