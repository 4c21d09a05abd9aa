package presence.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import presence.load.across.Killed;
import presence.load.across.Part;
import presence.load.across.Reattach;
import presence.load.across.Spread;
import presence.load.across.Stage;
import presence.load.across.Visible;
import presence.load.process.Operator;
import presence.load.process.PostgresServer;
import presence.load.process.ScratchDirectory;
import presence.load.process.ThreeNodes;

/// Three nodes on a PostgreSQL, and what one of them promises to those whose sockets are with
/// another: how soon it is seen there who joins, how soon and quietly who lost a socket is back,
/// that all come back from a node that is killed, and what a delivery costs on three nodes. The
/// nodes run as they are shipped, so those of a cluster that has just started are slow: all parts
/// but `killed` go on for a while before anything counts, and that one should follow `reattach`.
///
/// System properties: `parts` (all: visible,reattach,spread,killed), `warm` (240 s), `seconds` (30)
/// of visible and reattach, `room` (50 members an instance); `rate` (200 joins a second),
/// `visible.p50` (40 ms), `visible.p99` (150 ms); `reattach.rate` (500 sockets a second),
/// `reattach.members` (2,000), `reattach.held` (0.95 of the rate), `reattach.p99` (100 ms);
/// `members` (600), `single` and `flying` (messages a round, 40 and 640), `rounds` (3), `idle` (3
/// s), `spread.max` (1.25); `sockets` (15,000), `grace` (90 s), `back.max` (60 s); `clean` (true:
/// the nodes' logs must be), `node.args`.
public final class AcrossNodes {
  private static final String KILLED = "killed";
  private static final List<String> AS_SHIPPED = List.of("-XX:+UseG1GC", "-Xmx1500m");

  private AcrossNodes() {}

  public static void main(String[] args) throws Exception {
    Duration grace = seconds("grace", 90);
    Map<String, Part> parts = all(grace);
    Set<String> wanted =
        Arrays.stream(System.getProperty("parts", String.join(",", parts.keySet())).split(","))
            .collect(Collectors.toSet());
    if (!parts.keySet().containsAll(wanted)) {
      throw new IllegalArgumentException("parts are " + parts.keySet() + ", not " + wanted);
    }
    parts.keySet().retainAll(wanted);
    run(parts, grace, AS_SHIPPED, Boolean.parseBoolean(System.getProperty("clean", "true"))).exit();
  }

  /// In the order in which they are played: who kills a node comes last.
  private static Map<String, Part> all(Duration grace) {
    int room = Integer.getInteger("room", 50);
    Duration warm = seconds("warm", 240);
    Duration span = seconds("seconds", 30);
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put(
        "visible",
        new Visible.Plan(
            Integer.getInteger("rate", 200),
            warm,
            span,
            room,
            Duration.ofMillis(Long.getLong("visible.p50", 40)),
            Duration.ofMillis(Long.getLong("visible.p99", 150))));
    parts.put(
        "reattach",
        new Reattach.Plan(
            Integer.getInteger("reattach.rate", 500),
            warm,
            span,
            Integer.getInteger("reattach.members", 2_000),
            room,
            Double.parseDouble(System.getProperty("reattach.held", "0.95")),
            Duration.ofMillis(Long.getLong("reattach.p99", 100))));
    parts.put(
        "spread",
        new Spread.Plan(
            Integer.getInteger("members", 600),
            Integer.getInteger("single", 40),
            Integer.getInteger("flying", 640),
            warm,
            Integer.getInteger("rounds", 3),
            seconds("idle", 3),
            Double.parseDouble(System.getProperty("spread.max", "1.25"))));
    parts.put(
        KILLED,
        new Killed.Plan(
            Integer.getInteger("sockets", 15_000), room, grace, seconds("back.max", 60)));
    return parts;
  }

  private static Duration seconds(String property, int otherwise) {
    return Duration.ofSeconds(Integer.getInteger(property, otherwise));
  }

  /// Plays the parts on nodes of their own and prints the page.
  ///
  /// @param parts by their names, in order
  /// @param flags of the nodes' JVMs
  /// @param clean whether the nodes' logs must be, which a machine busy with others does not allow
  static Report run(Map<String, Part> parts, Duration grace, List<String> flags, boolean clean)
      throws Exception {
    Report report = new Report("AcrossNodes: " + String.join(", ", parts.keySet()));
    Path directory = ScratchDirectory.create();
    try (PostgresServer postgres = PostgresServer.start(directory.resolve("postgres"));
        ThreeNodes nodes = ThreeNodes.start(directory, flags, postgres.journal(), settings(grace));
        Swarm swarm = Swarm.of(nodes.url(0))) {
      Stage stage = new Stage(nodes, swarm, new Wording(), report);
      for (Map.Entry<String, Part> part : parts.entrySet()) {
        System.out.println(part.getKey());
        if (clean && part.getKey().equals(KILLED)) {
          checkLogs(report, nodes);
        }
        part.getValue().play(stage);
      }
      if (clean && !parts.containsKey(KILLED)) {
        checkLogs(report, nodes);
      }
    }
    if (report.failed()) {
      System.out.println("logs of the nodes: " + directory);
    } else {
      ScratchDirectory.delete(directory);
    }
    return report;
  }

  /// As fast as it is measured, a member may talk; operators may ask where an instance lives.
  private static Map<String, String> settings(Duration grace) {
    Map<String, String> settings = new HashMap<>(Operator.SETTINGS);
    settings.put("PRESENCE_GRACE", grace.toSeconds() + "s");
    settings.put("PRESENCE_RATES_CHAT_PER_MINUTE", "60000");
    settings.put("PRESENCE_RATES_CHAT_BURST", "1000");
    return settings;
  }

  private static void checkLogs(Report report, ThreeNodes nodes) {
    for (int node = 0; node < ThreeNodes.COUNT; node++) {
      report.checkLog(nodes.node(node));
    }
  }
}
