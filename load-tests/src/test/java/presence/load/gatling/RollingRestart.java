package presence.load.gatling;

import static io.gatling.javaapi.core.CoreDsl.dummy;
import static io.gatling.javaapi.core.CoreDsl.exec;

import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// Three nodes are stopped and started, one after the other, under users who move from one to the
/// next and keep their sessions. Begins once all have come, and lasts until all nodes are back.
public final class RollingRestart extends Load {
  private static final Duration AFTERWARDS = Duration.ofSeconds(5);

  private final CompletableFuture<Void> restarted = new CompletableFuture<>();
  private final AtomicInteger joined = new AtomicInteger();

  public RollingRestart() {
    super("three", 200, false);
    play(
        client
            .comes()
            .exec(client.joins())
            .exec(exec(this::joined))
            .exec(client.staysOrMoves(restarted))
            .exec(
                exec(
                    dummy("all nodes are back", 1)
                        .withSuccess(_ -> !restarted.isCompletedExceptionally())))
            .exec(client.stays(AFTERWARDS))
            .exec(client.goes()),
        comingInTurn(),
        "resume");
  }

  /// The last who has come begins it.
  private Session joined(Session session) {
    if (joined.incrementAndGet() == users) {
      Thread.ofPlatform().daemon().name("rolling-restart").start(this::restart);
    }
    return session;
  }

  private void restart() {
    try {
      target.restartAll();
      restarted.complete(null);
    } catch (RuntimeException e) {
      restarted.completeExceptionally(e);
    }
  }
}
