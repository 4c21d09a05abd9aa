package presence.simulation;

import java.util.Optional;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import scala.PartialFunction;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;

/// What Pekko takes for a snapshot store: the journal of the world that is open.
public final class SnapshotPlugin extends SnapshotStore {

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return Journal.current()
        .read(persistenceId, () -> log(persistenceId).snapshot(criteria.maxSequenceNr()));
  }

  @Override
  public Future<Void> doSaveAsync(SnapshotMetadata about, Object state) {
    var journal = Journal.current();
    var kept = journal.kept(state);
    return journal.change(
        about.persistenceId(), () -> log(about.persistenceId()).save(about, kept));
  }

  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata about) {
    var nr = about.sequenceNr();
    return Journal.current()
        .change(about.persistenceId(), () -> log(about.persistenceId()).deleteSnapshots(nr, nr));
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return Journal.current()
        .change(
            persistenceId,
            () ->
                log(persistenceId)
                    .deleteSnapshots(criteria.minSequenceNr(), criteria.maxSequenceNr()));
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receivePluginInternal() {
    return JournalPlugin.restarting();
  }

  private static EventLog log(String persistenceId) {
    return Journal.current().log(persistenceId);
  }
}
