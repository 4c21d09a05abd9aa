package presence.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.japi.pf.ReceiveBuilder;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import scala.PartialFunction;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/// What Pekko takes for a journal: the one of the world that is open.
public final class JournalPlugin extends AsyncWriteJournal {

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> writes) {
    var events = new ArrayList<PersistentRepr>();
    var results = new ArrayList<Optional<Exception>>();
    for (var write : writes) {
      events.addAll(CollectionConverters.asJava(write.payload()));
      results.add(Optional.empty());
    }
    var persistenceId = events.getFirst().persistenceId();
    return Journal.current().write(persistenceId, List.copyOf(events), results);
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long sequenceNr) {
    return Journal.current().change(persistenceId, () -> log(persistenceId).deleteTo(sequenceNr));
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
    return Journal.current()
        .read(
            persistenceId,
            () -> {
              log(persistenceId).events(from, to, max).forEach(replay);
              return null;
            });
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long from) {
    return Journal.current().read(persistenceId, () -> log(persistenceId).highest());
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receivePluginInternal() {
    return restarting();
  }

  /// The answer to [Machine.Restart].
  static PartialFunction<Object, BoxedUnit> restarting() {
    return ReceiveBuilder.create()
        .match(
            Machine.Restart.class,
            now -> {
              throw new Machine.Restarting();
            })
        .build()
        .onMessage();
  }

  private static EventLog log(String persistenceId) {
    return Journal.current().log(persistenceId);
  }
}
