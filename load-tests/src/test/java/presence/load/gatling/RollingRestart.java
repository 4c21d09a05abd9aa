package presence.load.gatling;

import static io.gatling.javaapi.core.CoreDsl.dummy;
import static io.gatling.javaapi.core.CoreDsl.exec;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Three nodes are stopped and started, one after the other, under users who move from one to the
/// next and keep their sessions. Begins once all have come, and lasts until all nodes are back.
public final class RollingRestart extends Load {
  private static final Duration AFTERWARDS = Duration.ofSeconds(5);

  private final CompletableFuture<Void> restarted = new CompletableFuture<>();

  public RollingRestart() {
    super("three", 200, false);
    play(
        client
            .comes()
            .exec(client.joins())
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

  @Override
  public void before() {
    long whenAllHaveCome = 2L * Integer.getInteger("ramp", 5);
    CompletableFuture.delayedExecutor(whenAllHaveCome, TimeUnit.SECONDS).execute(this::restart);
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
