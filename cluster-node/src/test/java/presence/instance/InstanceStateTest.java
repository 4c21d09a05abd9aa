package presence.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static presence.instance.Words.LIMITS;
import static presence.instance.Words.leaves;
import static presence.instance.Words.looks;
import static presence.instance.Words.named;
import static presence.instance.Words.person;
import static presence.instance.Words.says;
import static presence.instance.Words.sits;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.protocol.Counts;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage.Delta;
import presence.protocol.View;

class InstanceStateTest {
  private static final long NOW = 1_000_000;

  private InstanceState state = InstanceState.empty("room");

  private Flushed flushes(List<Seat> seats, List<Flushed.Speech> speeches, long at) {
    Flushed event = state.flush(seats, speeches, at);
    state = state.apply(event, LIMITS);
    return event;
  }

  private Flushed hears(Seat... seats) {
    return flushes(List.of(seats), List.of(), NOW);
  }

  private Delta lastDelta() {
    assertThat(state.changes().all().getLast()).isInstanceOf(Change.People.class);
    return ((Change.People) state.changes().all().getLast()).delta();
  }

  @Nested
  class TheFirstEvent {
    @Test
    @DisplayName("gives the stream its epoch (R8)")
    void givesTheStreamItsEpoch() {
      assertThat(state.exists()).isFalse();
      hears(looks("s1", 1, person("ann")));
      assertThat(state.at()).isEqualTo(new Position(NOW, 1));
      flushes(List.of(leaves("s1", 2)), List.of(), NOW + 5);
      assertThat(state.at()).isEqualTo(new Position(NOW, 2));
    }

    @Test
    void isOneEvenWhenItShowsNothing() {
      hears(leaves("s1", 3));
      assertThat(state.exists()).isTrue();
      assertThat(state.at()).isEqualTo(new Position(NOW, 0));
      assertThat(state.roster().stepOf("s1")).isEqualTo(3);
    }
  }

  @Nested
  class AFlush {
    @Test
    void isOneChangeHoweverManyWords() {
      hears(looks("s1", 1, person("ann")), sits("s2", 1, person("bob")), sits("s3", 1, null));
      assertThat(state.at().seq()).isEqualTo(1);
      assertThat(lastDelta().joined()).containsExactlyInAnyOrder(person("ann"), person("bob"));
      assertThat(lastDelta().here()).containsExactly("@ann");
      assertThat(lastDelta().counts()).isEqualTo(new Counts(2, 1, 3, 1));
    }

    @Test
    @DisplayName("a flap within it is not told (case 30)")
    void aFlapWithinItIsNotTold() {
      hears(sits("s1", 1, person("ann")));
      hears(leaves("s1", 2), sits("s1", 3, person("ann")));
      hears(looks("s1", 4, person("ann")), sits("s1", 5, person("ann")));
      hears(sits("s2", 1, person("bob")), leaves("s2", 2));
      assertThat(state.at().seq()).isEqualTo(1);
      assertThat(state.roster().stepOf("s2")).isEqualTo(2);
    }

    @Test
    @DisplayName("unchanged set and counts are not told (case 30)")
    void whatChangesNothingIsNotTold() {
      hears(looks("s1", 1, person("ann")));
      hears(looks("s1", 2, person("ann")));
      assertThat(state.at().seq()).isEqualTo(1);
    }

    @Test
    @DisplayName("only counts changed: a delta with empty lists")
    void onlyCountsAreTold() {
      hears(looks("s1", 1, person("ann")));
      hears(sits("s2", 1, person("ann")));
      assertThat(lastDelta())
          .isEqualTo(
              new Delta(
                  "room",
                  NOW,
                  1,
                  2,
                  List.of(),
                  List.of(),
                  List.of(),
                  List.of(),
                  List.of(),
                  new Counts(1, 1, 2, 0),
                  null));
    }

    @Test
    @DisplayName("each message is exactly one seq")
    void eachMessageIsOneChange() {
      Flushed event =
          flushes(
              List.of(sits("s1", 1, person("ann"))),
              List.of(says("s1", "ann", "one", "m1"), says("s1", "ann", "two", "m2")),
              NOW);
      assertThat(event.seq()).isEqualTo(3);
      assertThat(state.changes().all()).extracting(Change::seq).containsExactly(1L, 2L, 3L);
      assertThat(state.talk().said("s1", "m2").orElseThrow().message().text()).isEqualTo("two");
    }

    @Test
    @DisplayName("a rename, not leave and join (case 34)")
    void anotherNameIsARename() {
      hears(looks("s1", 1, named("ann", "Ann")));
      hears(looks("s1", 2, named("ann", "Anna")));
      assertThat(lastDelta().renamed()).containsExactly(named("ann", "Anna"));
      assertThat(lastDelta().joined()).isEmpty();
      assertThat(lastDelta().left()).isEmpty();
    }

    @Test
    void whoLeavesIsNotAlsoSaidToBeAway() {
      hears(looks("s1", 1, person("ann")));
      hears(leaves("s1", 2));
      assertThat(lastDelta().left()).containsExactly("@ann");
      assertThat(lastDelta().away()).isEmpty();
    }

