package presence.testkit;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.apache.pekko.persistence.testkit.javadsl.SnapshotTestKit;

/// An actor system whose time only passes when a test says so, and whose journal holds bytes that
/// the real serializer wrote.
public final class TestSystem implements AutoCloseable, InstantSource {
  private final ActorTestKit kit =
      ActorTestKit.create(
          "behaviour",
          ConfigFactory.load(
              ConfigFactory.parseResources("behaviour.conf")
                  .withFallback(PersistenceTestKitPlugin.config())
                  .withFallback(PersistenceTestKitSnapshotPlugin.config())));
  private final ManualClock clock = ManualClock.of(kit.system());

  @Override
  public Instant instant() {
    return clock.instant();
  }

  /// Lets time pass, for the clock and for every timer; what the timers tell is on its way when
  /// this returns.
  public void passes(Duration time) {
    passes(time, () -> {});
  }

  /// Lets time pass; at every timer the actors come to rest.
  void passes(Duration time, Runnable rest) {
    clock.passes(time, rest);
  }

  public ActorTestKit kit() {
    return kit;
  }

  public <T> TestProbe<T> probe() {
    return kit.createTestProbe();
  }

  PersistenceTestKit journal() {
    return PersistenceTestKit.create(kit.system());
  }

  SnapshotTestKit snapshots() {
    return SnapshotTestKit.create(kit.system());
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
