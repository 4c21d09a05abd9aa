package presence.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.apache.pekko.dispatch.Mailbox;
import org.jspecify.annotations.Nullable;

/// What is ready to run: every dispatcher of the actor system only adds to it, and one thread takes
/// from it, one task at a time. A task is mostly a mailbox with one message.
///
/// Without a source of chance, tasks run in the order in which they became ready; with one, in any
/// order, as they might on many threads. Each actor still gets its messages in order.
final class Kernel implements Executor {

  private final ArrayDeque<Runnable> inOrder = new ArrayDeque<>();
  private final List<Runnable> inAnyOrder = new ArrayList<>();
  private Thread owner = Thread.currentThread();
  private volatile @Nullable Thread intruder;
  private @Nullable RandomGenerator chance;
  private @Nullable Trace trace;
  private long deliveries;

  @Override
  public void execute(Runnable task) {
    if (!Thread.currentThread().equals(owner)) {
      intruder = Thread.currentThread();
      throw new RejectedExecutionException("not the only thread: " + intruder);
    }
    if (chance == null) {
      inOrder.add(task);
    } else {
      inAnyOrder.add(task);
    }
  }

  /// The calling thread is the one from now on; deliveries are counted anew and noted in `to`;
  /// tasks run in order.
  void begin(@Nullable Trace to) {
    owner = Thread.currentThread();
    intruder = null;
    trace = to;
    deliveries = 0;
    order(null);
  }

  /// From now on in an order drawn from `source`; or, with `null`, in the order in which tasks
  /// become ready.
  void order(@Nullable RandomGenerator source) {
    chance = source;
    inAnyOrder.addAll(inOrder);
    inOrder.clear();
    if (source == null) {
      inOrder.addAll(inAnyOrder);
      inAnyOrder.clear();
    }
  }

  /// Messages delivered to actors since the beginning.
  long deliveries() {
    return deliveries;
  }

  /// Runs one task; false if none is ready.
  boolean step() {
    if (intruder != null) {
      throw new IllegalStateException("not the only thread: " + intruder);
    }
    var task = next();
    if (task == null) {
      return false;
    }
    if (task instanceof Mailbox mailbox) {
      deliveries++;
      if (trace != null) {
        trace.delivery(mailbox);
      }
    }
    task.run();
    return true;
  }

  private @Nullable Runnable next() {
    if (chance == null || inAnyOrder.isEmpty()) {
      return inOrder.poll();
    }
    var size = inAnyOrder.size();
    var last = inAnyOrder.removeLast();
    var index = size == 1 ? 0 : chance.nextInt(size);
    return index == size - 1 ? last : inAnyOrder.set(index, last);
  }
}
