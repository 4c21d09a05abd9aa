package presence.simulation;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/// What a ref of the test was told, in order.
public final class Inbox<T> {

  private final List<T> messages = new ArrayList<>();
  private @Nullable ActorRef<T> ref;

  Inbox() {}

  /// Where to write to; hand it out in messages.
  public ActorRef<T> ref() {
    if (ref == null) {
      throw new IllegalStateException("not placed yet");
    }
    return ref;
  }

  /// Everything that arrived so far.
  public List<T> messages() {
    return List.copyOf(messages);
  }

  /// Everything that arrived since the last call.
  public List<T> take() {
    var taken = List.copyOf(messages);
    messages.clear();
    return taken;
  }

  void at(ActorRef<T> place) {
    ref = place;
  }

  // A ref takes what its type says; the cast is the one of every actor.
  @SuppressWarnings("unchecked")
  void add(Object message) {
    messages.add((T) message);
  }
}
