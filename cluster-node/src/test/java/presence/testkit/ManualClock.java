package presence.testkit;

import com.typesafe.config.Config;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.testkit.ExplicitlyTriggeredScheduler;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/// The clock and the timers of a system in one: time stands still until a test lets it pass. Unlike
/// the timers of Pekko's `ManualTime` it does not sleep to let actors come to rest; an [Entity]
/// knows when they have.
public final class ManualClock extends ExplicitlyTriggeredScheduler implements InstantSource {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  /// Called by the actor system, as its configuration says.
  public ManualClock(Config config, LoggingAdapter log, ThreadFactory threads) {
    super(config, log, threads);
  }

  static ManualClock of(ActorSystem<?> system) {
    return (ManualClock) Adapter.toClassic(system).scheduler();
  }

  @Override
  public Instant instant() {
    return START.plusMillis(currentTimeMs());
  }

  /// Lets time pass, from timer to timer; what the timers tell is on its way when this returns.
  void passes(Duration time) {
    timePasses(FiniteDuration.fromNanos(time.toNanos()));
  }

  @Override
  public void timePasses(FiniteDuration time) {
    long until = currentTimeMs() + time.toMillis();
    scheduleOnce(time, () -> {}, ExecutionContext.parasitic$.MODULE$); // time itself arrives there
    executeTasks(until);
  }
}
