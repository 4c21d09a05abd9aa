package presence.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import presence.load.HeapHistogram.Owner;
import presence.load.process.NodeProcess;
import presence.load.process.PostgresServer;
import presence.load.process.ScratchDirectory;
import presence.load.scale.Outcome;
import presence.load.scale.Population;
import presence.load.scale.Step;

/// What sessions, their persons and their instances cost without sockets: one node, its real
/// entities and its real journal, driven from within its JVM. Every session attaches, joins and
/// loses its connection; a sample of them looks, gives signs of life and comes back, one of each
/// room ended before. Once for each size, to see how the costs grow.
///
/// System properties: `sessions` (10000,100000,1000000), `room` (100), `at.once` (500 rooms),
/// `sample` (100000 sessions at most), `warm` (2,000 sessions before), `settle` (130 s: persons
/// that nobody talks to leave memory within two minutes), `journal` (h2, or postgresql for one of
/// our own), `heap` (12g), `growth.max` (1.5 × the smallest size).
public final class SessionScale {
  private static final Duration PATIENCE = Duration.ofHours(12);
  private static final int SPEECHES = 10;
  private static final String ONLINE = "presence_sessions{state=\"online\"}";
  private static final String GRACE = "presence_sessions{state=\"grace\"}";
  private static final String FLUSHES = "presence_flush_words_count";

  /// What is asked for.
  ///
  /// @param flags of the node's JVM
  record Plan(
      int room,
      int atOnce,
      int sample,
      int warm,
      Duration settle,
      boolean postgres,
      List<String> flags) {}

  /// What a step cost, each time.
  private record Cost(double cpuMicros, double perSecond, double flushes) {}

  private final Report report;
  private final Plan plan;
  private final NodeProcess node;
  private final int sessions;
  private final Map<Step, Cost> costs = new EnumMap<>(Step.class);
  private final Map<String, HeapHistogram> heaps = new LinkedHashMap<>();
  private HeapHistogram empty = new HeapHistogram(0, Map.of());
  private long repeated;

  private SessionScale(Report report, Plan plan, NodeProcess node, int sessions) {
    this.report = report;
    this.plan = plan;
    this.node = node;
    this.sessions = sessions;
  }

  public static void main(String[] args) throws Exception {
    List<Integer> sizes =
        Stream.of(System.getProperty("sessions", "10000,100000,1000000").split(","))
            .map(Integer::valueOf)
            .toList();
    Plan plan =
        new Plan(
            Integer.getInteger("room", 100),
            Integer.getInteger("at.once", 500),
            Integer.getInteger("sample", 100_000),
            Integer.getInteger("warm", 2_000),
            Duration.ofSeconds(Long.getLong("settle", 130)),
            System.getProperty("journal", "h2").equals("postgresql"),
            List.of("-Xmx" + System.getProperty("heap", "12g")));
    run(sizes, plan, Double.parseDouble(System.getProperty("growth.max", "1.5"))).exit();
  }

  /// Runs the scenario, a node of its own for each size, and prints the page.
  static Report run(List<Integer> sizes, Plan plan, double growthMax) throws Exception {
    Report report =
        new Report(
            "SessionScale: no sockets, rooms of %,d, journal %s"
                .formatted(plan.room(), plan.postgres() ? "PostgreSQL" : "H2 file"));
    List<SessionScale> runs = new ArrayList<>();
    for (int sessions : sizes) {
      runs.add(run(report, plan, sessions));
    }
    SessionScale first = runs.getFirst();
    for (SessionScale larger : runs.subList(1, runs.size())) {
      larger.compare(first, growthMax);
    }
    return report;
  }

  private static SessionScale run(Report report, Plan plan, int sessions) throws Exception {
    Map<String, String> settings = new HashMap<>(Map.of("PRESENCE_GRACE", "12h"));
    Path data = ScratchDirectory.create();
    try (@Nullable PostgresServer database =
        plan.postgres() ? PostgresServer.start(data.resolve("postgres")) : null) {
      if (database != null) {
        settings.put("PRESENCE_JOURNAL", database.journal());
      }
      return run(report, plan, sessions, settings);
    } finally {
      ScratchDirectory.delete(data);
    }
  }

  private static SessionScale run(
      Report report, Plan plan, int sessions, Map<String, String> settings) throws Exception {
    List<String> flags = new ArrayList<>(plan.flags());
    flags.addAll(
        List.of(
            "-Dsessions=" + sessions,
            "-Droom=" + plan.room(),
            "-Dat.once=" + plan.atOnce(),
            "-Dwarm=" + plan.warm()));
    try (NodeProcess node = NodeProcess.start(Population.class.getName(), flags, settings)) {
      SessionScale run = new SessionScale(report, plan, node, sessions);
      run.live();
      report.checkLog(node);
      node.kill(); // nobody waits for all of them to stop
      return run;
    }
  }

