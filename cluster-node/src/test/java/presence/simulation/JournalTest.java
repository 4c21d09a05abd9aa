package presence.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class JournalTest {

  private final World world = World.open(1);
  private final Journal journal = world.journal();
  private final Host client = world.outside("client");
  private final Inbox<Tally.Total> totals = client.inbox("totals");
  private BiConsumer<String, Tally.Command> door = client.door(Tally.TYPE);

  @BeforeEach
  void open() {
    var _ = world.host("n1");
  }

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
  void aWriteTakesItsTimeThereAndBack() {
    add(1, 5);
    world.settle();
    assertThat(totals()).containsExactly(5);
    journal.conditions(
        Journal.Conditions.CALM.withDelay(Duration.ofSeconds(1), Duration.ofSeconds(1)));

    add(2, 5);
    world.run(Duration.ofMillis(900));
    assertThat(journal.events("a")).hasSize(1);

    world.run(Duration.ofMillis(200));
    assertThat(journal.events("a")).hasSize(2);
    assertThat(totals()).isEmpty();

    world.run(Duration.ofSeconds(1));
    assertThat(totals()).containsExactly(10);
  }

  @Test
  void aStallHoldsEverythingUntilItIsOver() {
    journal.stall(Duration.ofSeconds(5));
    add(1, 5);
    world.run(Duration.ofMillis(4_900));
    assertThat(totals()).isEmpty();

    world.run(Duration.ofMillis(200));
    assertThat(totals()).containsExactly(5);
  }

  @Test
  void whatIsReplayedWasReadFromBytes() {
    var event = new Tally.Added(1, 5);
    add(1, 5);
    world.settle();

    assertThat(journal.events("a")).containsExactly(event);
    assertThat(journal.events("a").getFirst()).isNotSameAs(journal.events("a").getFirst());
  }

  @Test
  void aSnapshotReplacesItsEvents() {
    for (var n = 1; n <= 22; n++) {
      add(n, 1);
      world.settle();
    }
    assertThat(journal.snapshot("a")).contains(new Tally.Sum(20, 20));
    assertThat(journal.events("a")).startsWith(new Tally.Added(11, 1)).hasSize(12);

    world.entities().kill("tally", "a");
    door.accept("a", new Tally.Read(totals.ref()));
    world.settle();
    assertThat(totals()).endsWith(22);
  }

  @Test
  void anIncarnationOfTheNextWorldKnowsNothing() {
    add(1, 5);
    world.settle();
    world.close();

    try (var next = World.open(1)) {
      assertThat(next.journal().events("a")).isEmpty();
    }
  }

  @Nested
  class AWriteThatFails {

    @BeforeEach
    void once() {
      add(1, 5);
      world.settle();
      assertThat(totals()).containsExactly(5);
    }

    @Test
    void beforeItIsDurableIsNotThere() {
      journal.next("a", Fault.FAIL_BEFORE);
      add(2, 6);
      world.run(Duration.ofSeconds(1));
      assertThat(totals()).isEmpty();
      assertThat(journal.events("a")).hasSize(1);

      add(2, 6);
      world.run(Duration.ofSeconds(1));
      assertThat(totals()).containsExactly(11);
      assertThat(journal.events("a")).hasSize(2);
      assertThat(world.failures()).isEmpty();
    }

    @Test
    void afterItIsDurableIsThereAfterTheReplay() {
      journal.next("a", Fault.FAIL_AFTER);
      add(2, 6);
      world.run(Duration.ofSeconds(1));
      assertThat(totals()).isEmpty();
      assertThat(journal.events("a")).hasSize(2);

      add(2, 6);
      world.run(Duration.ofSeconds(1));
      assertThat(totals()).containsExactly(11);
      assertThat(journal.events("a")).hasSize(2);
    }

    @Test
    void silentlyIsGivenUpAfterTheTimeoutOfTheCall() {
      journal.next("a", Fault.HANG_AFTER);
      add(2, 6);
      door.accept("a", new Tally.Read(totals.ref()));
      world.run(Duration.ofMillis(14_900));
      assertThat(totals()).isEmpty();

      world.run(Duration.ofSeconds(1));
      assertThat(totals()).containsExactly(11);
    }

    @Test
    void byChanceFailsAsOftenAsItShould() {
      journal.conditions(Journal.Conditions.CALM.withFailures(0.5, 0, 0));
      for (var n = 2; n < 102; n++) {
        add(n, 1);
        world.run(Duration.ofSeconds(10));
      }

      assertThat(journal.events("a").size() + totals().size()).isBetween(30, 150);
      assertThat(world.failures()).isEmpty();
    }
  }

  @Test
  void aCrashBetweenWriteAndAnswerLosesOnlyTheAnswer() {
    journal.whenDurable("a", () -> world.entities().kill("tally", "a"));
    add(1, 5);
    world.settle();
    assertThat(totals()).isEmpty();
    assertThat(journal.events("a")).hasSize(1);

    add(1, 5);
    world.settle();
    assertThat(totals()).containsExactly(5);
    assertThat(journal.events("a")).hasSize(1);
  }

  @Test
  void aLateWriteOfAnIncarnationBeforeMakesTheNextOneFailAndReplay() {
    add(1, 5);
    world.settle();
    journal.lateWrites(true);
    journal.conditions(
        Journal.Conditions.CALM.withDelay(Duration.ofSeconds(2), Duration.ofSeconds(2)));
    add(2, 6);
    world.run(Duration.ofMillis(10));
    world.entities().kill("tally", "a");
    journal.conditions(Journal.Conditions.CALM);
    world.restart(Duration.ofMillis(1_900));
    world.run(Duration.ofMillis(1_900));
    totals.take();

    // Recovered without the second event, which becomes durable now.
    add(2, 6);
    world.run(Duration.ofSeconds(2));
    add(2, 6);
    world.run(Duration.ofSeconds(2));

    assertThat(journal.events("a")).containsExactly(new Tally.Added(1, 5), new Tally.Added(2, 6));
    assertThat(totals()).containsOnly(11);
  }
}
