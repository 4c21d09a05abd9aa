package presence.load;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import presence.load.kubernetes.Manifests;
import presence.load.process.NodeProcess;
import presence.load.process.PostgresServer;
import presence.load.process.ScratchDirectory;
import presence.load.process.ThreeNodes;

/// Three nodes on a PostgreSQL. Every client has its socket on the first, which is told to stop:
/// all go on elsewhere, nobody sees anything, and the node is gone before Kubernetes would end it.
///
/// System properties: `clients` (2,000), `room` (50 clients an instance), `grace` (90 s),
/// `stop.max` (s; the time the manifests give), `clean` (true: the nodes' logs must be),
/// `node.args`.
public final class DrainStorm implements Nomad.Owner {
  private static final Path MANIFESTS = Path.of("../k8s/rendered/prod.yaml");
  private static final int LEAVING = 0;
  private static final long PATIENCE_S = 180;
  private static final long RETRY_MS = 250;

  /// A leave is told at most this much after the deadline.
  private static final Duration LATE_MAX = Duration.ofSeconds(4);

  private final ThreeNodes nodes;
  private final Swarm swarm;
  private final int room;
  private final List<Nomad> nomads = new ArrayList<>();
  private final Map<String, Long> rooms = new HashMap<>();
  private final Set<Nomad> awaited = new HashSet<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<Integer, Integer> closes = new TreeMap<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final CompletableFuture<Long> allBack = new CompletableFuture<>();
  private boolean draining;
  private long triedAgain;
  private long firstClosed;
  private long lastClosed;

  private DrainStorm(ThreeNodes nodes, Swarm swarm, int room) {
    this.nodes = nodes;
    this.swarm = swarm;
    this.room = room;
  }

  public static void main(String[] args) throws Exception {
    Manifests manifests = Manifests.read(MANIFESTS);
    long stopMax = manifests.grace().minus(manifests.pauseBeforeStop()).toSeconds();
    run(
            Integer.getInteger("clients", 2_000),
            Integer.getInteger("room", 50),
            Duration.ofSeconds(Long.getLong("grace", 90)),
            Duration.ofSeconds(Long.getLong("stop.max", stopMax)),
            Boolean.parseBoolean(System.getProperty("clean", "true")))
        .exit();
  }

  /// Runs the scenario against nodes of its own and prints the page.
  ///
  /// @param clean whether the nodes' logs must be, which a machine busy with others does not allow
  static Report run(int clients, int room, Duration grace, Duration stopMax, boolean clean)
      throws Exception {
    Report report = new Report("DrainStorm: %,d clients, %d a room".formatted(clients, room));
    Path directory = ScratchDirectory.create();
    Map<String, String> settings = Map.of("PRESENCE_GRACE", grace.toSeconds() + "s");
    try (PostgresServer postgres = PostgresServer.start(directory.resolve("postgres"));
        ThreeNodes nodes = ThreeNodes.start(directory, postgres.journal(), settings);
        Rest rest = new Rest(nodes.url(LEAVING));
        Swarm swarm = Swarm.of(nodes.url(LEAVING))) {
      DrainStorm storm = new DrainStorm(nodes, swarm, room);
      storm.come(rest.tokens("nomad", clients));
      storm.drain(report, grace, stopMax);
      storm.compare(report);
      storm.clock.shutdownNow();
      for (int node = 0; clean && node < ThreeNodes.COUNT; node++) {
        report.checkLog(nodes.node(node));
      }
    }
    if (report.failed()) {
      System.out.println("logs of the nodes: " + directory);
    } else {
      ScratchDirectory.delete(directory);
    }
    return report;
  }

  private void come(List<String> tokens) throws Exception {
    Wording wording = new Wording();
    for (int number = 0; number < tokens.size(); number++) {
      nomads.add(new Nomad("room-" + number / room, tokens.get(number), LEAVING, wording, this));
    }
    rooms.putAll(
        nomads.stream().collect(Collectors.groupingBy(Nomad::instance, Collectors.counting())));
    onSwarm(() -> {
      awaited.addAll(nomads);
      nomads.forEach(swarm::open);
    });
    settled.get(PATIENCE_S, TimeUnit.SECONDS);
  }