    @Test
    void anAnonymousSessionThatIsIdentifiedJoins() {
      hears(looks("s1", 1, null));
      hears(looks("s1", 2, person("ann")));
      assertThat(lastDelta().joined()).containsExactly(person("ann"));
      assertThat(lastDelta().here()).containsExactly("@ann");
      assertThat(lastDelta().counts()).isEqualTo(new Counts(1, 1, 1, 0));
    }
  }

  @Test
  void anEventThatLeadsToAnotherSeqIsRefused() {
    Flushed wrong = new Flushed(NOW, 2, List.of(looks("s1", 1, person("ann"))), List.of());
    assertThatThrownBy(() -> state.apply(wrong, LIMITS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("leads to seq 1 and says 2");
  }

  @Nested
  class TheRing {
    @Test
    void isBoundedByNumber() {
      for (int n = 1; n <= 2 * LIMITS.ringSize(); n++) {
        hears(n % 2 == 0 ? leaves("s1", n) : sits("s1", n, person("ann")));
      }
      assertThat(state.changes().all()).hasSize(LIMITS.ringSize());
      assertThat(state.at().seq()).isEqualTo(2L * LIMITS.ringSize());
    }

    @Test
    void isBoundedByAge() {
      hears(sits("s1", 1, person("ann")));
      flushes(List.of(leaves("s1", 2)), List.of(), NOW + LIMITS.ringAge().toMillis() + 1);
      assertThat(state.changes().all()).hasSize(1);
    }

    @Test
    @DisplayName("who left is remembered for an hour (R4)")
    void whoLeftIsForgottenInTime() {
      hears(leaves("s1", 2));
      long hour = LIMITS.departedAge().toMillis();
      flushes(List.of(leaves("s2", 2)), List.of(), NOW + hour);
      assertThat(state.roster().stepOf("s1")).isEqualTo(2);
      flushes(List.of(leaves("s3", 2)), List.of(), NOW + hour + 1);
      assertThat(state.roster().stepOf("s1")).isZero();
    }
  }

  @Nested
  class ASnapshot {
    @Test
    void keepsTheNameThatIsShown() {
      hears(sits("s1", 1, named("ann", "Ann")), sits("s2", 1, named("ann", "Annie")));
      hears(sits("s4", 1, named("bob", "Bob")), sits("s3", 1, named("bob", "Bobby")));
      assertThat(state.roster().online())
          .containsValues(named("ann", "Annie"), named("bob", "Bobby"));
      assertSame(state.snapshot().state(), state);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  @DisplayName("set(S) = fold(changes ≤ S), also through snapshots (invariants 3, 4 and 5)")
  void theStreamTellsTheSets(long seed) {
    Random random = new Random(seed);
    View view = View.empty("room");
    InstanceState recovered = state;
    for (int step = 1; step <= 300; step++) {
      Flushed event = flushes(anySeats(random), anySpeeches(random, step), NOW + step);
      if (step == 1) {
        view = View.of(Streams.emptyPresence(NOW + 1));
      }
      for (Change change : since(view.at().seq())) {
        assertAlternates(view, change);
        view = Streams.apply(view, change);
      }
      assertShows(view);
      recovered = recovered.apply(event, LIMITS);
      if (random.nextInt(10) == 0) {
        recovered = recovered.snapshot().state();
      }
      assertSame(recovered, state);
    }
  }

  private List<Change> since(long seq) {
    return state.changes().since(seq, state.at().seq()).orElseThrow();
  }

  private static void assertAlternates(View view, Change change) {
    if (change instanceof Change.People people) {
      assertThat(people.delta().joined())
          .extracting(Member::id)
          .noneMatch(view.online()::containsKey);
      assertThat(view.online().keySet()).containsAll(people.delta().left());
    }
  }

  private void assertShows(View view) {
    assertThat(view.at()).isEqualTo(state.at());
    assertThat(view.online()).isEqualTo(state.roster().online());
    assertThat(view.here()).isEqualTo(state.roster().here());
    assertThat(view.counts()).isEqualTo(state.roster().counts());
    assertThat(view.online().keySet()).containsAll(view.here());
  }

  private static void assertSame(InstanceState actual, InstanceState expected) {
    assertThat(actual.at()).isEqualTo(expected.at());
    assertThat(actual.roster().online()).isEqualTo(expected.roster().online());
    assertThat(actual.roster().here()).isEqualTo(expected.roster().here());
    assertThat(actual.roster().counts()).isEqualTo(expected.roster().counts());
    assertThat(new HashSet<>(actual.roster().seats()))
        .isEqualTo(new HashSet<>(expected.roster().seats()));
    assertThat(actual.roster().departed()).isEqualTo(expected.roster().departed());
    assertThat(actual.changes().all()).isEqualTo(expected.changes().all());
    assertThat(actual.talk().all()).isEqualTo(expected.talk().all());
  }

  private static List<Seat> anySeats(Random random) {
    return Stream.generate(() -> RosterTest.anyWord(random)).limit(random.nextInt(5)).toList();
  }

  private static List<Flushed.Speech> anySpeeches(Random random, int step) {
    return random.nextInt(4) == 0 ? List.of(says("s1", "ann", "hello", "m" + step)) : List.of();
  }
}
