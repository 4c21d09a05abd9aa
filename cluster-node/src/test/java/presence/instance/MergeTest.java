package presence.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static presence.instance.Words.LIMITS;
import static presence.instance.Words.leaves;
import static presence.instance.Words.looks;
import static presence.instance.Words.named;
import static presence.instance.Words.person;
import static presence.instance.Words.sits;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.protocol.Member;
import presence.protocol.ServerMessage.Delta;
import presence.protocol.View;

@DisplayName("deltas as one: the net effect between from and seq")
class MergeTest {
  private static final long NOW = 1_000_000;

  private InstanceState state = InstanceState.empty("room");
  private final List<Delta> deltas = new ArrayList<>();

  private void hears(Seat... words) {
    Flushed event = state.flush(List.of(words), List.of(), NOW);
    long before = state.at().seq();
    state = state.apply(event, LIMITS);
    for (Change change : state.changes().since(before, state.at().seq()).orElseThrow()) {
      deltas.add(((Change.People) change).delta());
    }
  }

  @Nested
  class Somebody {
    @Test
    void whoCameAndWentIsNotNamed() {
      hears(looks("s1", 1, person("ann")));
      hears(leaves("s1", 2));
      Delta merged = Merge.of(deltas);
      assertThat(merged.joined()).isEmpty();
      assertThat(merged.left()).isEmpty();
      assertThat(merged.here()).isEmpty();
      assertThat(merged.away()).isEmpty();
    }

    @Test
    void whoCameLookedAndLookedAwayOnlyJoined() {
      hears(looks("s1", 1, named("ann", "Ann")));
      hears(sits("s1", 2, named("ann", "Anna")));
      Delta merged = Merge.of(deltas);
      assertThat(merged.joined()).containsExactly(named("ann", "Anna"));
      assertThat(merged.renamed()).isEmpty();
      assertThat(merged.here()).isEmpty();
      assertThat(merged.away()).isEmpty();
    }

    @Test
    void whoWentAndCameBackDidNotLeave() {
      hears(looks("s1", 1, person("ann")));
      deltas.clear();
      hears(leaves("s1", 2));
      hears(sits("s1", 3, person("ann")));
      Delta merged = Merge.of(deltas);
      assertThat(merged.left()).isEmpty();
      assertThat(merged.joined()).isEmpty();
      assertThat(merged.away()).containsExactly("@ann");
    }

    @Test
    void whoWentCameBackAndWentLeft() {
      hears(looks("s1", 1, person("ann")));
      deltas.clear();
      hears(leaves("s1", 2));
      hears(looks("s1", 3, person("ann")));
      hears(leaves("s1", 4));
      Delta merged = Merge.of(deltas);
      assertThat(merged.left()).containsExactly("@ann");
      assertThat(merged.renamed()).isEmpty();
      assertThat(merged.here()).isEmpty();
      assertThat(merged.away()).isEmpty();
    }
  }

  @Test
  void oneDeltaIsItself() {
    hears(looks("s1", 1, person("ann")));
    assertThat(Merge.of(deltas)).isSameAs(deltas.getFirst());
  }

  @Test
  void nothingCannotBeMerged() {
    assertThatThrownBy(() -> Merge.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void itLeadsToTheSameViewFromAnyStart(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < 120; step++) {
      hears(
          Stream.generate(() -> RosterTest.anyWord(random))
              .limit(1 + random.nextInt(3))
              .toArray(Seat[]::new));
    }
    List<View> views = views();
    for (int first = 0; first < deltas.size(); first++) {
      for (int end = first + 1; end <= Math.min(first + 12, deltas.size()); end++) {
        Delta merged = Merge.of(deltas.subList(first, end));
        assertThat(views.get(first).apply(merged))
            .as("deltas %s to %s of seed %s", first, end, seed)
            .isEqualTo(views.get(end));
        assertNamesNobodyTwice(merged);
      }
    }
  }

  /// The view before each delta, and the last one after all.
  private List<View> views() {
    List<View> views = new ArrayList<>();
    views.add(View.of(Streams.emptyPresence(state.at().epoch())));
    deltas.forEach(each -> views.add(views.getLast().apply(each)));
    return views;
  }

  private static void assertNamesNobodyTwice(Delta delta) {
    List<String> comings = new ArrayList<>(delta.left());
    delta.joined().stream().map(Member::id).forEach(comings::add);
    assertThat(comings).doesNotHaveDuplicates();
    List<String> looks = new ArrayList<>(delta.here());
    looks.addAll(delta.away());
    assertThat(looks).doesNotHaveDuplicates();
    assertThat(delta.left()).doesNotContainAnyElementsOf(looks.isEmpty() ? List.of("") : looks);
  }
}
