package presence.cases;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import presence.protocol.ServerMessage;

/// Everything one client was told, in order, and never forgotten: what is claimed of a client is
/// claimed of all it was told, not of one moment.
final class Transcript {
  /// How long a test waits for what must come.
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int TAIL = 12;

  /// @param at milliseconds since 1970
  /// @param frame the text of the frame it came in
  record Heard(long at, String frame, ServerMessage message) {}

  private final List<Heard> all = new ArrayList<>();
  private final String whose;

  Transcript(String whose) {
    this.whose = whose;
  }

  synchronized void add(String frame, ServerMessage message) {
    all.add(new Heard(System.currentTimeMillis(), frame, message));
    notifyAll();
  }

  /// The place after what was heard until now.
  synchronized int end() {
    return all.size();
  }

  synchronized List<Heard> since(int start) {
    return List.copyOf(all.subList(start, all.size()));
  }

  /// The first thing heard from `start` on, also in future, that the function recognises.
  <T> T await(int start, String what, Function<Heard, @Nullable T> recognise) {
    return await(start, PATIENCE, what, recognise);
  }

  synchronized <T> T await(
      int start, Duration patience, String what, Function<Heard, @Nullable T> recognise) {
    long deadline = System.nanoTime() + patience.toNanos();
    int next = start;
    try {
      while (true) {
        for (; next < all.size(); next++) {
          T found = recognise.apply(all.get(next));
          if (found != null) {
            return found;
          }
        }
        long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (left <= 0) {
          throw new AssertionError(
              "%s waited %s for %s, in vain; the last it heard:%n%s"
                  .formatted(whose, patience, what, tail()));
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(whose + " was interrupted", e);
    }
  }

  synchronized String tail() {
    return all.subList(Math.max(0, all.size() - TAIL), all.size()).stream()
        .map(heard -> "  " + heard.message())
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
