package presence.load.workspace;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A client that alone looks at a session, so that a watcher on another node can say when it read
/// of what this client did.
public final class Probe {
  private static final int PATIENCE_S = 20;

  private final Visitor visitor;
  private final String session;
  private final Watcher watcher;
  private final List<Long> attaches = new ArrayList<>();
  private final List<Long> losses = new ArrayList<>();
  private final List<Long> selections = new ArrayList<>();

  public Probe(Visitor visitor, String session, Watcher watcher) {
    this.visitor = visitor;
    this.session = session;
    this.watcher = watcher;
  }

  /// Comes and looks at its session.
  public void come() {
    visitor.attach();
    measure(1, () -> visitor.select(session));
  }

  /// Loses its stream and comes back, looks away and looks again: each is measured from before its
  /// first byte until the watcher has read of it.
  public synchronized void measure() {
    losses.add(measure(0, () -> visitor.lose(true)));
    attaches.add(measure(1, visitor::attach));
    measure(0, () -> visitor.select(null));
    selections.add(measure(1, () -> visitor.select(session)));
  }

  private long measure(int attached, Runnable action) {
    CompletableFuture<Long> read = watcher.reads(session, attached);
    long since = System.nanoTime();
    action.run();
    try {
      return read.get(PATIENCE_S, TimeUnit.SECONDS) - since;
    } catch (ExecutionException | InterruptedException | TimeoutException e) {
      throw new IllegalStateException("nobody was told of " + session, e);
    }
  }

  /// Nanoseconds of each attach; only when nothing is measured any more.
  public List<Long> attaches() {
    return attaches;
  }

  public List<Long> losses() {
    return losses;
  }

  public List<Long> selections() {
    return selections;
  }
}
