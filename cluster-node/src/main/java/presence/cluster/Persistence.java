package presence.cluster;

import java.time.Duration;
import java.util.function.Function;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/// What every event-sourced entity does alike.
public final class Persistence {
  /// A failed write is an unknown write: the entity answers nothing and starts again by replay. The
  /// jitter keeps entities that failed together from coming back together.
  public static final BackoffSupervisorStrategy RESTART =
      SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2);

  /// Every 200 events become a snapshot, and are deleted: recovery stays short and the journal
  /// small.
  public static final RetentionCriteria RETENTION =
      RetentionCriteria.snapshotEvery(200, 1).withDeleteEventsOnSnapshot();

  private Persistence() {}

  /// Snapshots of `S` are written as `W`.
  public static <S, W> SnapshotAdapter<S> snapshots(
      Class<W> written, Function<S, W> write, Function<W, S> read) {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(S state) {
        return write.apply(state);
      }

      @Override
      public S fromJournal(Object from) {
        return read.apply(written.cast(from));
      }
    };
  }
}
