package presence.load.across;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import presence.load.Nomad;
import presence.load.Percentiles;
import presence.load.Report;
import presence.load.peers.Pace;
import presence.load.process.ThreeNodes;

/// How soon, and how quietly, who lost a socket has its session again. Members of instances lose
/// their sockets by a reset at a steady rate, whether or not those before them are back, and come
/// back to the next node.
public final class Reattach implements Troop.Witness {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Plan plan;
  private final Stage stage;
  private final Report report;
  private final Troop troop;
  private final Map<Nomad, Long> dialled = new HashMap<>();
  private final Map<Nomad, Long> greeted = new HashMap<>();
  private final List<Long> connects = new ArrayList<>();
  private final List<Long> welcomes = new ArrayList<>();
  private int lost;
  private int passedOver;
  private int notResumed;

  /// What is to be done, and how soon each must have its session.
  ///
  /// @param rate sockets lost a second
  /// @param warm for so long before anything counts
  /// @param members of all instances, who lose their sockets in turn
  /// @param room members of one instance
  /// @param held what of the rate must have been had
  public record Plan(
      int rate, Duration warm, Duration span, int members, int room, double held, Duration p99Max)
      implements Part {
    @Override
    public void play(Stage stage) throws Exception {
      new Reattach(this, stage).play();
    }

    private int losses(Duration time) {
      return (int) (rate * time.toMillis() / SECOND.toMillis());
    }
  }

  private Reattach(Plan plan, Stage stage) {
    this.plan = plan;
    this.stage = stage;
    this.report = stage.report();
    this.troop = new Troop(stage, this);
  }

  private void play() throws Exception {
    List<String> rooms =
        IntStream.range(0, plan.members() / plan.room())
            .mapToObj(room -> "reattach-" + room)
            .toList();
    List<String> tokens = stage.tokens("reattacher", rooms.size() * plan.room());
    for (int number = 0; number < tokens.size(); number++) {
      troop.enlist(rooms.get(number / plan.room()), tokens.get(number), number % ThreeNodes.COUNT);
    }
    troop.come(true);
    boolean settled =
        stage.await(PATIENCE, () -> troop.all().stream().allMatch(each -> each.sees(plan.room())));
    report.check(settled, "all see all before any is lost", rooms.size() + " rooms");
    lose(plan.losses(plan.warm()));
    stage.onSwarm(() -> {
      troop.all().forEach(Nomad::takeChanges);
      connects.clear();
      welcomes.clear();
      lost = 0;
      passedOver = 0;
    });
    Duration before = stage.nodes().cpu();
    long began = System.nanoTime();
    boolean back = lose(plan.losses(plan.span()));
    long took = System.nanoTime() - began;
    Duration cpu = stage.nodes().cpu().minus(before);
    measure(back, took);
    report.note("CPU of the nodes meanwhile", Stage.cores(cpu, took));
    compare(rooms);
    troop.report("member");
    troop.go();
  }

  /// Lets so many sockets be lost at the rate; whether all who lost one are back.
  private boolean lose(int losses) throws InterruptedException {
    Pace.keep(SECOND.dividedBy(plan.rate()), losses, _ -> stage.swarm().run(this::loseNext));
    return stage.await(PATIENCE, () -> dialled.isEmpty() && greeted.isEmpty());
  }

  /// Who is not back yet from last time is passed over: it has nothing to lose.
  private void loseNext() {
    Nomad next = troop.all().get((lost + passedOver) % troop.all().size());
    if (dialled.containsKey(next) || greeted.containsKey(next)) {
      passedOver++;
    } else {
      lost++;
      next.cut();
    }
  }

  @Override
  public void lost(Troop from, Nomad nomad, int code) {
    if (dialled.containsKey(nomad) || greeted.remove(nomad) != null) {
      from.fails("closed " + code + " on the way back");
    }
    nomad.movesTo((nomad.home() + 1) % ThreeNodes.COUNT);
    dialled.put(nomad, System.nanoTime());
    from.open(nomad);
  }

  @Override
  public void greets(Nomad nomad) {
    long now = System.nanoTime();
    Long since = dialled.remove(nomad);
    if (since != null) {
      connects.add(now - since);
    }
    greeted.put(nomad, now);
  }

  @Override
  public void welcomed(Nomad nomad) {
    Long since = greeted.remove(nomad);
    if (since != null) {
      welcomes.add(System.nanoTime() - since);
    }
    notResumed += nomad.isResumed() ? 0 : 1;
  }

  private void measure(boolean back, long tookNanos) {
    stage.onSwarm(() -> {
      double rate = welcomes.size() * 1e9 / tookNanos;
      int wanted = lost + passedOver;
      report.check(
          back && notResumed == 0 && welcomes.size() == lost,
          "every session goes on",
          "%,d of %,d; %,d were new ones".formatted(welcomes.size(), lost, notResumed));
      report.check(
          lost >= wanted * plan.held() && rate >= plan.rate() * plan.held(),
          "the rate is held",
          "%.0f a second of %,d; %,d were not back at their next turn"
              .formatted(rate, plan.rate(), passedOver));
      Percentiles all = Percentiles.of(welcomes);
      report.check(
          all.at(99) <= plan.p99Max().toNanos(),
          "from hello to welcome",
          Stage.spread(all) + "; p99 at most %d ms".formatted(plan.p99Max().toMillis()));
      report.note("from the loss to an open socket", Stage.spread(Percentiles.of(connects)));
    });
  }

  private void compare(List<String> rooms) {
    long wrong = stage.wrongLists(rooms, plan.room());
    report.check(wrong == 0, "every list is who is there", "%,d are not".formatted(wrong));
    stage.onSwarm(() -> {
      long seen = troop.all().stream().mapToLong(Nomad::takeChanges).sum();
      report.check(seen == 0, "nobody sees anything", "%,d changes".formatted(seen));
    });
  }
}
