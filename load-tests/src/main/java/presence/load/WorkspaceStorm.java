package presence.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import presence.load.process.NodeProcess;
import presence.load.process.PostgresServer;
import presence.load.process.ScratchDirectory;
import presence.load.process.ThreeNodes;
import presence.load.workspace.Api;
import presence.load.workspace.Probe;
import presence.load.workspace.Truth;
import presence.load.workspace.Visitor;
import presence.load.workspace.Watcher;

/// Three nodes on a PostgreSQL. The clients of some workspaces have their streams on the first; a
/// watcher of each workspace reads on the second, and one on the third. First it is measured when
/// the watchers read of a client that attaches; then all do what clients do, by chance, and at
/// every quiet point what every node and every watcher shows is compared with what must be.
///
/// System properties: `seed` (1), `clients` (500), `workspaces` (10), `rate` (20 clients measured a
/// second), `seconds` of that (30; 0 = none), `age.max` (100 ms, p99), `churn` in seconds (600; 0 =
/// none), `actions` (100 a second), `node.args`.
public final class WorkspaceStorm {
  private static final Duration CREATE_GRACE = Duration.ofSeconds(8);
  private static final Duration DETACH_GRACE = Duration.ofSeconds(5);
  private static final Duration ROUND = Duration.ofSeconds(15);
  private static final int SESSIONS = 8;
  private static final int WRONG_SHOWN_MAX = 10;

  private final Settings settings;
  private final ThreeNodes nodes;
  private final Report report;
  private final List<Api> apis;
  private final List<Watcher> watchers = new ArrayList<>();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();

  /// What is to be done; see the system properties.
  ///
  /// @param toldWithin by when every number must be right at a quiet point
  /// @param clean whether the nodes' logs must be, which a machine busy with others does not allow
  record Settings(
      long seed,
      int clients,
      int workspaces,
      int rate,
      Duration span,
      Duration ageMax,
      Duration churn,
      int actions,
      Duration toldWithin,
      boolean clean) {}

  private WorkspaceStorm(Settings settings, ThreeNodes nodes, Report report) {
    this.settings = settings;
    this.nodes = nodes;
    this.report = report;
    this.apis =
        IntStream.range(0, ThreeNodes.COUNT).mapToObj(node -> new Api(nodes.url(node))).toList();
  }

  public static void main(String[] args) throws Exception {
    run(new Settings(
            Long.getLong("seed", 1),
            Integer.getInteger("clients", 500),
            Integer.getInteger("workspaces", 10),
            Integer.getInteger("rate", 20),
            Duration.ofSeconds(Integer.getInteger("seconds", 30)),
            Duration.ofMillis(Integer.getInteger("age.max", 100)),
            Duration.ofSeconds(Integer.getInteger("churn", 600)),
            Integer.getInteger("actions", 100),
            Duration.ofSeconds(1),
            true))
        .exit();
  }

  /// Runs the scenario against nodes of its own and prints the page.
  static Report run(Settings settings) throws Exception {
    Report report =
        new Report(
            "WorkspaceStorm: seed %d, %,d clients, %d workspaces"
                .formatted(settings.seed(), settings.clients(), settings.workspaces()));
    Path directory = ScratchDirectory.create();
    try (PostgresServer postgres = PostgresServer.start(directory.resolve("postgres"));
        ThreeNodes nodes = ThreeNodes.start(directory, postgres.journal(), graces())) {
      WorkspaceStorm storm = new WorkspaceStorm(settings, nodes, report);
      storm.prepare();
      storm.measure();
      storm.churn();
      storm.finish();
    }
    if (report.failed()) {
      System.out.println("logs of the nodes: " + directory);
    } else {
      ScratchDirectory.delete(directory);
    }
    return report;
  }

  /// Short ones: at a quiet point they have to run out.
  private static Map<String, String> graces() {
    Map<String, String> graces = new HashMap<>();
    graces.put("PRESENCE_WORKSPACE_CREATE_GRACE", CREATE_GRACE.toSeconds() + "s");
    graces.put("PRESENCE_WORKSPACE_DETACH_GRACE", DETACH_GRACE.toSeconds() + "s");
    return graces;
  }

  private void prepare() {
    for (int number = 0; number < settings.workspaces(); number++) {
      String workspace = workspace(number);
      for (int node = 1; node < ThreeNodes.COUNT; node++) {
        String client = UUID.nameUUIDFromBytes(new byte[] {(byte) number, (byte) node}).toString();
        apis.get(node).hold(workspace, client);
        watchers.add(new Watcher(nodes.url(node), workspace, client));
      }
      sessions().forEach(session -> apis.getFirst().createSession(workspace, session));
    }
  }

  private static String workspace(int number) {
    return "workspace-" + number;
  }

  private static List<String> sessions() {
    return IntStream.range(0, SESSIONS).mapToObj(number -> "session-" + number).toList();
  }

  private Visitor visitor(int number) {
    return new Visitor(
        apis.getFirst(),
        workspace(number % settings.workspaces()),
        sessions(),
        CREATE_GRACE,
        DETACH_GRACE,
        new SplittableRandom(settings.seed() * 1_000_003 + number),
        faults);
  }

