package presence.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import presence.load.process.NodeProcess;

/// Many avatars walk about in one world, all at the same rate, each in its own time; ten of their
/// clients measure how old the moves are that they are told of.
///
/// System properties: `avatars` (100), `rate` (20 moves a second), `side` of the plain (200: all
/// are near each other), `seconds` (20), `age.max` (80 ms, p99).
public final class WorldStorm implements Walker.Owner {
  private static final String PIECE = "storm";
  private static final int OBSERVERS = 10;
  private static final long PULSE_MS = 5;
  private static final long PATIENCE_S = 120;

  private final int avatars;
  private final int rate;
  private final Swarm swarm;
  private final List<Walker> walkers = new ArrayList<>();
  private final Map<String, Walker> byId = new HashMap<>();
  private final List<Long> ages = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final CompletableFuture<Void> everybodyIsIn = new CompletableFuture<>();
  private int entered;
  private boolean measuring;
  private double due;
  private int next;

  private WorldStorm(int avatars, int rate, Swarm swarm) {
    this.avatars = avatars;
    this.rate = rate;
    this.swarm = swarm;
  }

  public static void main(String[] args) throws Exception {
    run(
            Integer.getInteger("avatars", 100),
            Integer.getInteger("rate", 20),
            Integer.getInteger("side", 200),
            Duration.ofSeconds(Integer.getInteger("seconds", 20)),
            Duration.ofMillis(Integer.getInteger("age.max", 80)))
        .exit();
  }

  /// Runs the scenario against a node of its own and prints the page.
  static Report run(int avatars, int rate, double side, Duration span, Duration ageMax)
      throws Exception {
    Report report =
        new Report(
            "WorldStorm: %,d avatars, %d moves a second each, on %,.0f x %,.0f"
                .formatted(avatars, rate, side, side));
    try (NodeProcess node = NodeProcess.start(Map.of("PRESENCE_WORLD_CAPACITY", "0"));
        Rest rest = new Rest(node.url());
        Swarm swarm = Swarm.of(node.url())) {
      WorldStorm storm = new WorldStorm(avatars, rate, swarm);
      storm.prepare(rest.tokens("walker", avatars), side);
      storm.enter();
      Duration cpu = storm.walk(node, span);
      storm.measure(report, span, cpu, ageMax);
      report.checkLog(node);
    }
    return report;
  }

  private void prepare(List<String> tokens, double side) {
    Wording wording = new Wording();
    int every = Math.max(1, avatars / OBSERVERS);
    for (int number = 0; number < avatars; number++) {
      Walker walker =
          new Walker(PIECE, tokens.get(number), number, side, number % every == 0, wording, this);
      walkers.add(walker);
      byId.put("@walker-" + number, walker);
    }
  }

  private void enter() throws Exception {
    swarm.run(() -> walkers.forEach(swarm::open));
    everybodyIsIn.get(PATIENCE_S, TimeUnit.SECONDS);
  }

  /// Everybody walks: first to warm up, then for the measurement; returns the node's CPU in it.
  private Duration walk(NodeProcess node, Duration span) throws Exception {
    try (ScheduledExecutorService pulse = Executors.newSingleThreadScheduledExecutor()) {
      var _ =
          pulse.scheduleAtFixedRate(
              () -> swarm.run(this::step), 0, PULSE_MS, TimeUnit.MILLISECONDS);
      Thread.sleep(span.dividedBy(2));
      onSwarm(() -> {
        walkers.forEach(Walker::startsCounting);
        measuring = true;
      });
      Duration before = node.cpu();
      Thread.sleep(span);
      Duration cpu = node.cpu().minus(before);
      onSwarm(() -> measuring = false);
      pulse.shutdownNow();
      return cpu;
    }
  }

  private void onSwarm(Runnable task) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    swarm.run(() -> {
      task.run();
      done.complete(null);
    });
    done.get(PATIENCE_S, TimeUnit.SECONDS);
  }

  /// The share of all moves that is due in one pulse, one walker after the other.
  private void step() {
    due += (double) avatars * rate * PULSE_MS / 1_000;
    for (; due >= 1; due--) {
      walkers.get(next).move();
      next = (next + 1) % avatars;
    }
  }

  @Override
  public void opened(Walker walker) {
    walker.hello();
  }

  @Override
  public void entered(Walker walker) {
    entered++;
    if (entered == avatars) {
      everybodyIsIn.complete(null);
    }
  }

  @Override
  public void failed(Walker walker, String why) {
    failures.add(why);
  }

  @Override
  public void saw(String id, long seq) {
    Walker walker = byId.get(id);
    if (measuring && walker != null && seq > 0) {
      ages.add(System.nanoTime() - walker.movedAt(seq));
    }
  }

  private void measure(Report report, Duration span, Duration cpu, Duration ageMax) {
    report.check(
        failures.isEmpty(), "nobody is refused or lost", "%,d failures".formatted(failures.size()));
    Percentiles age = Percentiles.of(ages);
    report.check(
        age.at(99) <= ageMax.toNanos(),
        "from a move to its arrival",
        "p99 %,d ms, p50 %,d, max %,d; p99 at most %,d ms"
            .formatted(
                millis(age.at(99)), millis(age.at(50)), millis(age.max()), ageMax.toMillis()));
    report.note(
        "moves told to an observer, a second",
        "%,d".formatted(ages.size() / Math.min(OBSERVERS, avatars) / span.toSeconds()));
    Percentiles bytes = Percentiles.of(walkers.stream().map(Walker::bytes).toList());
    report.note(
        "bytes per member and second",
        "mean %,d, max %,d"
            .formatted((long) bytes.mean() / span.toSeconds(), bytes.max() / span.toSeconds()));
    Percentiles frames = Percentiles.of(walkers.stream().map(Walker::frames).toList());
    report.note("frames per member and second", "%.1f".formatted(frames.mean() / span.toSeconds()));
    report.note(
        "CPU of the node", "%.2f cores".formatted((double) cpu.toMillis() / span.toMillis()));
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
