package presence.load.across;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import presence.load.Nomad;
import presence.load.Report;
import presence.load.Swarm;
import presence.protocol.ServerMessage;

/// Clients that come together and go together; what happens to them between is for a witness.
final class Troop implements Nomad.Owner {
  /// Coming or going at once: as many as keep the nodes busy, few enough for each to be served
  /// soon.
  private static final int AT_ONCE_MAX = 64;

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final long RETRY_MS = 250;
  private static final int FAILURES_SHOWN_MAX = 10;

  /// Who is told what becomes of the troop while it is there; on the swarm's thread.
  interface Witness {
    /// It has a socket again, and says hello now.
    default void greets(Nomad nomad) {}

    default void welcomed(Nomad nomad) {}

    /// Its socket is gone, or could not be had; nothing of the kind is expected.
    default void lost(Troop troop, Nomad nomad, int code) {
      troop.failures.add("closed " + code);
    }

    /// Whatever it is told, on its way in too.
    default void heard(Nomad nomad, ServerMessage message) {}
  }

  private enum Phase {
    COMING,
    THERE,
    GOING
  }

  private final Stage stage;
  private final Witness witness;
  private final List<Nomad> all = new ArrayList<>();
  private final Deque<Nomad> outside = new ArrayDeque<>();
  private final Deque<Nomad> inside = new ArrayDeque<>();
  private final Set<Nomad> coming = new HashSet<>();
  private final List<String> failures = new ArrayList<>();
  private boolean joins;
  private Phase phase = Phase.COMING;

  Troop(Stage stage, Witness witness) {
    this.stage = stage;
    this.witness = witness;
  }

  /// One more, who is yet to come.
  ///
  /// @param home the number of the node it goes to first
  Nomad enlist(String instance, String token, int home) {
    Nomad nomad = new Nomad(instance, token, home, stage.wording(), this);
    all.add(nomad);
    return nomad;
  }

  /// Brings all in, a few at a time.
  ///
  /// @param joining whether they are members of their instances then, or only welcomed
  void come(boolean joining) throws InterruptedException {
    long began = System.nanoTime();
    stage.onSwarm(() -> {
      joins = joining;
      outside.addAll(all);
      openNext();
    });
    if (!stage.await(PATIENCE, () -> !failures.isEmpty() || isIn()) || !failures.isEmpty()) {
      throw new IllegalStateException(
          "%,d of %,d did not come in: %s"
              .formatted(
                  outside.size() + coming.size(), all.size(), failures.stream().limit(3).toList()));
    }
    stage.onSwarm(() -> phase = Phase.THERE);
    stage
        .report()
        .note(
            joining ? "clients who came and joined" : "clients who came",
            "%,d in %.1f s".formatted(all.size(), (System.nanoTime() - began) / 1e9));
  }

  private boolean isIn() {
    return outside.isEmpty() && coming.isEmpty();
  }

  private void openNext() {
    while (!outside.isEmpty() && coming.size() < AT_ONCE_MAX) {
      Nomad next = outside.remove();
      coming.add(next);
      open(next);
    }
  }

  /// Opens a socket for one of them where it is at home now.
  void open(Nomad nomad) {
    Swarm swarm = stage.swarm();
    swarm.open(stage.url(nomad.home()), nomad);
  }

  /// Ends the sessions of all, a few at a time; returns when their sockets are closed.
  void go() throws InterruptedException {
    stage.onSwarm(() -> {
      phase = Phase.GOING;
      inside.addAll(all);
      for (int i = 0; i < AT_ONCE_MAX; i++) {
        sendNext();
      }
    });
    if (!stage.await(PATIENCE, () -> all.stream().noneMatch(Nomad::isAtHome))) {
      throw new IllegalStateException("not everybody could go");
    }
  }

  private void sendNext() {
    while (!inside.isEmpty()) {
      Nomad next = inside.remove();
      if (next.isAtHome()) {
        next.bye();
        return;
      }
    }
  }

  List<Nomad> all() {
    return all;
  }

  /// That none of them was refused anything, or lost what it was not to lose.
  ///
  /// @param who they are, for people
  void report(String who) {
    stage.onSwarm(() -> {
      Report report = stage.report();
      report.check(
          failures.isEmpty(),
          "no " + who + " is refused",
          "%,d failures".formatted(failures.size()));
      failures.stream().distinct().limit(FAILURES_SHOWN_MAX).forEach(System.out::println);
    });
  }

  @Override
  public void opened(Nomad nomad) {
    if (phase == Phase.THERE) {
      witness.greets(nomad);
    }
    nomad.hello();
  }

  @Override
  public void welcomed(Nomad nomad) {
    if (phase != Phase.COMING) {
      witness.welcomed(nomad);
    } else if (joins) {
      nomad.join();
    } else {
      arrived(nomad);
    }
  }

  @Override
  public void followed(Nomad nomad) {
    if (phase == Phase.COMING && joins) {
      arrived(nomad);
    }
  }

  /// A node that is busy with others may not have had it.
  private void again(Nomad nomad) {
    Executor later =
        CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS, stage.swarm()::run);
    later.execute(() -> open(nomad));
  }

  private void arrived(Nomad nomad) {
    if (coming.remove(nomad)) {
      openNext();
    }
  }

  @Override
  public void homeless(Nomad nomad, int code, long afterMs) {
    switch (phase) {
      case COMING -> again(nomad);
      case THERE -> witness.lost(this, nomad, code);
      case GOING -> sendNext();
    }
  }

  @Override
  public void failed(Nomad nomad, String why) {
    failures.add(why);
  }

  /// Notes what must not happen to any.
  void fails(String why) {
    failures.add(why);
  }

  @Override
  public void heard(Nomad nomad, ServerMessage message) {
    witness.heard(nomad, message);
  }
}
