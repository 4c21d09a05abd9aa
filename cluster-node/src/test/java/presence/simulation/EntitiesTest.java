package presence.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EntitiesTest {

  private final World world = World.open(1);
  private final Entities entities = world.entities();
  private final Host one = world.host("one");
  private final Host client = world.outside("client");
  private final Inbox<Tally.Total> totals = client.inbox("totals");
  private final BiConsumer<String, Tally.Command> door = client.door(Tally.TYPE);

  @AfterEach
  void close() {
    world.close();
  }

  private void add(int n, int amount) {
    door.accept("a", new Tally.Add(n, amount, totals.ref()));
  }

  private List<Integer> totals() {
    return totals.take().stream().map(Tally.Total::total).toList();
  }

  @Test
  void theFirstMessageStartsAnEntity() {
    assertThat(entities.running("tally")).isEmpty();
    add(1, 5);
    world.settle();

    assertThat(totals()).containsExactly(5);
    assertThat(entities.running("tally")).containsExactly("a");
  }

  @Test
  void aKilledOneLosesItsMailboxAndComesBackByItselfWithItsState() {
    add(1, 5);
    world.settle();
    add(2, 6);
    world.run(Duration.ofMillis(1));
    entities.kill("tally", "a");
    assertThat(entities.running("tally")).isEmpty();

    world.run(world.restart().plusMillis(10));
    assertThat(entities.running("tally")).containsExactly("a");
    door.accept("a", new Tally.Read(totals.ref()));
    world.settle();
    assertThat(totals()).startsWith(5).hasSize(2);
  }

  @Test
  void aKilledOneComesBackAtOnceForAMessage() {
    add(1, 5);
    world.settle();
    entities.kill("tally", "a");
    add(2, 6);
    world.run(Duration.ofMillis(10));

    assertThat(totals()).containsExactly(5, 11);
  }

  @Test
  void aPassivatedOneStaysAwayUntilItIsSentSomething() {
    add(1, 5);
    world.settle();
    door.accept("a", new Tally.Passivate());
    world.run(Duration.ofMinutes(1));
    assertThat(entities.running("tally")).isEmpty();

    add(2, 6);
    world.settle();
    assertThat(totals()).containsExactly(5, 11);
  }

  @Test
  void whatIsSentWhileOnePassivatesIsNotLost() {
    add(1, 5);
    world.settle();
    door.accept("a", new Tally.Passivate());
    add(2, 6);
    add(3, 7);
    world.settle();

    assertThat(totals()).containsExactly(5, 11, 18);
  }

  @Test
  void whatIsSentWhileOneMovesIsNotLost() {
    add(1, 5);
    world.settle();
    var before = entities.incarnation("tally", "a");
    entities.move("tally", "a", world.host("two"));
    add(2, 6);
    add(3, 7);
    world.settle();

    assertThat(totals()).containsExactly(5, 11, 18);
    assertThat(entities.incarnation("tally", "a")).isPresent().isNotEqualTo(before);
    one.crash();
    add(4, 1);
    world.run(Duration.ofMillis(10));
    assertThat(totals()).containsExactly(19);
  }

  @Test
  void thoseOfACrashedHostComeBackElsewhereWhenTheCrashIsNoticed() {
    add(1, 5);
    world.settle();
    var _ = world.host("two");
    one.crash();
    add(2, 6);
    world.run(world.detection().minusMillis(1));
    assertThat(entities.running("tally")).isEmpty();

    world.run(Duration.ofMillis(1));
    assertThat(entities.running("tally")).containsExactly("a");
    door.accept("a", new Tally.Read(totals.ref()));
    world.settle();
    assertThat(totals()).containsExactly(5, 5);
  }

  @Test
  void afterTheLastHostCrashedTheyWaitForANewOne() {
    add(1, 5);
    world.settle();
    one.crash();
    world.run(Duration.ofMinutes(10));
    assertThat(entities.running("tally")).isEmpty();

    var _ = world.host("one");
    assertThat(entities.running("tally")).containsExactly("a");
  }
}
