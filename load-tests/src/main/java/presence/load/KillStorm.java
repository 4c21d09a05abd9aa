package presence.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import presence.load.check.Findings;
import presence.load.check.Measures;
import presence.load.check.Proof;
import presence.load.check.Rule;
import presence.load.check.Table;
import presence.load.process.Operator;
import presence.load.process.PostgresServer;
import presence.load.process.ScratchDirectory;
import presence.load.process.ThreeNodes;
import presence.load.record.Recording;
import presence.load.storm.Disaster;
import presence.load.storm.Run;

/// Three nodes on a PostgreSQL, a crowd of clients on them, and one disaster after the other, each
/// proved by its recordings.
///
/// System properties: `seed` (1), `clients` (300), `runs` (20), `disasters` (all; a comma list,
/// taken in turn), `vigour` (1: how much more the crowd does), `grace` (30 s), `dir` (a temporary
/// one; recordings of runs in which everything held are deleted unless `keep` is true),
/// `node.args`.
public final class KillStorm {
  private final long seed = Long.getLong("seed", 1);
  private final int clients = Integer.getInteger("clients", 300);
  private final int runs = Integer.getInteger("runs", 20);
  private final Duration grace = Duration.ofSeconds(Long.getLong("grace", 30));
  private final boolean keep = Boolean.getBoolean("keep");
  private final List<Disaster> disasters =
      Arrays.stream(System.getProperty("disasters", "").split(","))
          .filter(name -> !name.isEmpty())
          .map(Disaster::valueOf)
          .toList();
  private final Report report =
      new Report("KillStorm: seed %d, %,d clients, %d runs".formatted(seed, clients, runs));
  private final List<Measures> measures = new ArrayList<>();

  private KillStorm() {}

  public static void main(String[] args) throws Exception {
    new KillStorm().play().exit();
  }

  private Report play() throws Exception {
    String wanted = System.getProperty("dir", "");
    Path directory = wanted.isEmpty() ? ScratchDirectory.create() : Path.of(wanted);
    Files.createDirectories(directory);
    System.out.println("recordings and logs of the nodes: " + directory);
    try (PostgresServer postgres = PostgresServer.start(directory.resolve("postgres"));
        ThreeNodes nodes = ThreeNodes.start(directory, postgres.journal(), settings())) {
      Run run = new Run(nodes, postgres, grace);
      for (int number = 1; number <= runs; number++) {
        one(run, number, nodes, directory.resolve("run-" + number));
      }
    }
    summary();
    return report;
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(Operator.SETTINGS);
    settings.put("PRESENCE_GRACE", grace.toSeconds() + "s");
    settings.put("PRESENCE_PING", "5s");
    return settings;
  }

  private void one(Run run, int number, ThreeNodes nodes, Path directory)
      throws IOException, InterruptedException {
    List<Disaster> all = disasters.isEmpty() ? Disaster.all() : disasters;
    Disaster disaster = all.get((number - 1) % all.size());
    String name = "s%d-%d".formatted(seed, number);
    Files.createDirectories(directory);
    List<String> tokens;
    try (Rest rest = new Rest(nodes.url(0))) {
      tokens = rest.tokens(name, clients);
    }
    Duration cpu = nodes.cpu();
    long start = System.nanoTime();
    int suspicions = nodes.suspicions();
    run.play(
        List.of(disaster), name, tokens, directory, new SplittableRandom(seed * 1_000 + number));
    if (!disaster.losesNodes()) {
      report.check(
          nodes.suspicions() == suspicions,
          "%d %s".formatted(number, disaster),
          "no node is believed lost; the nodes used %.2f cores"
              .formatted((double) nodes.cpu().minus(cpu).toNanos() / (System.nanoTime() - start)));
    }
    List<Recording> recordings = Recording.ofAll(directory);
    Proof proof = Proof.of(recordings);
    Measures measured = Measures.of(recordings, Recording.marks(directory));
    measures.add(measured);
    report.check(
        proof.findings().allHold(),
        "%d %s".formatted(number, disaster),
        line(proof.findings(), measured));
    if (!proof.findings().allHold()) {
      Table.print(System.out, proof);
    } else if (!keep) {
      ScratchDirectory.delete(directory);
    }
  }

  private static String line(Findings findings, Measures measured) {
    return ("flows %s, whole %s, visible %d, gaps %d, lost %d, twice %d, change gap %.1f s,"
            + " evicted %s, later ones %s, sockets lost %d")
        .formatted(
            seconds(measured.flows()),
            seconds(measured.whole()),
            findings.violations(Rule.VISIBLE).size(),
            findings.violations(Rule.GAP).size() + findings.violations(Rule.REPEAT).size(),
            findings.violations(Rule.CHAT_LOST).size() + findings.violations(Rule.MAIL_LOST).size(),
            findings.violations(Rule.CHAT_ONCE).size() + findings.violations(Rule.MAIL_ONCE).size(),
            measured.changeGap() / 1000.0,
            spread(measured.evictions()),
            spread(measured.lateEvictions()),
            measured.socketsLost());
  }

  private static String seconds(long millis) {
    return millis < 0 ? "-" : "%.1f s".formatted(millis / 1000.0);
  }

  private void summary() {
    report.note(
        "kill to every instance flows",
        spread(values(measures.stream().map(Measures::flows).toList())));
    report.note(
        "kill to every member has it",
        spread(values(measures.stream().map(Measures::whole).toList())));
    report.note(
        "evicted after the deadline",
        spread(measures.stream().flatMap(each -> each.evictions().stream()).toList()));
  }

  private static List<Long> values(List<Long> measured) {
    return measured.stream().filter(each -> each >= 0).toList();
  }

  private static String spread(List<Long> millis) {
    if (millis.isEmpty()) {
      return "never";
    }
    Percentiles all = Percentiles.of(millis);
    return "p50 %.1f s, max %.1f s of %d"
        .formatted(all.at(50) / 1000.0, all.max() / 1000.0, millis.size());
  }
}
