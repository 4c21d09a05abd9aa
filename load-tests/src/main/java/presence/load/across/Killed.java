package presence.load.across;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import presence.client.BackOff;
import presence.load.Nomad;
import presence.load.Percentiles;
import presence.load.Report;
import presence.protocol.ServerMessage;

/// A node with the sockets of all members is killed. They come back to the other two as the client
/// library does; in every instance one more member, whose socket is with one of those, looks on. At
/// the end one node is gone.
public final class Killed implements Troop.Witness {
  private static final int DOOMED = 0;

  /// A client gives a node this long for its welcome.
  private static final long WELCOME_PATIENCE_MS = 15_000;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// A leave is told at most this much after the deadline.
  private static final Duration LATE_MAX = Duration.ofSeconds(4);

  private final Plan plan;
  private final Stage stage;
  private final Report report;
  private final Troop members;
  private final Troop observers;
  private final Map<Nomad, Onlooker> onlookers = new HashMap<>();
  private final Map<Nomad, Integer> attempts = new HashMap<>();
  private final Set<Nomad> away = new HashSet<>();
  private final List<Long> back = new ArrayList<>();
  private final RandomGenerator random = new Random(1);
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private long killedAt;
  private int notResumed;

  /// What is to be done, and in what time everybody must be back.
  ///
  /// @param sockets with the node that is killed
  /// @param room of these in one instance
  /// @param grace that the nodes give
  public record Plan(int sockets, int room, Duration grace, Duration backMax) implements Part {
    @Override
    public void play(Stage stage) throws Exception {
      Killed killed = new Killed(this, stage);
      try {
        killed.play();
      } finally {
        killed.clock.shutdownNow();
      }
    }
  }

  private Killed(Plan plan, Stage stage) {
    this.plan = plan;
    this.stage = stage;
    this.report = stage.report();
    this.members = new Troop(stage, this);
    this.observers = new Troop(stage, new Looking());
  }

  private final class Looking implements Troop.Witness {
    @Override
    public void heard(Nomad observer, ServerMessage message) {
      onlookers.computeIfAbsent(observer, _ -> new Onlooker()).hear(message);
    }
  }

  private void play() throws Exception {
    List<String> rooms =
        IntStream.range(0, plan.sockets() / plan.room())
            .mapToObj(room -> "killed-" + room)
            .toList();
    enlist(rooms);
    members.come(true);
    observers.come(true);
    int size = plan.room() + 1;
    boolean settled =
        stage.await(PATIENCE, () -> observers.all().stream().allMatch(each -> each.sees(size)));
    report.check(settled, "all are there", "%,d in %,d rooms".formatted(count(), rooms.size()));
    Duration before = stage.nodes().cpu().minus(stage.nodes().node(DOOMED).cpu());
    stage.onSwarm(() -> {
      onlookers.values().forEach(Onlooker::takeEvents);
      away.addAll(members.all());
      killedAt = System.nanoTime();
    });
    stage.nodes().node(DOOMED).kill();
    boolean allBack = stage.await(PATIENCE, away::isEmpty);
    long took = System.nanoTime() - killedAt;
    Duration cpu = stage.nodes().cpu().minus(before);
    measure(allBack, Stage.cores(cpu, took));
    Duration over = plan.grace().plus(LATE_MAX).minusNanos(System.nanoTime() - killedAt);
    stage.await(over, () -> false); // who is not really back leaves then
    compare(rooms);
    members.report("member");
    observers.report("observer");
  }

  private void enlist(List<String> rooms) {
    List<String> tokens = stage.tokens("member", rooms.size() * plan.room());
    for (int number = 0; number < tokens.size(); number++) {
      members.enlist(rooms.get(number / plan.room()), tokens.get(number), DOOMED);
    }
    List<String> others = stage.tokens("observer", rooms.size());
    for (int room = 0; room < others.size(); room++) {
      observers.enlist(rooms.get(room), others.get(room), other(room));
    }
  }

  /// One of the two that live on.
  private static int other(int number) {
    return DOOMED + 1 + number % 2;
  }

  private int count() {
    return members.all().size();
  }

  /// Tries again after a time by chance, at another node than the last.
  @Override
  public void lost(Troop troop, Nomad nomad, int code) {
    int attempt = attempts.merge(nomad, 1, Integer::sum) - 1;
    nomad.movesTo(nomad.home() == DOOMED ? other(random.nextInt(2)) : other(nomad.home() - DOOMED));
    after(BackOff.STANDARD.delayMs(attempt, random), () -> troop.open(nomad));
  }

  @Override
  public void greets(Nomad nomad) {
    int attempt = attempts.getOrDefault(nomad, 0);
    after(
        WELCOME_PATIENCE_MS,
        () -> {
          if (away.contains(nomad) && attempts.getOrDefault(nomad, 0) == attempt) {
            nomad.cut();
          }
        });
  }

  private void after(long delayMs, Runnable task) {
    var _ = clock.schedule(() -> stage.swarm().run(task), delayMs, TimeUnit.MILLISECONDS);
  }

  @Override
  public void welcomed(Nomad nomad) {
    notResumed += nomad.isResumed() ? 0 : 1;
    if (away.remove(nomad)) {
      back.add(System.nanoTime() - killedAt);
    }
  }

  private void measure(boolean allBack, String cpu) {
    stage.onSwarm(() -> {
      Percentiles all = Percentiles.of(back);
      report.check(
          allBack && notResumed == 0,
          "every session goes on elsewhere",
          "%,d of %,d; %,d were new ones".formatted(back.size(), count(), notResumed));
      report.check(
          allBack && all.max() <= plan.backMax().toNanos(),
          "from the kill until the last is back",
          "%s; p50 %s, p99 %s; at most %s"
              .formatted(
                  seconds(all.max()),
                  seconds(all.at(50)),
                  seconds(all.at(99)),
                  seconds(plan.backMax().toNanos())));
      Percentiles tries = Percentiles.of(attempts.values().stream().map(Long::valueOf).toList());
      report.note("attempts of a client", "mean %.1f, max %d".formatted(tries.mean(), tries.max()));
    });
    report.note("CPU of the other nodes meanwhile", cpu);
  }

  private void compare(List<String> rooms) {
    stage.onSwarm(() -> {
      long seen = onlookers.values().stream().mapToLong(Onlooker::takeEvents).sum();
      report.check(
          seen == 0 && onlookers.size() == rooms.size(),
          "nobody sees anything, until all graces are over",
          "%,d events at %,d observers".formatted(seen, onlookers.size()));
      long lost = members.all().stream().filter(each -> !each.isAtHome()).count();
      report.check(lost == 0, "everybody stays", "%,d do not".formatted(lost));
    });
    long wrong = stage.wrongLists(rooms, plan.room() + 1);
    report.check(wrong == 0, "every list is who came", "%,d are not".formatted(wrong));
  }

  private static String seconds(long nanos) {
    return "%.1f s".formatted(nanos / 1e9);
  }
}
