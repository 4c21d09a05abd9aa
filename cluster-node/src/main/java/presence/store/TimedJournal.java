package presence.store;

import com.typesafe.config.Config;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.jdbc.journal.JdbcAsyncWriteJournal;
import presence.cluster.Instruments;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/// The plugin's journal with a clock beside it: a write is timed from the moment an entity asks for
/// it, so what it waits in the plugin's queue counts.
public final class TimedJournal extends JdbcAsyncWriteJournal {
  private final Instruments.WriteMeter writes;

  /// Called by Pekko, which finds the name of this class in `plugin.conf`.
  public TimedJournal(Config config) {
    super(config);
    writes = Instruments.of(context().system().settings().setup()).writes();
  }

  @Override
  public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> messages) {
    long began = System.nanoTime();
    Future<Seq<Try<BoxedUnit>>> written = super.asyncWriteMessages(messages);
    var _ =
        FutureConverters.asJava(written)
            .whenComplete((_, failure) -> writes.wrote(System.nanoTime() - began, failure == null));
    return written;
  }
}
