package presence.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.instance.Words.leaves;
import static presence.instance.Words.looks;
import static presence.instance.Words.named;
import static presence.instance.Words.person;
import static presence.instance.Words.sits;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.protocol.Counts;
import presence.protocol.Member;

class RosterTest {
  private Roster roster = Roster.EMPTY;

  private void hears(Seat... words) {
    for (Seat word : words) {
      roster = roster.seat(word, 1_000);
    }
  }

  @Nested
  class OnePerson {
    @Test
    @DisplayName("three tabs are one person and three sessions (case 24)")
    void isOnlineOnceHoweverManySessions() {
      hears(
          sits("s1", 1, person("ann")), sits("s2", 1, person("ann")), sits("s3", 1, person("ann")));
      assertThat(roster.online()).containsOnlyKeys("@ann");
      assertThat(roster.counts()).isEqualTo(new Counts(1, 0, 3, 0));
    }

    @Test
    @DisplayName("the last session's end is the person's (case 24)")
    void leavesWithTheLastSession() {
      hears(sits("s1", 1, person("ann")), sits("s2", 1, person("ann")), leaves("s1", 2));
      assertThat(roster.online()).containsOnlyKeys("@ann");
      hears(leaves("s2", 2));
      assertThat(roster.isEmpty()).isTrue();
      assertThat(roster.counts()).isEqualTo(Counts.NONE);
    }

    @Test
    @DisplayName("two tabs, one visible there: here (case 26)")
    void isHereWhileOneSessionLooks() {
      hears(looks("s1", 1, person("ann")), looks("s2", 1, person("ann")));
      hears(sits("s1", 2, person("ann")));
      assertThat(roster.here()).containsExactly("@ann");
      hears(sits("s2", 2, person("ann")));
      assertThat(roster.here()).isEmpty();
    }

    @Test
    void underTwoNamesIsNotRenamedBackAndForth() {
      hears(sits("s1", 1, named("ann", "Ann")), sits("s2", 1, named("ann", "Annie")));
      assertThat(roster.online()).containsValue(named("ann", "Annie"));
      hears(looks("s1", 2, named("ann", "Ann")), sits("s1", 3, named("ann", "Ann")));
      assertThat(roster.online()).containsValue(named("ann", "Annie"));
      hears(sits("s1", 4, named("ann", "Anna")));
      assertThat(roster.online()).containsValue(named("ann", "Anna"));
    }
  }

  @Nested
  class AnonymousSessions {
    @Test
    @DisplayName("are counted, never listed (case 23)")
    void areCountedAndNeverListed() {
      hears(looks("s1", 1, null), sits("s2", 1, null));
      assertThat(roster.online()).isEmpty();
      assertThat(roster.here()).isEmpty();
      assertThat(roster.counts()).isEqualTo(new Counts(0, 0, 2, 2));
    }

    @Test
    void becomeAPersonsInPlace() {
      hears(looks("s1", 1, null), looks("s1", 2, person("ann")));
      assertThat(roster.counts()).isEqualTo(new Counts(1, 1, 1, 0));
    }
  }

  @Nested
  @DisplayName("a word not newer than the last (R4)")
  class AnOldWord {
    @Test
    void changesNothing() {
      hears(looks("s1", 5, person("ann")));
      Roster before = roster;
      hears(sits("s1", 5, person("ann")), leaves("s1", 4), sits("s1", 1, null));
      assertThat(roster).isSameAs(before);
    }

    @Test
    void doesNotBringBackWhoLeft() {
      hears(looks("s1", 5, person("ann")), leaves("s1", 6));
      hears(looks("s1", 5, person("ann")));
      assertThat(roster.isEmpty()).isTrue();
      assertThat(roster.stepOf("s1")).isEqualTo(6);
    }

    @Test
    void isUnknownAsSuchOnceTheMemoryIsOver() {
      roster = roster.seat(leaves("s1", 6), 1_000).seat(leaves("s2", 6), 2_000);
      roster = roster.forgetDeparted(1_001);
      assertThat(roster.stepOf("s1")).isZero();
      assertThat(roster.stepOf("s2")).isEqualTo(6);
      assertThat(roster.forgetDeparted(1_500)).isSameAs(roster);
    }
  }

  /// The roster said the long way: everything is worked out from the last words.
  private static final class Model {
    private final Map<String, Seat> last = new HashMap<>();
    private final Map<String, Member> shown = new HashMap<>();

    void hears(Seat word) {
      Seat before = last.get(word.session());
      if (before != null && before.n() >= word.n()) {
        return;
      }
      last.put(word.session(), word);
      Member said = personOf(word);
      if (said != null && !said.equals(before == null ? null : personOf(before))) {
        shown.put(said.id(), said);
      }
      shown.keySet().retainAll(online());
    }

    private static @Nullable Member personOf(Seat seat) {
      return seat.standing() == null ? null : seat.standing().person();
    }

    private Set<Seat> seats() {
      return last.values().stream()
          .filter(each -> each.standing() != null)
          .collect(Collectors.toSet());
    }

    private Set<String> online() {
      return ids(seats().stream());
    }

    private Set<String> here() {
      return ids(
          seats().stream().filter(each -> each.standing() != null && each.standing().viewing()));
    }

    private static Set<String> ids(Stream<Seat> seats) {
      return seats
          .map(Model::personOf)
          .filter(Objects::nonNull)
          .map(Member::id)
          .collect(Collectors.toSet());
    }

    private Counts counts() {
      int anonymous = (int) seats().stream().filter(each -> personOf(each) == null).count();
      return new Counts(online().size(), here().size(), seats().size(), anonymous);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  @DisplayName("whatever comes: here ⊆ online, counts are the sets' sizes (invariant 4)")
  void itIsWhatTheLastWordsSay(long seed) {
    Random random = new Random(seed);
    Model model = new Model();
    for (int step = 0; step < 1_000; step++) {
      Seat word = anyWord(random);
      roster = roster.seat(word, step);
      model.hears(word);
      assertThat(roster.online()).as("step %s of seed %s", step, seed).isEqualTo(model.shown);
      assertThat(Set.copyOf(roster.here())).isEqualTo(model.here());
      assertThat(roster.counts()).isEqualTo(model.counts());
      assertThat(roster.online().keySet()).containsAll(roster.here());
      assertThat(new HashSet<>(roster.seats())).isEqualTo(model.seats());
    }
  }

  static Seat anyWord(Random random) {
    String session = "s" + random.nextInt(9);
    long n = random.nextInt(400);
    String who = "p" + random.nextInt(4);
    return switch (random.nextInt(5)) {
      case 0, 1 -> leaves(session, n);
      case 2 -> new Seat(session, n, new Standing(null, random.nextBoolean()));
      default ->
          new Seat(
              session, n, new Standing(named(who, "n" + random.nextInt(3)), random.nextBoolean()));
    };
  }
}
