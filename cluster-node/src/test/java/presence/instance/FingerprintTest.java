package presence.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.instance.Fingerprint.Sets;
import presence.protocol.Counts;
import presence.protocol.Member;

class FingerprintTest {
  private static final Member ANN = new Member("@ann", "@ann", "Ann");
  private static final Member BOB = new Member("@bob", "@bob", null);

  private static Sets sets(Set<String> here, Member... online) {
    Map<String, Member> members = new LinkedHashMap<>();
    for (Member each : online) {
      members.put(each.id(), each);
    }
    return new Sets(members, here);
  }

  @Test
  void theOrderDoesNotMatter() {
    assertThat(Fingerprint.of(sets(Set.of("@ann"), ANN, BOB)))
        .isEqualTo(Fingerprint.of(sets(Set.of("@ann"), BOB, ANN)));
  }

  @Test
  void everythingThatIsShownMatters() {
    Counts counts = new Counts(2, 1, 4, 1);
    Fingerprint whole = Fingerprint.of(sets(Set.of("@ann"), ANN, BOB));
    assertThat(
            List.of(
                whole,
                Fingerprint.EMPTY,
                Fingerprint.of(sets(Set.of(), ANN, BOB)),
                Fingerprint.of(sets(Set.of("@bob"), ANN, BOB)),
                Fingerprint.of(sets(Set.of("@ann"), ANN)),
                Fingerprint.of(sets(Set.of("@ann"), new Member("@ann", "@ann", "Anne"), BOB)),
                Fingerprint.of(sets(Set.of("@ann"), new Member("@ann", null, "Ann"), BOB)),
                Fingerprint.of(sets(Set.of("@ann"), new Member("@ann", "@ann", null), BOB))))
        .doesNotHaveDuplicates();
    assertThat(whole.with(counts)).isNotEqualTo(whole.with(new Counts(2, 1, 5, 1)));
    assertThat(whole.with(counts)).isNotEqualTo(whole.with(new Counts(2, 1, 4, 2)));
  }

  @Test
  void isTheSameOnEveryNodeAndInEveryVersion() {
    assertThat(Fingerprint.of(sets(Set.of("@ann"), ANN, BOB)).with(new Counts(2, 1, 4, 1)))
        .isEqualTo(2013348922450148392L);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void stepByStepItIsThatOfTheWhole(long seed) {
    Random random = new Random(seed);
    Sets now = sets(Set.of());
    Fingerprint print = Fingerprint.EMPTY;
    for (int step = 0; step < 500; step++) {
      Sets next = after(now, random);
      Set<String> persons = new HashSet<>(now.online().keySet());
      persons.addAll(next.online().keySet());
      List<String> shuffled = new ArrayList<>(persons);
      Collections.shuffle(shuffled, random);
      print = print.moved(new HashSet<>(shuffled), now, next);
      now = next;
      assertThat(print).as("step %d of seed %d", step, seed).isEqualTo(Fingerprint.of(now));
    }
  }

  /// Somebody comes, goes, looks, looks away, or is called otherwise.
  private static Sets after(Sets sets, Random random) {
    Map<String, Member> online = new HashMap<>(sets.online());
    Set<String> here = new HashSet<>(sets.here());
    String id = "@p" + random.nextInt(20);
    switch (random.nextInt(4)) {
      case 0 -> {
        online.remove(id);
        here.remove(id);
      }
      case 1 -> here.remove(id);
      case 2 -> online.put(id, new Member(id, id, "name " + random.nextInt(3)));
      default -> {
        online.putIfAbsent(id, new Member(id, null, null));
        here.add(id);
      }
    }
    return new Sets(online, here);
  }
}
