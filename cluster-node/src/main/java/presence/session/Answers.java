package presence.session;

import java.util.LinkedHashMap;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.session.SessionCommand.Order;

/// Which orders of one connection this incarnation has taken lately, and what it answered. A
/// connection that waits repeats all its orders in their order; done once more, an older one would
/// undo a later one.
final class Answers {
  /// As many as a connection holds without an answer.
  private static final int SIZE_MAX = 256;

  private record Answer(@Nullable Notice notice) {
    private static final Answer NOT_YET = new Answer(null);
  }

  private final LinkedHashMap<Long, Answer> recent = new LinkedHashMap<>(2);
  private final LinkedHashMap<Long, Answer> older = new LinkedHashMap<>(2);
  private @Nullable ActorRef<Notice> connection;

  /// Takes an order, or answers it once more.
  ///
  /// @return whether it is new and has to be done
  boolean take(Order order) {
    if (!order.connection().equals(connection)) {
      connection = order.connection();
      recent.clear();
      older.clear();
    }
    Answer answer = recent.getOrDefault(order.number(), older.get(order.number()));
    if (answer == null) {
      recent.put(order.number(), Answer.NOT_YET);
      if (recent.size() > SIZE_MAX) {
        recent.pollFirstEntry();
      }
      return true;
    }
    if (answer.notice() != null) {
      order.connection().tell(answer.notice());
    }
    return false;
  }

  /// Answers an order, and remembers what.
  void give(ActorRef<Notice> to, long number, Notice notice) {
    if (to.equals(connection)) {
      Answer answer = new Answer(notice);
      if (recent.replace(number, answer) == null) {
        older.replace(number, answer);
      }
    }
    to.tell(notice);
  }

  /// The connection gave a sign of life: what was answered before its last one it has got.
  void age() {
    older.values().removeIf(answer -> answer.notice() != null);
    older.putAll(recent);
    recent.clear();
  }

  /// After a failed write: what was neither answered nor waits is taken anew when it is repeated.
  void forgetUnanswered(Set<Long> waiting) {
    recent.entrySet().removeIf(each -> isLost(each.getKey(), each.getValue(), waiting));
    older.entrySet().removeIf(each -> isLost(each.getKey(), each.getValue(), waiting));
  }

  private static boolean isLost(long number, Answer answer, Set<Long> waiting) {
    return answer.notice() == null && !waiting.contains(number);
  }
}
