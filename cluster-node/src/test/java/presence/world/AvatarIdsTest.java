package presence.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import presence.protocol.Member;

class AvatarIdsTest {
  private static final Member ANN = new Member("@ann", "@ann", "Ann");

  private final AvatarIds perPerson = new AvatarIds(true, Set.of("arena"));

  @Test
  void ofAPersonIsThePersons() {
    assertThat(perPerson.of("garden", "s1", ANN)).isEqualTo("@ann");
    assertThat(perPerson.of("garden", "s2", ANN)).isEqualTo("@ann");
  }

  @Test
  void ofAnExceptionIsTheSessions() {
    String id = perPerson.of("arena~7", "s1", ANN);
    assertThat(id).isNotEqualTo("@ann").isNotEqualTo(perPerson.of("arena~7", "s2", ANN));
    assertThat(new AvatarIds(false, Set.of("garden")).of("garden", "s1", ANN)).isEqualTo("@ann");
  }

  @Test
  void ofNobodyIsAlwaysTheSameAndTellsNothingOfTheSession() {
    String id = perPerson.of("garden", "s1-secret", null);
    assertThat(id).hasSize(16).doesNotContain("s1").doesNotContain("secret");
    assertThat(perPerson.of("garden", "s1-secret", null)).isEqualTo(id);
    assertThat(perPerson.of("attic", "s1-secret", null)).isNotEqualTo(id);
  }
}
