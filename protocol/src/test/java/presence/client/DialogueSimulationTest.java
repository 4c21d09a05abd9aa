package presence.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.protocol.ClientMessage;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// Whatever is lost, delayed, refused or begun anew: every view the client shows is the truth at
/// its seq, and once it is quiet the view is the newest. `-Dpresence.seeds=N` tries more seeds,
/// `-Dpresence.seed=N` only this one.
class DialogueSimulationTest {
  private static final int SEEDS = Integer.getInteger("presence.seeds", 300);
  private static final int STEPS = 400;

  private static final class Run {
    final SplittableRandom random;
    final ModelServer server;
    final Stage stage = Stage.anonymous();
    int sockets;
    int checked;
    CompletableFuture<View> joined = new CompletableFuture<>();

    Run(long seed) {
      random = new SplittableRandom(seed);
      server = new ModelServer(random);
    }

    View play() {
      var _ = stage.start();
      joined = stage.join();
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(8)) {
          case 0, 1 -> server.change();
          case 2 -> server.flush();
          case 3 -> deliverToServer(1);
          case 4, 5 -> deliverToClient(1 + random.nextInt(3));
          case 6 -> stage.advance(random.nextInt(1_000));
          default -> maybeLose();
        }
        check();
        connect();
      }
      quieten();
      assertThat(joined).isCompleted();
      return stage.views.getLast();
    }

    void maybeLose() {
      if (server.sometimes(5) && stage.dialogue.state() == Dialogue.State.LIVE) {
        server.lost();
        stage.said.clear();
        stage.dialogue.closed(1006, "lost");
      }
    }

    void connect() {
      if (stage.sockets > sockets) {
        sockets = stage.sockets;
        server.lost();
        stage.said.clear();
        stage.dialogue.opened();
      }
    }

    void deliverToServer(int most) {
      for (int i = 0; i < most && !stage.said.isEmpty(); i++) {
        server.hear(stage.said.removeFirst());
      }
    }

    void deliverToClient(int most) {
      for (int i = 0; i < most; i++) {
        ServerMessage next = server.next();
        if (next == null) {
          return;
        }
        stage.hear(next);
      }
    }

    /// Nothing goes wrong any more; one more change shows whether something is missing.
    void quieten() {
      server.hard = false;
      for (int round = 0; round < 60; round++) {
        if (round == 30) {
          server.change();
          server.flush();
        }
        connect();
        deliverToServer(100);
        deliverToClient(100);
        stage.hear(new ServerMessage.Ping());
        stage.said.removeIf(ClientMessage.Pong.class::isInstance);
        stage.advance(1_000);
        check();
      }
    }

    /// Looks at every view that was shown; asks again to join, as an application does that was
    /// refused for now.
    void check() {
      if (joined.isCompletedExceptionally()) {
        joined = stage.join();
      }
      for (; checked < stage.views.size(); checked++) {
        View view = stage.views.get(checked);
        assertThat(server.isTrue(view.at(), view.online().keySet()))
            .as("%s at %s", view.online().keySet(), view.at())
            .isTrue();
      }
    }
  }

  @Test
  @Timeout(600)
  void theViewIsAlwaysTrueAndInTheEndTheNewest() {
    long shown = 0;
    Long only = Long.getLong("presence.seed");
    for (long seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
      try {
        Run run = new Run(seed);
        assertThat(run.play().at()).isEqualTo(run.server.now());
        assertThat(run.stage.events).noneMatch(event -> event.startsWith("left"));
        shown += run.checked;
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Dpresence.seed=" + seed, e);
      }
    }
    assertThat(shown).as("views that were shown").isGreaterThan(20);
  }
}
