package presence.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorldTest {

  private final World world = World.open(1);
  private final Host host = world.host("n1");
  private final Inbox<String> inbox = host.inbox("inbox");

  @AfterEach
  void close() {
    world.close();
  }

  /// Starts a timer for each number, in milliseconds, in this order.
  private Behavior<Integer> alarms(int... millis) {
    return Behaviors.withTimers(timers -> {
      for (var i = 0; i < millis.length; i++) {
        timers.startSingleTimer(i, i, Duration.ofMillis(millis[i]));
      }
      return Behaviors.receiveMessage(i -> {
        inbox.ref().tell(i + " at " + world.clock().instant());
        return Behaviors.same();
      });
    });
  }

  @Test
  void timersComeInTheOrderInWhichTheyAreDue() {
    var _ = host.spawn("alarms", alarms(300, 100, 200));

    world.run(Duration.ofSeconds(1));

    assertThat(inbox.messages())
        .containsExactly(
            "1 at 2026-01-01T00:00:00.100Z",
            "2 at 2026-01-01T00:00:00.200Z",
            "0 at 2026-01-01T00:00:00.300Z");
  }

  @Test
  void timersOfOneMomentComeInTheOrderInWhichTheyWereStarted() {
    var _ = host.spawn("first", alarms(50, 50, 50));
    var _ = host.spawn("second", alarms(50, 50, 50));

    world.run(Duration.ofSeconds(1));

    assertThat(inbox.messages())
        .extracting(said -> said.charAt(0))
        .containsExactly('0', '1', '2', '0', '1', '2');
  }

  @Test
  void timersOfTheFutureWait() {
    var _ = host.spawn("alarms", alarms(100, 101));

    world.run(Duration.ofMillis(100));
    assertThat(inbox.take()).hasSize(1);

    world.settle();
    assertThat(inbox.take()).isEmpty();
    assertThat(world.clock().instant()).isEqualTo(Instant.parse("2026-01-01T00:00:00.100Z"));

    world.run(Duration.ofMillis(1));
    assertThat(inbox.take()).hasSize(1);
  }

  @Test
  void aYearPassesAtOnce() {
    var _ =
        host.spawn(
            "ticks",
            Behaviors.<String>withTimers(timers -> {
              timers.startTimerAtFixedRate("tick", Duration.ofDays(1));
              return Behaviors.receiveMessage(tick -> {
                inbox.ref().tell(tick);
                return Behaviors.same();
              });
            }));

    world.run(Duration.ofDays(365));

    assertThat(inbox.messages()).hasSize(365);
  }

  @Test
  void nothingRunsUntilTimePasses() {
    ActorRef<String> echo = host.spawn("echo", echo());
    echo.tell("a");
    assertThat(inbox.messages()).isEmpty();

    world.settle();

    assertThat(inbox.messages()).containsExactly("a");
  }

  @Test
  void noThreadIsStarted() {
    var door = world.outside("client").door(Tally.TYPE);
    var totals = world.outside("client").<Tally.Total>inbox("totals");
    door.accept("a", new Tally.Add(1, 5, totals.ref()));
    world.settle();

    assertThat(totals.messages()).hasSize(1);
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().contains("simulation"))
        .isEmpty();
  }

  @Test
  void anotherThreadIsRefused() {
    ActorRef<String> echo = host.spawn("echo", echo());
    world.settle();

    CompletableFuture.runAsync(() -> echo.tell("from afar")).join();

    assertThatThrownBy(world::settle).hasMessageContaining("not the only thread");
  }

  @Test
  void anActorThatFailsIsAFailureOfTheWorld() {
    ActorRef<String> fails = host.spawn("fails", failing());
    fails.tell("x");
    world.settle();

    assertThat(world.failures()).singleElement().asString().contains("IllegalStateException: x");
  }

  @Test
  void anActorThatFailsAndIsRestartedIsAFailureOfTheWorldToo() {
    ActorRef<String> fails =
        host.spawn("fails", Behaviors.supervise(failing()).onFailure(SupervisorStrategy.restart()));
    fails.tell("x");
    world.settle();

    assertThat(world.failures()).singleElement().asString().contains("IllegalStateException: x");
  }

  @Test
  void aLoopIsReportedNotWaitedFor() {
    ActorRef<String> loop =
        host.spawn(
            "loop",
            Behaviors.setup(context ->
                Behaviors.receiveMessage(message -> {
                  context.getSelf().tell(message);
                  return Behaviors.same();
                })));
    loop.tell("x");

    assertThatThrownBy(world::settle).hasMessageContaining("no rest after");
  }

  private Behavior<String> echo() {
    return Behaviors.receiveMessage(message -> {
      inbox.ref().tell(message);
      return Behaviors.same();
    });
  }

  private static Behavior<String> failing() {
    return Behaviors.receiveMessage(message -> {
      throw new IllegalStateException(message);
    });
  }
}
