package presence.load.across;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import presence.load.Nomad;
import presence.load.Percentiles;
import presence.load.Report;
import presence.load.peers.Pace;
import presence.load.process.ThreeNodes;
import presence.protocol.Member;
import presence.protocol.ServerMessage;

/// How soon it is seen elsewhere that somebody joins. Clients have their sockets with the first
/// node and join at a steady rate, one instance after the other in turn; each instance has a
/// watcher with the second or the third node.
public final class Visible implements Troop.Witness {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Plan plan;
  private final Stage stage;
  private final Report report;
  private final Troop watchers;
  private final Troop joiners;
  private final Map<String, Long> asked = new HashMap<>();
  private final Set<String> leaving = new HashSet<>();
  private final List<Long> ages = new ArrayList<>();
  private int unexpected;

  /// What is to be done, and how soon it must be seen.
  ///
  /// @param rate joins a second
  /// @param warm for so long they join and leave before anything counts
  /// @param room who join one instance
  public record Plan(
      int rate, Duration warm, Duration span, int room, Duration p50Max, Duration p99Max)
      implements Part {
    @Override
    public void play(Stage stage) throws Exception {
      new Visible(this, stage).play();
    }

    private int joins() {
      return (int) (rate * span.toMillis() / SECOND.toMillis());
    }
  }

  private Visible(Plan plan, Stage stage) {
    this.plan = plan;
    this.stage = stage;
    this.report = stage.report();
    this.watchers = new Troop(stage, this);
    this.joiners = new Troop(stage, new Troop.Witness() {});
  }

  private void play() throws Exception {
    int joins = plan.joins();
    int rooms = Math.ceilDiv(joins, plan.room());
    List<String> tokens = stage.tokens("watcher", rooms);
    for (int room = 0; room < rooms; room++) {
      watchers.enlist(instance(room), tokens.get(room), 1 + room % (ThreeNodes.COUNT - 1));
    }
    tokens = stage.tokens("joiner", joins);
    for (int number = 0; number < tokens.size(); number++) {
      joiners.enlist(instance(number % rooms), tokens.get(number), 0);
    }
    watchers.come(true);
    joiners.come(false);
    boolean allSeen = warm();
    stage.onSwarm(ages::clear);
    Duration before = stage.nodes().cpu();
    long began = System.nanoTime();
    allSeen &= inTurn(this::join);
    long took = System.nanoTime() - began;
    Duration cpu = stage.nodes().cpu().minus(before);
    report(joins, allSeen, Stage.cores(cpu, took));
    compare();
    watchers.report("watcher");
    joiners.report("joiner");
    joiners.go();
    watchers.go();
  }

  private static String instance(int room) {
    return "visible-" + room;
  }

  private boolean warm() throws InterruptedException {
    boolean allSeen = true;
    long end = System.nanoTime() + plan.warm().toNanos();
    while (allSeen && System.nanoTime() < end) {
      allSeen = inTurn(this::join) && inTurn(this::leave);
    }
    return allSeen;
  }

  /// Lets all do it, one after the other at the rate; whether all were seen.
  private boolean inTurn(Consumer<Nomad> step) throws InterruptedException {
    Pace.keep(
        SECOND.dividedBy(plan.rate()),
        joiners.all().size(),
        number -> stage.swarm().run(() -> step.accept(joiners.all().get(number))));
    return stage.await(PATIENCE, () -> asked.isEmpty() && leaving.isEmpty());
  }

  private void join(Nomad joiner) {
    asked.put(joiner.person(), System.nanoTime());
    joiner.join();
  }

  private void leave(Nomad joiner) {
    leaving.add(joiner.person());
    joiner.leave();
  }

  /// What a watcher is told.
  @Override
  public void heard(Nomad watcher, ServerMessage message) {
    if (message instanceof ServerMessage.Delta delta) {
      long now = System.nanoTime();
      for (String left : delta.left()) {
        if (!leaving.remove(left)) {
          unexpected++;
        }
      }
      for (Member member : delta.joined()) {
        Long since = asked.remove(member.id());
        if (since != null) {
          ages.add(now - since);
        } else if (!member.id().equals(watcher.person())) {
          unexpected++;
        }
      }
    }
  }

  private void report(int joins, boolean allSeen, String cpu) {
    stage.onSwarm(() -> {
      report.check(
          allSeen && ages.size() == joins && unexpected == 0,
          "each join is seen elsewhere, once",
          "%,d of %,d; %,d told that were not so".formatted(ages.size(), joins, unexpected));
      Percentiles all = Percentiles.of(ages);
      report.check(
          all.at(50) <= plan.p50Max().toNanos() && all.at(99) <= plan.p99Max().toNanos(),
          "from a join to a watcher elsewhere",
          "%s of %,d at %,d a second; p50 at most %d ms, p99 %d ms"
              .formatted(
                  Stage.spread(all),
                  ages.size(),
                  plan.rate(),
                  plan.p50Max().toMillis(),
                  plan.p99Max().toMillis()));
    });
    report.note("CPU of the nodes meanwhile", cpu);
  }

  /// At the end every watcher sees all who joined its instance, and itself.
  private void compare() {
    Map<String, Long> sizes = new HashMap<>();
    joiners.all().forEach(each -> sizes.merge(each.instance(), 1L, Long::sum));
    stage.onSwarm(() -> {
      long wrong =
          watchers.all().stream()
              .filter(each -> !each.sees(1 + sizes.getOrDefault(each.instance(), 0L)))
              .count();
      report.check(
          wrong == 0,
          "every watcher counts who joined",
          "%,d of %,d do not".formatted(wrong, watchers.all().size()));
    });
  }
}
