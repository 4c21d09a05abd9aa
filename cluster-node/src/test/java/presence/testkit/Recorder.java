package presence.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import presence.cluster.Door;

/// A door behind which somebody only writes down what comes.
public final class Recorder<C> implements Door<C> {
  /// What was told to whom.
  public record Told<C>(String id, C command) {}

  private final ConcurrentLinkedQueue<Told<C>> told = new ConcurrentLinkedQueue<>();

  @Override
  public void tell(String id, C command) {
    told.add(new Told<>(id, command));
  }

  /// Everything since the last call, and forgets it.
  public List<Told<C>> take() {
    List<Told<C>> taken = new ArrayList<>();
    for (Told<C> each = told.poll(); each != null; each = told.poll()) {
      taken.add(each);
    }
    return taken;
  }

  /// Everything of one kind since the last call; forgets it, and the rest too.
  public <T extends C> List<T> take(Class<T> type) {
    return taken(type).toList();
  }

  private <T extends C> Stream<T> taken(Class<T> type) {
    return take().stream().map(Told::command).filter(type::isInstance).map(type::cast);
  }
}