  /// Everybody is told to leave; then the graces of all run out, so that whoever did not come back
  /// would be seen to leave.
  private void drain(Report report, Duration grace, Duration stopMax) throws Exception {
    NodeProcess leaving = nodes.node(LEAVING);
    onSwarm(() -> {
      nomads.forEach(Nomad::takeChanges);
      awaited.addAll(nomads);
      draining = true;
    });
    DrainGauge gauge = DrainGauge.read(nodes.url(LEAVING));
    long told = System.nanoTime();
    leaving.terminate();
    long back = allBack.get(PATIENCE_S, TimeUnit.SECONDS);
    boolean ended = leaving.await(stopMax);
    long gone = System.nanoTime();
    report.check(
        ended,
        "the node is gone in the time it is given",
        "%s of %d s".formatted(seconds(gone - told), stopMax.toSeconds()));
    report.note("to the first closed socket", seconds(firstClosed - told));
    report.note("to the last", seconds(lastClosed - told));
    report.note("to the last who went on elsewhere", seconds(back - told));
    report.note("from that to the end of the process", seconds(gone - back));
    report.note("how sockets were closed", closes.toString());
    gauge.print(report, nomads.size());
    Thread.sleep(grace.plus(LATE_MAX));
  }

  private void compare(Report report) throws Exception {
    onSwarm(() -> {
      long lost = nomads.stream().filter(nomad -> !nomad.isResumed() || !nomad.isAtHome()).count();
      report.check(lost == 0, "every session goes on elsewhere", "%,d do not".formatted(lost));
      long seen = nomads.stream().mapToLong(Nomad::takeChanges).sum();
      report.check(seen == 0, "nobody sees anything", "%,d changes".formatted(seen));
      Percentiles away = Percentiles.of(nomads.stream().map(Nomad::awayNanos).toList());
      report.note(
          "a client's time without a session",
          "p50 %s, p99 %s, max %s"
              .formatted(seconds(away.at(50)), seconds(away.at(99)), seconds(away.max())));
      report.note("who had to try again elsewhere", "%,d times".formatted(triedAgain));
      report.check(
          failures.isEmpty(), "nobody is refused", "%,d failures".formatted(failures.size()));
      failures.stream().distinct().limit(10).forEach(System.out::println);
    });
    try (Rest rest = new Rest(nodes.url(LEAVING + 1))) {
      long wrong =
          rooms.entrySet().stream()
              .filter(each -> rest.roster(each.getKey()).online().size() != each.getValue())
              .count();
      report.check(wrong == 0, "every list is who came", "%,d are not".formatted(wrong));
    }
  }

  private void onSwarm(Runnable task) throws Exception {
    CompletableFuture.runAsync(task, swarm::run).get(PATIENCE_S, TimeUnit.SECONDS);
  }

  @Override
  public void opened(Nomad nomad) {
    nomad.hello();
  }

  @Override
  public void welcomed(Nomad nomad) {
    if (!settled.isDone()) {
      nomad.join();
    } else if (awaited.remove(nomad) && awaited.isEmpty()) {
      allBack.complete(System.nanoTime());
    }
  }

  @Override
  public void followed(Nomad nomad) {
    if (!settled.isDone()
        && nomad.sees(rooms.getOrDefault(nomad.instance(), 0L))
        && awaited.remove(nomad)
        && awaited.isEmpty()) {
      settled.complete(null);
    }
  }

  /// Goes to one of the other nodes after the time it was told; and to the next if that fails.
  @Override
  public void homeless(Nomad nomad, int code, long afterMs) {
    if (!draining) {
      goTo(nomad, nomad.home(), RETRY_MS);
    } else if (nomad.home() == LEAVING) {
      long now = System.nanoTime();
      firstClosed = firstClosed == 0 ? now : firstClosed;
      lastClosed = now;
      closes.merge(code, 1, Integer::sum);
      goTo(nomad, 1 + closes.values().stream().mapToInt(Integer::intValue).sum() % 2, afterMs);
    } else {
      triedAgain++;
      goTo(nomad, 3 - nomad.home(), RETRY_MS);
    }
  }

  private void goTo(Nomad nomad, int number, long afterMs) {
    nomad.movesTo(number);
    URI node = nodes.url(number);
    var _ =
        clock.schedule(
            () -> swarm.run(() -> swarm.open(node, nomad)), afterMs, TimeUnit.MILLISECONDS);
  }

  @Override
  public void failed(Nomad nomad, String why) {
    failures.add(why);
  }

  private static String seconds(long nanos) {
    return "%.1f s".formatted(Duration.ofNanos(nanos).toMillis() / 1000.0);
  }
}
