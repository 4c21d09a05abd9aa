package presence.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.testkit.Entity;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;

@ExtendWith(TestSystemExtension.class)
@Timeout(30)
class RegisterTest {
  private final TestSystem system;
  private final TestProbe<Register.Entered> person;
  private final TestProbe<Register.Page> operator;
  private final Entity<Register.Command, RegisterEvent, RegisterState> register;

  RegisterTest(TestSystem system) {
    this.system = system;
    person = system.probe();
    operator = system.probe();
    register =
        new Entity<>(system, "register", id -> Register.create(id, system, Duration.ofHours(1)));
  }

  @AfterEach
  void stop() {
    register.close();
  }

  private Sanctions bannedFor(long n, Duration time) {
    long now = system.millis();
    return new Sanctions(n, new Sentence(now + time.toMillis(), "spam", now), Map.of());
  }

  private void enters(String who, Sanctions sanctions) {
    register.tell(new Register.Enter(who, sanctions, person.getRef()));
    person.expectMessage(new Register.Entered(who, sanctions.n()));
  }

  private Register.Page page(String after, int limit) {
    register.tell(new Register.Read(after, limit, operator.getRef()));
    return operator.receiveMessage();
  }

  private List<String> listed() {
    return page("", 10).lines().stream().map(Register.Line::person).toList();
  }

  @Test
  void listsInOrderAndInPages() {
    for (String each : List.of("@cid", "@ann", "@bob")) {
      enters(each, bannedFor(1, Duration.ofMinutes(1)));
    }
    assertThat(listed()).containsExactly("@ann", "@bob", "@cid");
    Register.Page first = page("", 2);
    assertThat(first.lines()).hasSize(2);
    assertThat(first.more()).isTrue();
    Register.Page second = page("@bob", 2);
    assertThat(second.lines()).extracting(Register.Line::person).containsExactly("@cid");
    assertThat(second.more()).isFalse();
  }

  @Test
  void listsNobodyForWhomEverythingIsOver() {
    enters("@ann", bannedFor(1, Duration.ofMinutes(1)));
    enters("@bob", bannedFor(1, Duration.ofMinutes(3)));
    enters("@cid", bannedFor(1, Duration.ofMinutes(3)));
    enters("@cid", new Sanctions(2, null, Map.of()));
    register.passes(Duration.ofMinutes(2));
    assertThat(listed()).containsExactly("@bob");
  }

  @Test
  @DisplayName("an older word that comes late, or one that is repeated, changes nothing (R4)")
  void takesNoWordBackForAnOlderOne() {
    enters("@ann", new Sanctions(3, null, Map.of()));
    enters("@ann", bannedFor(2, Duration.ofMinutes(1)));
    enters("@ann", new Sanctions(3, null, Map.of()));
    assertThat(register.events()).hasSize(1);
    assertThat(listed()).isEmpty();
  }

  @Test
  void forgetsInTheEndWhatIsOver() {
    enters("@ann", bannedFor(1, Duration.ofMinutes(1)));
    register.passes(Duration.ofMinutes(62));
    enters("@bob", bannedFor(1, Duration.ofMinutes(1)));
    assertThat(register.state().persons()).containsOnlyKeys("@bob");
  }

  @Test
  void isTheSameAfterARestart() {
    enters("@ann", bannedFor(1, Duration.ofMinutes(1)));
    register.restart();
    assertThat(listed()).containsExactly("@ann");
    assertThat(register.state().snapshot().state()).isEqualTo(register.state());
  }
}
