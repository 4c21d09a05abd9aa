package presence.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;

/// A toy scenario: adders outside the cluster, each with its [Tally] somewhere in it, and
/// everything that may go wrong between them. Careful tallies keep every invariant.
final class Ledger implements Scenario<Ledger.Stage, Ledger.Step> {

  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final List<String> HOSTS = List.of("n1", "n2", "n3");
  private static final List<Fault> FAULTS = List.of(Fault.values());

  sealed interface Step {}

  record Send(String to, int amount) implements Step {}

  record Kill(String tally) implements Step {}

  record Move(String tally, String host) implements Step {}

  record Crash(String host) implements Step {}

  record Cut(String host) implements Step {}

  record Heal() implements Step {}

  record Stall(Duration span) implements Step {}

  record Spoil(String tally, Fault fault) implements Step {}

  record Rest(Duration span) implements Step {}

  private final int length;
  private final EntityType<Tally.Command> tallies;

  Ledger(int length, boolean careful) {
    this.length = length;
    this.tallies = Tally.type(careful);
  }

  /// An adder and what it was given.
  record Account(String name, ActorRef<Adder.Command> adder, List<Integer> sent) {}

  /// Everything the steps reach.
  record Stage(World world, List<Account> accounts, Inbox<String> log) {
    Account given(String name) {
      return accounts.get(NAMES.indexOf(name));
    }
  }

  @Override
  public List<Step> steps(RandomGenerator chance) {
    var steps = new ArrayList<Step>();
    for (var n = 0; n < length; n++) {
      steps.add(step(chance));
    }
    return steps;
  }

  private static Step step(RandomGenerator chance) {
    return switch (chance.nextInt(20)) {
      case 0 -> new Kill(any(NAMES, chance));
      case 1 -> new Move(any(NAMES, chance), any(HOSTS, chance));
      case 2 -> new Crash(any(HOSTS, chance));
      case 3 -> new Cut(any(HOSTS, chance));
      case 4 -> new Heal();
      case 5 -> new Stall(Duration.ofMillis(chance.nextInt(20_000)));
      case 6, 7 -> new Spoil(any(NAMES, chance), any(FAULTS, chance));
      case 8, 9 -> new Rest(Duration.ofMillis(chance.nextInt(5_000)));
      default -> new Send(any(NAMES, chance), 1 + chance.nextInt(9));
    };
  }

  private static <T> T any(List<T> names, RandomGenerator chance) {
    return names.get(chance.nextInt(names.size()));
  }

  @Override
  public Stage open(World world) {
    HOSTS.forEach(world::host);
    world
        .network()
        .conditions(new Network.Conditions(Duration.ZERO, Duration.ofMillis(40), 0.03, 0.03, 0.01));
    world.journal().conditions(Journal.Conditions.CALM.withFailures(0.01, 0.01, 0.01));
    var outside = world.outside("outside");
    var stage = new Stage(world, new ArrayList<>(), outside.inbox("log"));
    for (var name : NAMES) {
      var adder = Adder.create(name, outside.door(tallies), world.clock(), stage.log.ref());
      stage.accounts.add(
          new Account(name, outside.spawn("adder-" + name, adder), new ArrayList<>()));
    }
    return stage;
  }

  @Override
  public void perform(Stage stage, Step step) {
    var world = stage.world;
    var outside = world.outside("outside");
    switch (step) {
      case Send(var to, var amount) -> {
        stage.given(to).sent.add(amount);
        stage.given(to).adder.tell(new Adder.Send(amount));
      }
      case Kill(var tally) -> world.entities().kill("tally", tally);
      case Move(var tally, var host) -> world.entities().move("tally", tally, world.host(host));
      case Crash(var host) -> {
        world.host(host).crash();
        var _ = world.host(host);
      }
      case Cut(var host) -> world.network().cut(world.host(host), outside);
      case Heal() -> world.network().heal();
      case Stall(var span) -> world.journal().stall(span);
      case Spoil(var tally, var fault) -> world.journal().next(tally, fault);
      case Rest(var span) -> world.run(span);
    }
  }

  @Override
  public List<Invariant<Stage>> always() {
    return List.of(
        new Invariant<>(
            "what is announced was sent",
            stage -> stage.accounts.forEach(account -> announced(stage, account))));
  }

  @Override
  public List<Invariant<Stage>> onceQuiet() {
    return List.of(
        new Invariant<>(
            "everything sent is announced",
            stage ->
                assertThat(stage.log.messages())
                    .hasSize(stage.accounts.stream().mapToInt(one -> one.sent.size()).sum())));
  }

  /// The k-th total announced to an adder is the sum of the first k numbers it was given.
  private static void announced(Stage stage, Account account) {
    var name = account.name;
    var expected = new ArrayList<String>();
    var total = 0;
    for (var amount : account.sent) {
      total += amount;
      expected.add(name + " " + (expected.size() + 1) + " is " + total);
    }
    var announced =
        stage.log.messages().stream()
            .map(line -> line.substring(line.indexOf(' ') + 1))
            .filter(line -> line.startsWith(name + " "))
            .toList();
    var so = Math.min(announced.size(), expected.size());
    assertThat(announced).isEqualTo(expected.subList(0, so));
  }
}
