package presence.store;

import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node does for its journal from time to time: asks whether it answers, purges it, and says
/// there that it lives. Runs on threads of its own until closed.
public final class Upkeep implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration SIGN_EVERY = Duration.ofSeconds(1);

  private final Journal journal;
  private final InstantSource clock;
  private final Duration retention;
  private final ScheduledExecutorService threads;
  private volatile boolean reachable = true;
  private OptionalLong member = OptionalLong.empty();

  private Upkeep(Journal journal, InstantSource clock, Duration retention) {
    this.journal = journal;
    this.clock = clock;
    this.retention = retention;
    // A long purge must neither make the probe's last answer an old one nor hold up a sign of life.
    this.threads =
        Executors.newScheduledThreadPool(
            3, Thread.ofPlatform().daemon().name("journal-upkeep-", 1).factory());
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

  /// Says from now on that this node lives, as a member of its cluster, which whoever would form
  /// another on the same journal must know. Blocks until it was said, or the journal failed.
  ///
  /// @param sign another one each time, by the moment it is given
  public synchronized void saysThatItLives(long node, LongFunction<String> sign) {
    if (member.isEmpty() && !threads.isShutdown()) {
      member = OptionalLong.of(node);
      sign(node, sign);
      every(SIGN_EVERY, () -> sign(node, sign));
    }
  }

  private void sign(long node, LongFunction<String> sign) {
    try {
      journal.facts().lives(node, sign.apply(clock.millis()));
    } catch (JournalUnavailable e) {
      log.debug("No sign of life was left; the next is due in {}", SIGN_EVERY, e);
    } catch (Exception e) { // an exception would end the schedule
      log.warn("No sign of life was left in the journal", e);
    }
  }

  @Override
  public synchronized void close() {
    stop();
    try {
      member.ifPresent(journal.facts()::ends);
    } catch (JournalUnavailable e) {
      log.info("The sign of life stays, so the next start waits a moment: {}", e.getMessage());
    }
  }

  private void stop() {
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
