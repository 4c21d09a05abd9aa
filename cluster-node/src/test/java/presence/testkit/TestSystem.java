package presence.testkit;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.apache.pekko.persistence.testkit.javadsl.SnapshotTestKit;

/// An actor system whose timers and whose clock are one time, which stands still until a test lets
/// it pass, and whose journal holds bytes that the real serializer wrote.
public final class TestSystem implements AutoCloseable, InstantSource {
  private final ActorTestKit kit =
      ActorTestKit.create(
          "behaviour",
          ConfigFactory.load(
              ConfigFactory.parseResources("behaviour.conf")
                  .withFallback(ManualTime.config())
                  .withFallback(PersistenceTestKitPlugin.config())
                  .withFallback(PersistenceTestKitSnapshotPlugin.config())));
  private final ManualTime timers = ManualTime.get(kit.system());
  private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

  @Override
  public Instant instant() {
    return now;
  }

  /// Lets time pass, for the clock and for every timer; what the timers tell is on its way when
  /// this returns.
  public void passes(Duration time) {
    now = now.plus(time);
    timers.timePasses(time);
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
