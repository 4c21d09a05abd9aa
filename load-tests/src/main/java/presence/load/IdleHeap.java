package presence.load;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import presence.load.HeapHistogram.Owner;
import presence.load.process.NodeProcess;

/// What a session costs the node while nothing happens: the heap, measured after full collections
/// with nobody there, with bare sockets, with sessions, and with sessions that have joined and
/// rest; then the processor time of those at rest, pings and the node's own in it.
///
/// System properties: `sessions` (10,000), `room` (100 sessions), `settle` (130 s: persons that
/// nobody talks to leave memory within two minutes), `watched` (120 s), `heap.max` (20 KB).
public final class IdleHeap implements Participant.Owner {
  /// Clients that do something at the same time; the rest waits its turn.
  private static final int AT_ONCE = 200;

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Swarm swarm;
  private final List<Participant> participants = new ArrayList<>();
  private final Deque<Participant> turn = new ArrayDeque<>();
  private Consumer<Participant> step = participant -> {};
  private CompletableFuture<Void> everybody = new CompletableFuture<>();
  private int missing;

  private IdleHeap(Swarm swarm, List<String> tokens, int room) {
    this.swarm = swarm;
    Wording wording = new Wording();
    for (int number = 0; number < tokens.size(); number++) {
      String instance = "room-" + number / room;
      participants.add(
          new Participant(
              instance, tokens.get(number), number % 2 == 0 ? instance : null, wording, this));
    }
  }

  public static void main(String[] args) throws Exception {
    int sessions = Integer.getInteger("sessions", 10_000);
    run(sessions, Integer.getInteger("room", 100)).exit();
  }

  private static Report run(int sessions, int room) throws Exception {
    Report report = new Report("IdleHeap: %,d sessions in rooms of %,d".formatted(sessions, room));
    Map<String, String> settings = Map.of("PRESENCE_CONNECTION_HELLO_DEADLINE", "30m");
    try (NodeProcess node = NodeProcess.start(settings);
        Swarm swarm = Swarm.of(node.url())) {
      IdleHeap heap = new IdleHeap(swarm, tokens(node, sessions), room);
      Map<String, HeapHistogram> stages = new LinkedHashMap<>();
      HeapHistogram empty = HeapHistogram.of(node.pid());
      heap.everybody(swarm::open);
      stages.put("socket", HeapHistogram.of(node.pid()));
      heap.everybody(Participant::hello);
      stages.put("session", HeapHistogram.of(node.pid()));
      heap.everybody(Participant::join);
      Thread.sleep(Duration.ofSeconds(Long.getLong("settle", 130)));
      Duration cpu = restless(node, Duration.ofSeconds(Long.getLong("watched", 120)));
      HeapHistogram full = HeapHistogram.of(node.pid());
      stages.put("joined", full);
      table(report, empty, stages, sessions);
      double kb = kilobytes(full.bytes() - empty.bytes(), sessions);
      int max = Integer.getInteger("heap.max", 20);
      report.check(kb <= max, "live heap per session", "%.1f KB, at most %d KB".formatted(kb, max));
      double micros = cpu.toNanos() / 1e3 / sessions;
      report.note("processor time, µs a second and session", "%.1f".formatted(micros));
      report.checkLog(node);
    }
    return report;
  }

  /// The processor time of a second in which nothing happens.
  private static Duration restless(NodeProcess node, Duration watched) throws Exception {
    Duration before = node.cpu();
    long began = System.nanoTime();
    Thread.sleep(watched);
    double seconds = (System.nanoTime() - began) / 1e9;
    return Duration.ofNanos(Math.round(node.cpu().minus(before).toNanos() / seconds));
  }

  private static List<String> tokens(NodeProcess node, int sessions) {
    try (Rest rest = new Rest(node.url())) {
      return rest.tokens("idler", sessions);
    }
  }

  /// Lets every client do this step, some at a time, and waits until all have done it.
  private void everybody(Consumer<Participant> step) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    swarm.run(() -> {
      this.step = step;
      everybody = done;
      missing = participants.size();
      turn.addAll(participants);
      for (int i = 0; i < AT_ONCE && !turn.isEmpty(); i++) {
        step.accept(turn.remove());
      }
    });
    done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private void stepped() {
    missing--;
    if (!turn.isEmpty()) {
      step.accept(turn.remove());
    } else if (missing == 0) {
      everybody.complete(null);
    }
  }

  @Override
  public void opened(Participant participant) {
    stepped();
  }

  @Override
  public void welcomed(Participant participant) {
    stepped();
  }

  @Override
  public void joined(Participant participant) {
    stepped();
  }

  @Override
  public void followed(Participant participant) {}

  @Override
  public void failed(Participant participant, String why) {
    everybody.completeExceptionally(new IllegalStateException(why));
  }

  private static void table(
      Report report, HeapHistogram empty, Map<String, HeapHistogram> stages, int sessions) {
    report.note("nobody there", "%.1f MB".formatted(empty.bytes() / 1e6));
    report.note("KB per session, with", columns(stages.keySet(), "%9s"));
    for (Owner owner : Owner.values()) {
      report.note(
          owner.title(),
          columns(
              stages.values().stream()
                  .map(stage -> kilobytes(stage.bytes(owner) - empty.bytes(owner), sessions))
                  .toList(),
              "%9.1f"));
    }
    report.note(
        "all",
        columns(
            stages.values().stream()
                .map(stage -> kilobytes(stage.bytes() - empty.bytes(), sessions))
                .toList(),
            "%9.1f"));
  }

  private static String columns(Iterable<?> values, String format) {
    StringBuilder line = new StringBuilder();
    values.forEach(value -> line.append(String.format(format, value)));
    return line.toString();
  }

  private static double kilobytes(long bytes, int sessions) {
    return (double) bytes / sessions / 1024;
  }
}