  /// One client after the other is measured, at a steady rate, while all are attached.
  private void measure() throws Exception {
    if (settings.span().isZero()) {
      return;
    }
    List<Visitor> visitors = new ArrayList<>();
    List<Probe> probes = new ArrayList<>();
    for (int number = 0; number < settings.clients(); number++) {
      Visitor visitor = visitor(settings.clients() + number);
      String own = "own-" + number;
      int workspace = number % settings.workspaces();
      apis.getFirst().createSession(workspace(workspace), own);
      int node = number / settings.workspaces() % 2; // the watchers of a workspace, in turn
      visitors.add(visitor);
      probes.add(new Probe(visitor, own, watchers.get(2 * workspace + node)));
    }
    inTurn(probes.stream().<Runnable>map(probe -> probe::come).toList(), settings.clients());
    int warm = settings.rate() * (int) settings.span().toSeconds() / 2;
    inTurn(measures(probes, warm), warm);
    probes.forEach(probe ->
        List.of(probe.attaches(), probe.losses(), probe.selections()).forEach(List::clear));
    Duration before = cpu();
    int count = settings.rate() * (int) settings.span().toSeconds();
    inTurn(measures(probes, count), count);
    Duration cpu = cpu().minus(before);
    print(probes, cpu);
    visitors.forEach(Visitor::release);
  }

  private static List<Runnable> measures(List<Probe> probes, int count) {
    return IntStream.range(0, count)
        .<Runnable>mapToObj(number -> probes.get(number % probes.size())::measure)
        .toList();
  }

  /// Begins each at its time; what one does twice is one after the other.
  private void inTurn(List<Runnable> actions, int count) throws Exception {
    List<Future<?>> begun = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long pause = TimeUnit.SECONDS.toNanos(1) / Math.max(1, settings.rate());
      long next = System.nanoTime();
      for (int number = 0; number < count; number++) {
        TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
        next += pause;
        begun.add(threads.submit(actions.get(number)));
      }
      for (Future<?> each : begun) {
        each.get();
      }
    }
  }

  private Duration cpu() {
    return IntStream.range(0, ThreeNodes.COUNT)
        .mapToObj(node -> nodes.node(node).cpu())
        .reduce(Duration.ZERO, Duration::plus);
  }

  private void print(List<Probe> probes, Duration cpu) {
    Percentiles attach = percentiles(probes, Probe::attaches);
    report.check(
        attach.at(99) <= settings.ageMax().toNanos(),
        "from an attach to its count elsewhere",
        spread(attach) + "; p99 at most %d ms".formatted(settings.ageMax().toMillis()));
    report.note("from a selection", spread(percentiles(probes, Probe::selections)));
    report.note("from a lost stream", spread(percentiles(probes, Probe::losses)));
    report.note(
        "CPU of the nodes",
        "%.2f cores".formatted((double) cpu.toMillis() / settings.span().toMillis()));
  }

  private static Percentiles percentiles(List<Probe> probes, Function<Probe, List<Long>> measured) {
    return Percentiles.of(probes.stream().map(measured).flatMap(List::stream).toList());
  }

  private static String spread(Percentiles nanos) {
    return "p50 %,d ms, p99 %,d, max %,d"
        .formatted(millis(nanos.at(50)), millis(nanos.at(99)), millis(nanos.max()));
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /// Rounds of doing and of being quiet.
  private void churn() throws Exception {
    if (settings.churn().isZero()) {
      return;
    }
    List<Visitor> visitors =
        IntStream.range(0, settings.clients()).mapToObj(this::visitor).toList();
    Truth truth = new Truth(visitors, watchers, apis, settings.toldWithin());
    List<Long> took = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    long end = System.nanoTime() + settings.churn().toNanos();
    do {
      round(visitors);
      List<Truth.Found> found = new ArrayList<>(List.of(truth.check()));
      Thread.sleep(truth.untilAllGracesAreOver());
      found.add(truth.check());
      for (Truth.Found each : found) {
        wrong.addAll(each.wrong());
        compared += each.compared();
        took.add(each.tookMs());
      }
    } while (System.nanoTime() < end);
    report.check(
        wrong.isEmpty(),
        "at every quiet point every number is right",
        "%,d wrong of %,d at %d quiet points, all right after %,d ms at most"
            .formatted(wrong.size(), compared, took.size(), Percentiles.of(took).max()));
    wrong.stream().limit(WRONG_SHOWN_MAX).forEach(System.out::println);
    report.note(
        "what clients did", "%,d".formatted(visitors.stream().mapToInt(Visitor::actions).sum()));
    visitors.forEach(Visitor::leave);
  }

  /// Everybody does something now and then; nobody does when it returns.
  private void round(List<Visitor> visitors) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int number = 0; number < visitors.size(); number++) {
        Visitor visitor = visitors.get(number);
        SplittableRandom pauses = new SplittableRandom(number);
        long mean = 1_000L * visitors.size() / settings.actions();
        all.add(
            threads.submit(() -> {
              while (!over.await(pauses.nextLong(2 * mean), TimeUnit.MILLISECONDS)) {
                visitor.act();
              }
              return null;
            }));
      }
      Thread.sleep(settings.churn().compareTo(ROUND) < 0 ? settings.churn() : ROUND);
      over.countDown();
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private void finish() {
    List<String> all = new ArrayList<>(faults);
    watchers.forEach(watcher -> all.addAll(watcher.faults()));
    report.check(
        all.isEmpty(),
        "nothing comes that must not",
        "%,d gaps, resyncs and streams that do not end".formatted(all.size()));
    all.stream().limit(WRONG_SHOWN_MAX).forEach(System.out::println);
    watchers.forEach(Watcher::close);
    apis.forEach(Api::close);
    for (int node = 0; settings.clean() && node < ThreeNodes.COUNT; node++) {
      NodeProcess process = nodes.node(node);
      report.checkLog(process);
    }
  }
}
