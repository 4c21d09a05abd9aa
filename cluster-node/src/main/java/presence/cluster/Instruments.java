package presence.cluster;

import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.setup.Setup;

/// What the parts report to that Pekko makes by itself, from a name in the configuration: one for
/// each actor system, which carries it in its setup.
public final class Instruments extends Setup {

  /// Hears of every write to the journal; called by the thread that completes it.
  @FunctionalInterface
  public interface WriteMeter {
    void wrote(long nanos, boolean succeeded);
  }

  private final WriteMeter writes;
  private final LongAdder waiting = new LongAdder();

  public Instruments(WriteMeter writes) {
    this.writes = writes;
  }

  /// Those of an actor system; if it has none, some that nobody reads.
  public static Instruments of(ActorSystemSetup setup) {
    return setup.get(Instruments.class).orElseGet(() -> new Instruments((_, _) -> {}));
  }

  public WriteMeter writes() {
    return writes;
  }

  /// The messages that wait in the mailboxes of the system.
  public LongAdder waiting() {
    return waiting;
  }
}
