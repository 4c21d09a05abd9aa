package presence.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import presence.client.ClientOptions;
import presence.client.PresenceClient;
import presence.client.PresenceListener;
import presence.load.fuzz.Campaign;
import presence.load.fuzz.DatagramTarget;
import presence.load.fuzz.EventTarget;
import presence.load.fuzz.Finding;
import presence.load.fuzz.FrameTarget;
import presence.load.fuzz.MessageTarget;
import presence.load.fuzz.RequestTarget;
import presence.load.fuzz.Target;
import presence.load.process.NodeProcess;
import presence.load.process.Operator;
import presence.protocol.ServerMessage;

/// Inputs by chance, for the frame decoder, the codec and the events of the journal in this
/// process, and for the routes, the streams and the UDP port of a node: what is not refused is
/// rightly read, what is refused is refused in order, and the node goes on and has nothing to say.
///
/// What a case is follows from the seed and its number. A finding says how to bring it again; its
/// input is written to a file, which belongs into `src/test/resources/presence/load/fuzz` when what
/// it found is mended.
///
/// System properties: `minutes` (30), `seed` (by the clock), `case` (all; else only this one),
/// `growth.max` (128 MB), `findings` (a directory, `fuzz-findings`).
public final class Fuzz {
  private static final int FINDINGS_MAX = 20;
  private static final long WARM_UP = 2_000;
  private static final int PATIENCE_S = 10;

  private final NodeProcess node;
  private final Campaign campaign;
  private final long seed;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private @Nullable HeapHistogram warm;
  private int complaints;

  private Fuzz(NodeProcess node, Campaign campaign, long seed) {
    this.node = node;
    this.campaign = campaign;
    this.seed = seed;
  }

  public static void main(String[] args) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Long one = Long.getLong("case");
    Report report =
        one != null
            ? run(seed, one, one, Duration.ofDays(1), Long.MAX_VALUE)
            : run(
                seed,
                0,
                Long.MAX_VALUE,
                Duration.ofMinutes(Long.getLong("minutes", 30)),
                Long.getLong("growth.max", 128));
    report.exit();
  }

  /// Runs these cases for some time, against a node of its own, and prints the page.
  ///
  /// @param growthMax of the node's live heap, in MB
  static Report run(long seed, long first, long last, Duration time, long growthMax)
      throws Exception {
    Report report = new Report("Fuzz: seed %d".formatted(seed));
    try (NodeProcess node = NodeProcess.start(Operator.SETTINGS);
        PresenceClient client = client(node);
        Campaign campaign = new Campaign(targets(node, client), seed)) {
      Fuzz fuzz = new Fuzz(node, campaign, seed);
      fuzz.run(first, last, time);
      fuzz.report(report, growthMax);
      report.checkLog(node);
    }
    return report;
  }

  /// Everything that is fuzzed, in the order of the cases.
  static List<Target> targets(NodeProcess node, PresenceClient client) throws Exception {
    ServerMessage.Udp udp = client.connect().get(PATIENCE_S, TimeUnit.SECONDS).udp();
    if (udp == null) {
      throw new IllegalStateException("the node takes no datagrams");
    }
    RequestTarget requests =
        new RequestTarget(node.url(), Operator.SETTINGS.getOrDefault("PRESENCE_ADMIN_TOKEN", ""));
    return List.of(
        new FrameTarget(),
        new MessageTarget(),
        new EventTarget(),
        requests,
        requests.streams(),
        new DatagramTarget(udp));
  }

  static PresenceClient client(NodeProcess node) {
    URI socket = URI.create(node.url().toString().replaceFirst("http", "ws") + "/ws");
    return new PresenceClient(ClientOptions.of(socket), new PresenceListener() {});
  }

  private void run(long first, long last, Duration time) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    for (long number = first; number <= last && System.nanoTime() < end; number++) {
      if (number == first + WARM_UP) {
        warm = HeapHistogram.of(node.pid());
      }
      campaign.attempt(number).ifPresent(this::found);
      counts.merge(campaign.target(number).name(), 1L, Long::sum);
      listen(number);
      if (findings.size() >= FINDINGS_MAX) {
        return;
      }
    }
  }

  private void report(Report report, long growthMax) throws Exception {
    counts.forEach((target, count) -> report.note(target, "%,d cases".formatted(count)));
    report.check(findings.isEmpty(), "findings", "%,d".formatted(findings.size()));
    report.check(node.isAlive(), "the node", node.isAlive() ? "lives" : "ended");
    HeapHistogram before = warm;
    if (before != null && node.isAlive()) {
      long growth = (HeapHistogram.of(node.pid()).bytes() - before.bytes()) >> 20;
      report.check(
          growth <= growthMax,
          "live heap of the node",
          "%,d MB more, at most %,d MB".formatted(growth, growthMax));
    }
  }

  private void found(Finding finding) {
    findings.add(finding);
    System.out.println(finding);
    System.out.printf("       again: -Dseed=%d -Dcase=%d%n", seed, finding.number());
    try {
      Path directory =
          Path.of(System.getProperty("findings", "fuzz-findings")).resolve(finding.target());
      Files.createDirectories(directory);
      Path file = directory.resolve("%d-%d".formatted(seed, finding.number()));
      System.out.println("       input: " + Files.write(file, campaign.input(finding.number())));
    } catch (IOException e) {
      System.out.println("       its input could not be written: " + e);
    }
  }

  /// What the node said since the case before is of this one, or of one a little earlier.
  private void listen(long number) {
    List<String> said = node.complaints();
    for (; complaints < said.size(); complaints++) {
      System.out.printf(
          "by case %d, -Dseed=%d, the node said: %s%n", number, seed, said.get(complaints));
    }
  }
}
