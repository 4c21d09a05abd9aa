package presence.load;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import presence.load.process.NodeProcess;

/// One address holds sockets that never say hello and says a thousand times a second what is none,
/// while people at other addresses talk: how long a word of theirs takes, before and meanwhile.
///
/// System properties: `idle` (10,000), `hellos` (1,000 a second), `talkers` (20), `seconds` (30,
/// for each part), `factor.max` (3), `limits` (`on`; see [Limits]).
public final class GarbageStorm {
  private static final String INSTANCE = "storm";
  private static final InetAddress ATTACKER = InetAddress.ofLiteral("127.66.66.66");
  private static final int TICKS_PER_SECOND = 10;
  private static final int PATIENCE_S = 60;

  private final Size size;
  private final Duration part;
  private final Swarm honest;
  private final Attacker attacker;
  private final Swarm foreign;
  private final List<Talker> talkers = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final CompletableFuture<Void> gathered = new CompletableFuture<>();
  private final CompletableFuture<Void> hasAll = new CompletableFuture<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("garbage-clock").factory());
  private int joined;
  private int turn;

  /// How much of each.
  ///
  /// @param idle sockets that say nothing
  /// @param hellos that are none, a second
  record Size(int idle, int hellos, int talkers) {}

  /// What the node lets one address do.
  enum Limits {
    /// As a node comes.
    ON,
    /// It may have all these sockets, and keep them; before it has, nothing is measured.
    ALL_SOCKETS,
    /// Whatever it likes.
    OFF;

    private Map<String, String> settings(Size size) {
      Map<String, String> settings = new HashMap<>();
      settings.put("PRESENCE_RATES_CHAT_PER_MINUTE", "600");
      settings.put("PRESENCE_RATES_CHAT_BURST", "20");
      settings.put("PRESENCE_CALLERS_UNLIMITED", this == OFF ? "127.0.0.0/8" : "127.0.0.1");
      if (this == ALL_SOCKETS) {
        String some = Integer.toString(size.idle() + 1_000);
        settings.put("PRESENCE_CALLERS_CONNECTIONS_MAX", some);
        settings.put("PRESENCE_CALLERS_SOCKETS_MAX", some);
        settings.put("PRESENCE_CALLERS_OPENS_BURST", some);
        settings.put("PRESENCE_CONNECTION_HELLO_DEADLINE", "1h");
      }
      return settings;
    }
  }

  private GarbageStorm(Size size, Duration part, Swarm honest, Swarm foreign) {
    this.size = size;
    this.part = part;
    this.honest = honest;
    this.foreign = foreign;
    this.attacker = new Attacker(foreign, ATTACKER);
  }

  public static void main(String[] args) throws Exception {
    Size size =
        new Size(
            Integer.getInteger("idle", 10_000),
            Integer.getInteger("hellos", 1_000),
            Integer.getInteger("talkers", 20));
    Duration part = Duration.ofSeconds(Integer.getInteger("seconds", 30));
    Limits limits =
        Limits.valueOf(
            System.getProperty("limits", "on").replace('-', '_').toUpperCase(Locale.ROOT));
    run(size, part, limits, Integer.getInteger("factor.max", 3)).exit();
  }

  /// Runs the scenario against a node of its own and prints the page.
  ///
  /// @param factorMax by how much the p99 may grow
  static Report run(Size size, Duration part, Limits limits, int factorMax) throws Exception {
    Report report =
        new Report(
            "GarbageStorm: %,d sockets, %,d hellos a second, limits %s"
                .formatted(size.idle(), size.hellos(), limits));
    try (NodeProcess node = NodeProcess.start(limits.settings(size));
        Rest rest = new Rest(node.url());
        Swarm honest = Swarm.of(node.url());
        Swarm foreign = Swarm.of(node.url())) {
      GarbageStorm storm = new GarbageStorm(size, part, honest, foreign);
      storm.gather(rest.tokens("talker", size.talkers()));
      storm.rage(report, node, limits, factorMax);
      report.checkLog(node);
    }
    return report;
  }

  /// Everybody comes from an address of their own.
  private void gather(List<String> tokens) throws Exception {
    Wording wording = new Wording();
    Map<String, Long> saidAt = new HashMap<>();
    Runnable whenJoined =
        () -> {
          if (++joined == size.talkers()) {
            gathered.complete(null);
          }
        };
    for (int number = 0; number < size.talkers(); number++) {
      talkers.add(
          new Talker(INSTANCE, tokens.get(number), number, wording, saidAt, failures, whenJoined));
    }
    honest.run(() -> {
      for (int number = 0; number < talkers.size(); number++) {
        honest.open(
            InetAddress.ofLiteral("127.1.%d.%d".formatted(number / 250, 1 + number % 250)),
            talkers.get(number));
      }
    });
    gathered.get(PATIENCE_S, TimeUnit.SECONDS);
  }

  private void rage(Report report, NodeProcess node, Limits limits, int factorMax)
      throws Exception {
    ScheduledFuture<?> talk = every(() -> honest.run(this::speak));
    try {
      passes(part.dividedBy(3)); // until the code is warm
      forgetAges();
      passes(part);
      Percentiles quiet = ages();
      if (limits == Limits.ALL_SOCKETS) {
        ScheduledFuture<?> gathering = every(() -> foreign.run(this::hold));
        hasAll.get(PATIENCE_S, TimeUnit.SECONDS);
        gathering.cancel(false);
        forgetAges();
        passes(part.dividedBy(3));
        report.note("a word while these are held", ages(ages()));
      }
      Duration cpu = node.cpu();
      ScheduledFuture<?> attack = every(() -> foreign.run(this::attack));
      passes(part.dividedBy(3)); // until the attacker has what they get
      forgetAges();
      passes(part);
      Percentiles meanwhile = ages();
      attack.cancel(false);
      report(report, quiet, meanwhile, factorMax);
      double seconds = part.multipliedBy(4).dividedBy(3).toMillis() / 1e3;
      report.note(
          "CPU of the node under attack",
          "%.2f cores".formatted(node.cpu().minus(cpu).toNanos() / 1e9 / seconds));
    } finally {
      talk.cancel(false);
      clock.shutdownNow();
    }
  }

  private ScheduledFuture<?> every(Runnable tick) {
    return clock.scheduleAtFixedRate(tick, 0, 1_000 / TICKS_PER_SECOND, TimeUnit.MILLISECONDS);
  }

  /// Each speaks once a second, a tenth of them at a time.
  private void speak() {
    turn++;
    for (int number = turn % TICKS_PER_SECOND;
        number < talkers.size();
        number += TICKS_PER_SECOND) {
      talkers.get(number).speak();
    }
  }

  private void hold() {
    attacker.hold(size.idle(), size.hellos() / TICKS_PER_SECOND);
    if (attacker.held() >= size.idle()) {
      hasAll.complete(null);
    }
  }

  private void attack() {
    hold();
    attacker.babble(size.hellos() / TICKS_PER_SECOND);
  }

  /// Measured time, not waiting for anything.
  private void passes(Duration time) throws Exception {
    clock.schedule(() -> {}, time.toMillis(), TimeUnit.MILLISECONDS).get();
  }

  /// How old what was heard was when it came, since this was asked last.
  private void forgetAges() {
    honest.run(() -> talkers.forEach(Talker::takeAges));
  }

  private Percentiles ages() throws Exception {
    CompletableFuture<Percentiles> ages = new CompletableFuture<>();
    honest.run(() -> ages.complete(taken()));
    return ages.get(PATIENCE_S, TimeUnit.SECONDS);
  }

  private Percentiles taken() {
    return Percentiles.of(talkers.stream().flatMap(each -> each.takeAges().stream()).toList());
  }

  private void report(Report report, Percentiles quiet, Percentiles meanwhile, int factorMax)
      throws Exception {
    CompletableFuture<String> what = new CompletableFuture<>();
    foreign.run(() ->
        what.complete(
            "%,d sockets held, %,d refused; %,d hellos said, %,d refused a socket"
                .formatted(
                    attacker.heldMost(), attacker.refused(), attacker.said(), attacker.unsaid())));
    report.note("the attacker", what.get(PATIENCE_S, TimeUnit.SECONDS));
    report.note("a word when it is quiet", ages(quiet));
    report.note("a word under attack", ages(meanwhile));
    double factor = (double) meanwhile.at(99) / Math.max(quiet.at(99), 1);
    report.check(
        factor <= factorMax,
        "p99 under attack",
        "%.1f times that when it is quiet, at most %d".formatted(factor, factorMax));
    report.check(
        failures.isEmpty(),
        "failures of honest clients",
        failures.isEmpty() ? "0" : failures.size() + ", the first: " + failures.getFirst());
  }

  private static String ages(Percentiles ages) {
    return "p50 %.1f ms, p99 %.1f ms, max %.1f ms"
        .formatted(ages.at(50) / 1e6, ages.at(99) / 1e6, ages.max() / 1e6);
  }
}
