package presence.load.across;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import presence.load.Nomad;
import presence.load.Percentiles;
import presence.load.Report;
import presence.load.peers.Memo;
import presence.load.peers.Pace;
import presence.load.peers.PresenceTongue;
import presence.load.peers.Room;
import presence.load.process.Operator;
import presence.load.process.ThreeNodes;

/// What a delivery costs all nodes together, in a room whose members are all with one node, and in
/// one whose members are with all three. The first node holds both rooms; what the nodes use while
/// nobody says anything, measured before each round, is not a delivery's.
public final class Spread {
  private static final int IN_FLIGHT = 32;

  /// Enough to find two among them that the first node of three holds.
  private static final int CANDIDATES = 40;

  private final Plan plan;
  private final Stage stage;
  private final Report report;
  private final Case together;
  private final Case apart;

  /// What is to be done, and how much dearer it may be with three nodes than with one.
  ///
  /// @param single messages that are said one at a time, in each round
  /// @param flying messages that are said 32 at a time, in each round
  /// @param warm rounds for so long, at least one, before those that count
  /// @param idle how long is measured what is used without messages; zero = nothing is subtracted
  public record Plan(
      int members,
      int single,
      int flying,
      Duration warm,
      int rounds,
      Duration idle,
      double ratioMax)
      implements Part {
    @Override
    public void play(Stage stage) throws Exception {
      new Spread(this, stage).play();
    }
  }

  /// A room, and what a delivery in it cost in each round, in nanoseconds.
  private record Case(Room room, List<Long> one, List<Long> many) {
    Case(Room room) {
      this(room, new ArrayList<>(), new ArrayList<>());
    }
  }

  private Spread(Plan plan, Stage stage) throws InterruptedException {
    this.plan = plan;
    this.stage = stage;
    this.report = stage.report();
    List<String> names = held(stage);
    List<String> tokens = stage.tokens("spread", plan.members());
    Memo memo = PresenceTongue.memo(stage.wording());
    Places one = new Places(stage, tokens, memo, _ -> 0);
    Places three = new Places(stage, tokens, memo, person -> person % ThreeNodes.COUNT);
    together = new Case(new Room(stage.swarm(), one, names.get(0), plan.members(), 0));
    apart = new Case(new Room(stage.swarm(), three, names.get(1), plan.members(), 0));
  }

  /// Instances that the first node holds: others would have to be told of everything by way of
  /// another node even where all members are with one.
  private static List<String> held(Stage stage) throws InterruptedException {
    Troop scouts = new Troop(stage, new Troop.Witness() {});
    List<String> tokens = stage.tokens("scout", CANDIDATES);
    IntStream.range(0, CANDIDATES)
        .forEach(number -> scouts.enlist("spread-" + number, tokens.get(number), 0));
    scouts.come(true);
    List<String> held;
    try (Operator operator = new Operator()) {
      held =
          scouts.all().stream()
              .map(Nomad::instance)
              .filter(name ->
                  operator.holder(stage.url(0), "instance", name).equals(stage.nodes().member(0)))
              .limit(2)
              .toList();
    }
    scouts.go();
    if (held.size() < 2) {
      throw new IllegalStateException("the first node holds no two of " + CANDIDATES);
    }
    return held;
  }

  private void play() {
    for (Case each : List.of(together, apart)) {
      each.room().connect();
      each.room().join();
    }
    warm();
    List<Long> idles = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      idles.add(Math.round(round() * 1e9));
    }
    together.room().close();
    apart.room().close();
    report.note(
        "CPU of the nodes when idle, with both rooms",
        "%.2f cores".formatted(Percentiles.of(idles).at(50) / 1e9));
    compare("a delivery, %d in flight".formatted(IN_FLIGHT), together.many(), apart.many());
    compare("a delivery, one at a time", together.one(), apart.one());
  }

  private void warm() {
    long end = System.nanoTime() + plan.warm().toNanos();
    do {
      round();
    } while (System.nanoTime() < end);
    List.of(together.one(), together.many(), apart.one(), apart.many()).forEach(List::clear);
  }

  /// Measures each once; what the nodes use when idle.
  private double round() {
    double idle = idle();
    measure(together, idle);
    measure(apart, idle);
    return idle;
  }

  /// Processor time in a second without messages, in seconds.
  private double idle() {
    if (plan.idle().isZero()) {
      return 0;
    }
    Duration before = stage.nodes().cpu();
    long began = System.nanoTime();
    Pace.passes(plan.idle());
    return (double) stage.nodes().cpu().minus(before).toNanos() / (System.nanoTime() - began);
  }

  private void measure(Case each, double idle) {
    each.many().add(cost(each.room(), plan.flying(), IN_FLIGHT, idle));
    each.one().add(cost(each.room(), plan.single(), 1, idle));
  }

  private long cost(Room room, int messages, int inFlight, double idle) {
    room.reset();
    Duration before = stage.nodes().cpu();
    long began = System.nanoTime();
    room.talk(messages, inFlight);
    double unused = idle * (System.nanoTime() - began);
    double cpu = stage.nodes().cpu().minus(before).toNanos() - unused;
    return Math.round(cpu / ((long) messages * plan.members()));
  }

  private void compare(String what, List<Long> one, List<Long> three) {
    Percentiles alone = Percentiles.of(one);
    Percentiles spread = Percentiles.of(three);
    double ratio = (double) spread.at(50) / alone.at(50);
    report.check(
        alone.at(50) > 0 && spread.at(50) > 0 && ratio <= plan.ratioMax(),
        what,
        "on one node %s, on three %s: %.2f ×, at most %.2f ×"
            .formatted(micros(alone), micros(spread), ratio, plan.ratioMax()));
  }

  private static String micros(Percentiles nanos) {
    return "%.2f µs (to %.2f)".formatted(nanos.at(50) / 1e3, nanos.max() / 1e3);
  }
}
