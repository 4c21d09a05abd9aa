package presence.store;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node does for its journal from time to time: asks whether it answers, and purges it. Runs
/// on threads of its own until closed.
public final class Upkeep implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

  private final Journal journal;
  private final InstantSource clock;
  private final Duration retention;
  private final ScheduledExecutorService threads;
  private volatile boolean reachable = true;

  private Upkeep(Journal journal, InstantSource clock, Duration retention) {
    this.journal = journal;
    this.clock = clock;
    this.retention = retention;
    // Two: a long purge must not make the probe's last answer an old one.
    this.threads =
        Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().daemon().name("journal-upkeep-", 1).factory());
  }

  /// Starts the upkeep of a journal that was just opened.
  public static Upkeep of(Journal journal, JournalSettings settings, InstantSource clock) {
    var upkeep = new Upkeep(journal, clock, settings.retention());
    upkeep.every(settings.probeEvery(), upkeep::probe);
    upkeep.every(settings.purgeEvery(), upkeep::purge);
    return upkeep;
  }

  /// What the last probe found; never blocks.
  public boolean journalReachable() {
    return reachable;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("The upkeep of the journal did not stop within 5 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void every(Duration period, Runnable task) {
    var _ =
        threads.scheduleWithFixedDelay(
            task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void probe() {
    var before = reachable;
    reachable = journal.reachable();
    if (before && !reachable) {
      log.warn("The journal does not answer: nothing is accepted until it does");
    } else if (!before && reachable) {
      log.info("The journal answers again");
    }
  }

  private void purge() {
    try {
      var entities = journal.purge(clock.instant().minus(retention));
      if (entities > 0) {
        log.info("Deleted what {} ended entities had left in the journal", entities);
      }
    } catch (Exception e) { // an exception would end the schedule
      log.warn("The journal was not purged; the next attempt does the work: {}", e.getMessage());
    }
  }
}