  private void live() throws Exception {
    report.note("sessions", "%,d in %,d instances".formatted(sessions, rooms()));
    if (plan.warm() > 0) {
      ask(Population.WARM);
    }
    empty = HeapHistogram.of(node.pid());
    measure(Step.ATTACH, rooms(), 1);
    heaps.put("attached", HeapHistogram.of(node.pid()));
    measure(Step.JOIN, rooms(), 1);
    measure(Step.LOOK, sample(), 1);
    measure(Step.SPEAK, rooms(), SPEECHES);
    measure(Step.KEEP, sample(), 1);
    count("all have come, and who looks is here");
    Thread.sleep(plan.settle());
    heaps.put("at rest", HeapHistogram.of(node.pid()));
    stand(sessions, 0);
    measure(Step.DETACH, rooms(), 1);
    heaps.put("in grace", HeapHistogram.of(node.pid()));
    count("nobody sees that all connections are lost");
    stand(0, sessions);
    act(Step.EVICT, rooms(), 1);
    count("one of each room is gone");
    measure(Step.RETURN, sample(), 1);
    count("nobody sees that others came back");
    int others = plan.room() - 1;
    stand(sample() * others, (rooms() - sample()) * others);
    report.note("asked again for want of an answer", "%,d".formatted(repeated));
    table();
  }

  private int rooms() {
    return sessions / plan.room();
  }

  /// How many rooms do what not all do.
  private int sample() {
    return Math.max(1, Math.min(sessions, plan.sample()) / plan.room());
  }

  private Outcome ask(String line) throws IOException, InterruptedException {
    Outcome outcome = Outcome.parse(node.ask(line, PATIENCE));
    repeated += outcome.repeated();
    return outcome;
  }

  /// Lets so many rooms do a step, and notes what that cost.
  private void measure(Step step, int rooms, int rounds) throws Exception {
    Duration before = node.cpu();
    double flushes = MetricsPage.of(node.url()).value(FLUSHES);
    long began = System.nanoTime();
    double all = act(step, rooms, rounds);
    double seconds = (System.nanoTime() - began) / 1e9;
    double cpu = node.cpu().minus(before).toNanos() / 1e3;
    double flushed = MetricsPage.of(node.url()).value(FLUSHES) - flushes;
    costs.put(step, new Cost(cpu / all, all / seconds, flushed / all));
  }

  /// How often they had to.
  private long act(Step step, int rooms, int rounds) throws Exception {
    long done = 0;
    String complaint = "";
    for (int round = 0; round < rounds; round++) {
      Outcome outcome = ask(step.name() + " " + rooms);
      done += outcome.done();
      complaint = complaint.isEmpty() ? outcome.complaint() : complaint;
    }
    long expected = (long) rooms * step.times(plan.room()) * rounds;
    report.check(
        done == expected && complaint.isEmpty(),
        word(step),
        "%,d of %,d %s".formatted(done, expected, complaint));
    return expected;
  }

  private static String word(Step step) {
    return step.name().toLowerCase(Locale.ROOT);
  }

  private void count(String what) throws Exception {
    Outcome outcome = ask(Step.COUNT.name() + " " + rooms());
    report.check(
        outcome.done() == rooms() && outcome.complaint().isEmpty(),
        what,
        "%,d of %,d instances say so %s".formatted(outcome.done(), rooms(), outcome.complaint()));
  }

  private void stand(int online, int grace) throws Exception {
    MetricsPage page = MetricsPage.of(node.url());
    report.check(
        page.value(ONLINE) == online && page.value(GRACE) == grace,
        "the node counts its sessions so, too",
        "%,.0f online, %,.0f in grace".formatted(page.value(ONLINE), page.value(GRACE)));
  }

  private void table() {
    report.note("KB per session", columns(heaps.keySet(), "%10s"));
    for (Owner owner : Owner.values()) {
      report.note(owner.title(), heapColumns(each -> each.bytes(owner)));
    }
    report.note("all", heapColumns(HeapHistogram::bytes));
    report.note("per step", "   CPU µs   a second    flushes");
    costs.forEach((step, cost) ->
        report.note(
            word(step),
            "%,9.0f %,10.0f %10.2f".formatted(cost.cpuMicros(), cost.perSecond(), cost.flushes())));
  }

  private String heapColumns(ToDoubleFunction<HeapHistogram> bytes) {
    return columns(heaps.values().stream().map(each -> kilobytes(each, bytes)).toList(), "%10.1f");
  }

  private double kilobytes(HeapHistogram heap, ToDoubleFunction<HeapHistogram> bytes) {
    return (bytes.applyAsDouble(heap) - bytes.applyAsDouble(empty)) / sessions / 1024;
  }

  private static String columns(Iterable<?> values, String format) {
    StringBuilder line = new StringBuilder();
    values.forEach(value -> line.append(String.format(format, value)));
    return line.toString();
  }

  /// What grows with the number of sessions does not grow faster.
  private void compare(SessionScale smallest, double growthMax) {
    smallest.heaps.forEach((stage, heap) -> {
      HeapHistogram ours = Objects.requireNonNull(heaps.get(stage));
      double ratio =
          kilobytes(ours, HeapHistogram::bytes) / smallest.kilobytes(heap, HeapHistogram::bytes);
      grows("heap " + stage, ratio, growthMax);
    });
    smallest.costs.forEach((step, cost) -> {
      double ratio = Objects.requireNonNull(costs.get(step)).cpuMicros() / cost.cpuMicros();
      grows("CPU of " + step, ratio, growthMax);
    });
  }

  private void grows(String what, double ratio, double growthMax) {
    report.check(
        ratio <= growthMax,
        "%s, %,d sessions".formatted(what, sessions),
        "%.2f × the smallest, at most %.2f ×".formatted(ratio, growthMax));
  }
}
