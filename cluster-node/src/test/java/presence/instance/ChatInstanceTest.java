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
import java.util.stream.LongStream;
import java.util.stream.Stream;
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

/// What sessions say to an instance: words of themselves, and messages.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class ChatInstanceTest {
  private final TestSystem system;
  private final Room room;

  ChatInstanceTest(TestSystem system) {
    this.system = system;
    this.room = new Room(system, LIMITS);
  }

  @AfterEach
  void stop() {
    room.close();
  }

  @Nested
  @DisplayName("a session's word (R4)")
  class AWord {
    @Test
    void isWrittenAndThenAcknowledgedWithAPlaceAtOrAfterItsOwnJoin() {
      room.hears(looks("s1", 1, person("ann")));
      assertThat(room.recorded())
          .isEqualTo(new ChatInstance.Recorded("room", 1, new Position(system.millis(), 1)));
      assertThat(room.entity.events())
          .containsExactly(
              new Flushed(system.millis(), 1, List.of(looks("s1", 1, person("ann"))), List.of()));
    }

    @Test
    void waitsForOthersAndIsWrittenWithThem() {
      room.has(looks("s1", 1, person("ann")));
      room.hears(looks("s2", 1, person("bob")));
      room.hears(looks("s3", 1, person("cat")), sits("s1", 2, person("ann")));
      assertThat(room.recorded().n()).isEqualTo(1);
      room.sessions.expectNoMessage(Duration.ofMillis(50));
      assertThat(room.writes()).isEqualTo(2);
      room.entity.passes(Duration.ofMillis(50));
      assertThat(room.writes()).isEqualTo(3);
      assertThat(room.recorded().at()).isEqualTo(room.position());
      assertThat(room.recorded().at()).isEqualTo(room.position());
      assertThat(room.position().seq()).isEqualTo(3);
    }

    @Test
    void isAcknowledgedAgainWithoutAnEventWhenItIsRepeated() {
      room.has(looks("s1", 5, person("ann")));
      room.hears(looks("s1", 5, person("ann")));
      assertThat(room.recorded()).isEqualTo(new ChatInstance.Recorded("room", 5, room.position()));
      room.hears(leaves("s1", 4));
      assertThat(room.recorded().n()).isEqualTo(4);
      assertThat(room.writes()).isEqualTo(1);
      assertThat(room.roster().has("s1")).isTrue();
    }

    @Test
    void givesWayToANewerOneThatComesWhileItWaits() {
      room.has(sits("s1", 1, person("ann")));
      room.hears(sits("s2", 1, null));
      room.hears(looks("s1", 3, person("ann")), sits("s1", 2, person("ann")));
      room.isQuiet();
      assertThat(room.roster().here()).containsExactly("@ann");
      assertThat(room.roster().stepOf("s1")).isEqualTo(3);
    }

    @Test
    @DisplayName("is not acknowledged when it could not be written (R7)")
    void isNotAcknowledgedWhenItCouldNotBeWritten() {
      room.has(sits("s1", 1, person("ann")));
      room.isFollowed();
      room.entity.tellInVain(room.report(sits("s2", 1, person("bob"))));
      room.sessions.expectNoMessage(Duration.ofMillis(50));
      room.tellsNobody();
      room.hears(sits("s2", 1, person("bob")));
      assertThat(room.recorded().at().seq()).isEqualTo(2);
      assertThat(room.published().changes()).hasSize(1);
    }

    @Test
    void ofManyFillsAFlushThatIsThenToldAtOnce() {
      try (Room small = new Room(system, Words.withFlushSize(3))) {
        small.has(sits("s1", 1, null));
        small.hears(sits("s2", 1, null));
        small.hears(sits("s3", 1, null), sits("s4", 1, null));
        assertThat(small.writes()).isEqualTo(2);
        small.hears(sits("s5", 1, null));
        assertThat(small.writes()).isEqualTo(3);
      }
    }
  }

  @Nested
  class AMessage {
    AMessage() {
      room.has(sits("s1", 1, person("ann")));
    }

    @Test
    void isWrittenToldToEverybodyAndAnsweredToItsAuthor() {
      room.isFollowed();
      room.hears(says("s1", "ann", "hello", "m1"));
      ChatInstance.Spoken spoken = room.spoken();
      assertThat(spoken.repeated()).isFalse();
      assertThat(spoken.message().seq()).isEqualTo(2);
      assertThat(spoken.message().clientMessageId()).isEqualTo("m1");
      assertThat(room.published().changes())
          .containsExactly(new Change.Message("s1", spoken.message()));
    }

    @Test
    @DisplayName("repeated, echoes the first and publishes nothing (R6)")
    void repeatedEchoesTheFirstAndPublishesNothing() {
      room.isFollowed();
      room.hears(says("s1", "ann", "hello", "m1"));
      ChatInstance.Spoken first = room.spoken();
      room.published();
      room.hears(says("s1", "ann", "another text", "m1"));
      assertThat(room.spoken()).isEqualTo(new ChatInstance.Spoken(first.message(), true));
      room.tellsNobody();
      assertThat(room.writes()).isEqualTo(2);
    }

    @Test
    @DisplayName("repeated after the instance started again, is the same (case 22)")
    void isStillKnownAfterARestart() {
      room.hears(says("s1", "ann", "hello", "m1"));
      ChatInstance.Spoken first = room.spoken();
      room.entity.restart();
      room.hears(says("s1", "ann", "hello", "m1"));
      assertThat(room.spoken()).isEqualTo(new ChatInstance.Spoken(first.message(), true));
      assertThat(room.writes()).isEqualTo(2);
    }

    @Test
    void repeatedWithinOneFlushIsTheFirst() {
      room.hears(sits("s2", 1, null));
      room.hears(says("s1", "ann", "first", "m1"));
      room.hears(says("s1", "ann", "second", "m1"));
      room.isQuiet();
      assertThat(room.spoken().message().text()).isEqualTo("first");
    }

    @Test
    void ofTheSameIdInTwoSessionsAreTwo() {
      room.has(sits("s2", 1, person("ann")));
      room.hears(says("s1", "ann", "hello", "m1"));
      room.isQuiet();
      room.hears(says("s2", "ann", "hello", "m1"));
      assertThat(room.spoken().message().seq()).isEqualTo(3);
      assertThat(room.spoken().message().seq()).isEqualTo(4);
    }

    @Test
    void ofWhoeverJoinsInTheSameFlushIsTold() {
      room.hears(sits("s3", 1, null));
      room.hears(sits("s2", 1, person("bob")));
      room.hears(says("s2", "bob", "hello", "m1"));
      room.isQuiet();
      assertThat(room.spoken().message().seq()).isEqualTo(4);
    }

    @Test
    void ofAStrangerIsRefused() {
      room.hears(says("s2", "bob", "hello", "m1"));
      room.authors.expectMessage(new ChatInstance.NotJoined("room", "m1"));
    }

    @Test
    void ofWhoeverJustLeftIsRefused() {
      room.hears(sits("s3", 1, null));
      room.hears(leaves("s1", 2));
      room.hears(says("s1", "ann", "hello", "m1"));
      room.authors.expectMessage(new ChatInstance.NotJoined("room", "m1"));
    }
  }

  @Nested
  class WithAsManyAnonymousSessionsAsAllowed {
    private final Room crowded = new Room(system, Words.withAnonymous(1));

    WithAsManyAnonymousSessionsAsAllowed() {
      crowded.has(sits("s1", 1, null));
    }

    @AfterEach
    void stop() {
      crowded.close();
    }

    @Test
    void anotherOneIsRefusedAndAPersonIsNot() {
      crowded.hears(sits("s2", 1, null));
      crowded.sessions.expectMessage(new ChatInstance.Full("room", 1));
      crowded.has(sits("s3", 1, person("ann")));
      assertThat(crowded.roster().counts().anonymous()).isEqualTo(1);
    }

    @Test
    void whoProvesThemselvesMakesRoomForAnother() {
      crowded.has(sits("s1", 2, person("ann")));
      crowded.hears(sits("s2", 1, null));
      assertThat(crowded.recorded().n()).isEqualTo(1);
    }
  }

  @Nested
  @DisplayName("at capacity (case 13)")
  class AtCapacity {
    private final Room full = new Room(system, Words.withCapacity(2));

    AtCapacity() {
      full.has(sits("s1", 1, person("ann")), sits("s2", 1, person("bob")));
    }

    @AfterEach
    void stop() {
      full.close();
    }

    @Test
    void aStrangerIsRefused() {
      full.hears(sits("s3", 1, person("cat")));
      full.sessions.expectMessage(new ChatInstance.Full("room", 1));
      assertThat(full.roster().counts().sessions()).isEqualTo(2);
    }

    @Test
    @DisplayName("who has a seat is never refused (invariant 9)")
    void whoHasASeatIsNeverRefused() {
      full.hears(looks("s1", 2, person("ann")));
      assertThat(full.recorded().n()).isEqualTo(2);
    }

    @Test
    void aSeatIsFreeOnceItsHolderLeft() {
      full.has(leaves("s1", 2));
      full.hears(sits("s3", 1, person("cat")));
      assertThat(full.recorded().n()).isEqualTo(1);
    }

    @Test
    void theLastSeatIsGivenOnce() {
      full.has(leaves("s1", 2));
      full.has(looks("s2", 2, person("bob")));
      full.hears(sits("s2", 3, person("bob")));
      full.recorded();
      full.hears(sits("s3", 1, null), sits("s4", 1, null));
      full.sessions.expectMessage(new ChatInstance.Full("room", 1));
      full.isQuiet();
      assertThat(full.roster().has("s3")).isTrue();
      assertThat(full.roster().has("s4")).isFalse();
    }

    @Test
    @DisplayName("who was refused may have heard it already, and takes it back")
    void aRefusalStandsWhenItsWordIsRepeatedAndASeatIsFree() {
      full.hears(sits("s3", 1, person("cat")));
      full.sessions.expectMessage(new ChatInstance.Full("room", 1));
      full.has(leaves("s1", 2));
      full.hears(sits("s3", 1, person("cat")));
      full.sessions.expectMessage(new ChatInstance.Full("room", 1));
      full.has(leaves("s3", 2));
      full.hears(sits("s3", 3, person("cat")));
      assertThat(full.recorded().n()).isEqualTo(3);
    }

    @Test
    void whoWasRefusedAndTookItBackIsRefusedAgain() {
      full.hears(looks("s1", 2, person("ann")));
      full.recorded();
      full.hears(sits("s3", 1, null));
      full.sessions.expectMessage(new ChatInstance.Full("room", 1));
      full.hears(leaves("s3", 2), sits("s3", 3, null));
      full.sessions.expectMessage(new ChatInstance.Full("room", 3));
    }

    @Test
    void aThousandReplacementsChangeNothing() {
      for (long first = 2; first <= 2_000; first += 10) {
        long end = first + 10;
        full.hears(
            LongStream.iterate(first, n -> n < end, n -> n + 2)
                .boxed()
                .flatMap(n ->
                    Stream.of(
                        looks("s2", n, person("bob")),
                        leaves("s1", n),
                        sits("s1", n + 1, person("ann")),
                        sits("s2", n + 1, person("bob"))))
                .toArray(Seat[]::new));
        full.entity.passes(Duration.ofMillis(500));
      }
      full.isQuiet();
      assertThat(full.roster().counts()).isEqualTo(new Counts(2, 0, 2, 0));
      full.hears(sits("s3", 1, null));
      full.sessions.fishForMessage(
          Duration.ofSeconds(3), Words.until(new ChatInstance.Full("room", 1)));
    }
  }
}
