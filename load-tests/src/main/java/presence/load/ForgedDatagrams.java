package presence.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import presence.client.ClientOptions;
import presence.client.PresenceClient;
import presence.client.PresenceListener;
import presence.load.process.NodeProcess;
import presence.load.process.Operator;
import presence.protocol.ServerMessage;

/// Datagrams that no client of the node has sent: noise, mutations of genuine ones, genuine ones
/// once more or with a ticket that has ended. Behind each batch a genuine client pings, so that the
/// batch is known to have been looked at before the next.
///
/// System properties: `count` (1,000,000), `batch` (100), `growth.max` (1,024 KB), `seed`.
public final class ForgedDatagrams {
  private static final int WARM_UP = 50_000;
  private static final int PATIENCE_S = 10;

  private final NodeProcess node;
  private final Operator operator;
  private final Forger forger;
  private final Pinger pinger;

  private ForgedDatagrams(NodeProcess node, Operator operator, Forger forger, Pinger pinger) {
    this.node = node;
    this.operator = operator;
    this.forger = forger;
    this.pinger = pinger;
  }

  public static void main(String[] args) throws Exception {
    run(Integer.getInteger("count", 1_000_000), Long.getLong("growth.max", 1_024)).exit();
  }

  /// Runs the scenario against a node of its own and prints the page.
  ///
  /// @param growthMax of the node's live heap, in KB
  static Report run(int count, long growthMax) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Report report = new Report("ForgedDatagrams: %,d, seed %d".formatted(count, seed));
    try (NodeProcess node = NodeProcess.start(Operator.SETTINGS);
        Operator operator = new Operator();
        PresenceClient victim = client(node);
        PresenceClient leaver = client(node)) {
      ServerMessage.Udp ended = udp(leaver);
      leaver.bye().get(PATIENCE_S, TimeUnit.SECONDS);
      ServerMessage.Udp stolen = udp(victim);
      try (Pinger pinger = new Pinger(stolen)) {
        pinger.ping();
        Forger forger = new Forger(stolen, ended, pinger::said, new Random(seed));
        new ForgedDatagrams(node, operator, forger, pinger).run(report, count, growthMax);
      }
      report.checkLog(node);
    }
    return report;
  }

  private static PresenceClient client(NodeProcess node) {
    URI socket = URI.create(node.url().toString().replaceFirst("http", "ws") + "/ws");
    return new PresenceClient(ClientOptions.of(socket), new PresenceListener() {});
  }

  private static ServerMessage.Udp udp(PresenceClient client) throws Exception {
    ServerMessage.Udp udp = client.connect().get(PATIENCE_S, TimeUnit.SECONDS).udp();
    if (udp == null) {
      throw new IllegalStateException("the node takes no datagrams");
    }
    return udp;
  }

  private void run(Report report, int count, long growthMax) throws IOException {
    forge(WARM_UP);
    HeapHistogram before = HeapHistogram.of(node.pid());
    JsonNode untouched = traffic();
    long answered = pinger.answered();
    Duration cpu = node.cpu();
    long began = System.nanoTime();
    forge(count);
    double seconds = (System.nanoTime() - began) / 1e9;
    double micros = node.cpu().minus(cpu).toNanos() / 1e3 / count;
    JsonNode traffic = traffic();
    HeapHistogram after = HeapHistogram.of(node.pid());

    long accepted = number(traffic, untouched, "/accepted") - (pinger.answered() - answered);
    long dropped = 0;
    for (String why : traffic.get("dropped").propertyStream().map(each -> each.getKey()).toList()) {
      long drops = number(traffic, untouched, "/dropped/" + why);
      report.note("dropped as " + why, "%,d".formatted(drops));
      dropped += drops;
    }
    report.note(
        "in all",
        "%.1f s, %.1f µs of the node's CPU each, pings included".formatted(seconds, micros));
    report.check(dropped >= count * 0.99, "looked at", "%,d of %,d".formatted(dropped, count));
    report.check(accepted == 0, "accepted", "%,d".formatted(accepted));
    report.check(pinger.lost() == 0, "genuine pings unanswered", "%,d".formatted(pinger.lost()));
    long growth = (after.bytes() - before.bytes()) / 1024;
    report.check(
        growth <= growthMax,
        "live heap of the node",
        "%,d KB more, at most %,d KB".formatted(growth, growthMax));
  }

  private JsonNode traffic() {
    return operator.traffic(node.url());
  }

  private static long number(JsonNode now, JsonNode before, String path) {
    return now.at(path).asLong() - before.at(path).asLong();
  }

  private void forge(int count) throws IOException {
    int batch = Integer.getInteger("batch", 100);
    for (int sent = 0; sent < count; sent++) {
      pinger.send(forger.next());
      if (sent % batch == batch - 1) {
        pinger.ping();
      }
    }
    pinger.ping();
  }
}
