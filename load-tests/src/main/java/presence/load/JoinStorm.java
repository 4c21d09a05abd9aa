package presence.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import presence.load.process.NodeProcess;
import presence.protocol.View;

/// Many clients open a socket, say hello and join one instance, all as fast as they can. Nine of
/// ten are persons of their own, half of whom look at the instance; every tenth is anonymous.
///
/// Nobody gets more frames than the pace of the instance has in the time that they take to come, a
/// quarter more, and a few of their own.
///
/// System properties: `clients` (2,000), `gate` (false; true = everyone joins at the moment the
/// last one is welcomed), `wait.max` (5,000 ms), `patience` (120 s).
public final class JoinStorm implements Participant.Owner {
  private static final String INSTANCE = "storm";
  private static final double TELLINGS_FACTOR = 1.25;
  private static final int FRAMES_OF_ITS_OWN = 15;

  private final int clients;
  private final boolean gate;
  private final Swarm swarm;
  private final List<Participant> participants = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Set<Participant> behind;
  private final Growth growth = new Growth();
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private long welcomed;

  private JoinStorm(int clients, boolean gate, Swarm swarm) {
    this.clients = clients;
    this.gate = gate;
    this.swarm = swarm;
    this.behind = new HashSet<>(clients);
  }

  public static void main(String[] args) throws Exception {
    Duration waitMax = Duration.ofMillis(Long.getLong("wait.max", 5_000));
    run(Integer.getInteger("clients", 2_000), Boolean.getBoolean("gate"), waitMax).exit();
  }

  /// Runs the scenario against a node of its own and prints the page.
  ///
  /// @param waitMax from a client's asking to join until it has the whole set
  static Report run(int clients, boolean gate, Duration waitMax) throws Exception {
    Report report =
        new Report(
            "JoinStorm: %,d clients, one instance%s".formatted(clients, gate ? ", gate" : ""));
    try (NodeProcess node = NodeProcess.start(Map.of());
        Rest rest = new Rest(node.url());
        Swarm swarm = Swarm.ofBrowsers(node.url())) {
      JoinStorm storm = new JoinStorm(clients, gate, swarm);
      storm.prepare(rest.tokens("guest", clients));
      Duration before = node.cpu();
      long began = System.nanoTime();
      boolean settled = storm.rage(Duration.ofSeconds(Long.getLong("patience", 120)));
      long took = System.nanoTime() - began;
      Duration cpu = node.cpu().minus(before);
      report.check(
          settled && storm.failures.isEmpty(),
          "everybody has everybody",
          "after %,d ms%s".formatted(millis(took), storm.complaint()));
      report.note(
          "CPU of the node per client",
          "%.2f ms (connect, hello, join, until all is told)"
              .formatted((double) cpu.toNanos() / 1e6 / clients));
      if (settled) {
        storm.compare(report, rest.roster(INSTANCE));
        storm.measure(report, waitMax);
      }
      report.checkLog(node);
    }
    return report;
  }

  private void prepare(List<String> tokens) {
    Wording wording = new Wording();
    for (int number = 0; number < clients; number++) {
      participants.add(
          new Participant(
              INSTANCE,
              number % 10 == 9 ? null : tokens.get(number),
              number % 2 == 0 ? INSTANCE : null,
              wording,
              this));
    }
    behind.addAll(participants);
  }

  /// Lets everybody loose; whether all had the whole set in time.
  private boolean rage(Duration patience) throws Exception {
    swarm.run(() -> participants.forEach(swarm::open));
    boolean inTime = true;
    try {
      settled.get(patience.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      inTime = false;
    }
    CompletableFuture<Void> quiet = new CompletableFuture<>();
    swarm.run(() -> quiet.complete(null));
    quiet.get(); // what the swarm's thread wrote is read by this one from here on
    return inTime;
  }

  @Override
  public void opened(Participant participant) {
    participant.hello();
  }

  @Override
  public void welcomed(Participant participant) {
    welcomed++;
    if (!gate) {
      participant.join();
    } else if (welcomed == clients) {
      participants.forEach(Participant::join);
    }
  }

  @Override
  public void joined(Participant participant) {}

  @Override
  public void followed(Participant participant) {
    growth.told(participant.sessions(), System.nanoTime());
    if (participant.sees(clients) && behind.remove(participant) && behind.isEmpty()) {
      settled.complete(null);
    }
  }

  @Override
  public void failed(Participant participant, String why) {
    failures.add(why);
  }

  private String complaint() {
    return (behind.isEmpty() ? "" : "; %,d have not".formatted(behind.size()))
        + (failures.isEmpty()
            ? ""
            : "; %,d failures, the first: %s".formatted(failures.size(), failures.getFirst()));
  }

  /// Folds every client's stream and compares what comes out, and with the list.
  private void compare(Report report, Rest.Listed listed) {
    View first = Fold.of(participants.getFirst().stream());
    long different = 0;
    for (Participant participant : participants) {
      different += Fold.of(participant.stream()).equals(first) ? 0 : 1;
    }
    report.check(
        different == 0,
        "every client's set is the same",
        "%,d differ; at seq %d: %s".formatted(different, first.at().seq(), first.counts()));
    report.check(
        listed.online().equals(first.online().keySet()) && listed.here().equals(first.here()),
        "it is the list's, too",
        "%,d people, %,d here".formatted(listed.online().size(), listed.here().size()));
    long persons = participants.stream().filter(each -> !each.isAnonymous()).count();
    long looking =
        participants.stream().filter(each -> !each.isAnonymous() && each.isSomewhere()).count();
    report.check(
        first.counts().people() == persons
            && first.counts().here() == looking
            && first.counts().anonymous() == clients - persons,
        "it is who came",
        "%,d persons, %,d look, %,d anonymous".formatted(persons, looking, clients - persons));
  }

  private void measure(Report report, Duration waitMax) {
    Percentiles frames = percentiles(Participant::frames);
    report.check(
        frames.max() <= TELLINGS_FACTOR * growth.tellings() + FRAMES_OF_ITS_OWN,
        "frames per client",
        "max %d, mean %.1f; the pace of the instance has %.1f, a quarter more and %d may be"
            .formatted(frames.max(), frames.mean(), growth.tellings(), FRAMES_OF_ITS_OWN));
    Percentiles waited = percentiles(Participant::waitedNanos);
    report.check(
        millis(waited.max()) <= waitMax.toMillis(),
        "from chat:join to the whole set",
        "max %,d ms, p99 %,d, p50 %,d, at most %,d ms"
            .formatted(
                millis(waited.max()),
                millis(waited.at(99)),
                millis(waited.at(50)),
                waitMax.toMillis()));
    Percentiles bytes = percentiles(Participant::bytes);
    report.note(
        "bytes per client",
        "max %,d KB, mean %,d KB".formatted(bytes.max() / 1024, (long) bytes.mean() / 1024));
  }

  private Percentiles percentiles(ToLongFunction<Participant> measure) {
    return Percentiles.of(participants.stream().map(measure::applyAsLong).toList());
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
