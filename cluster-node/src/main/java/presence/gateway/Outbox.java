package presence.gateway;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one client has still to be sent, bounded in bytes.
///
/// When it overflows, the streams are what gives way: everything of a topic that waits is dropped,
/// the topic becomes *stale*, and nothing more of its stream is taken until a fresh snapshot begins
/// it anew. Answers are never dropped; when they alone overflow, the client is beyond help.
final class Outbox {
  private record Item(@Nullable Topic topic, Encoded message) {}

  private final int bytesMax;
  private final int frameBytesMax;
  private final ArrayDeque<Item> items = new ArrayDeque<>(4);
  private final Set<Topic> stale = new LinkedHashSet<>(0);
  private @Nullable Topic beginning;
  private int bytes;

  /// @param bytesMax what may wait
  /// @param frameBytesMax how much of it is joined into one frame, unless one message alone is
  ///   larger
  Outbox(int bytesMax, int frameBytesMax) {
    this.bytesMax = bytesMax;
    this.frameBytesMax = frameBytesMax;
  }

  /// Takes an answer.
  ///
  /// @return whether it fits; if not, the client must be given up
  boolean answer(Encoded message) {
    if (bytes + message.bytes() > bytesMax) {
      giveWay();
    }
    add(null, message);
    return bytes <= bytesMax;
  }

  /// Takes what can be offered again later, if it leaves half of the room for all else.
  boolean offer(Encoded message) {
    if (bytes > 0 && bytes + message.bytes() > bytesMax / 2) {
      return false;
    }
    add(null, message);
    return true;
  }

  /// Takes what goes on in an instance or a world.
  ///
  /// @param fresh whether it starts with a snapshot
  void stream(Topic topic, List<Encoded> messages, boolean fresh) {
    if (fresh) {
      stale.remove(topic);
      began(topic);
    } else if (stale.contains(topic)) {
      return;
    }
    int size = messages.stream().mapToInt(Encoded::bytes).sum();
    if (bytes > 0 && bytes + size > bytesMax) {
      giveWay();
      stale.add(topic);
      return;
    }
    messages.forEach(message -> add(topic, message));
  }

  private void add(@Nullable Topic topic, Encoded message) {
    items.add(new Item(topic, message));
    bytes += message.bytes();
  }

  private void giveWay() {
    items.removeIf(item -> {
      Topic topic = item.topic();
      if (topic == null) {
        return false;
      }
      stale.add(topic);
      bytes -= item.message().bytes();
      return true;
    });
  }

  /// The next frame, if anything waits.
  Optional<Payload> take() {
    if (items.isEmpty()) {
      return Optional.empty();
    }
    List<Encoded> taken = new ArrayList<>(items.size());
    int size = 0;
    while (!items.isEmpty()
        && (taken.isEmpty() || size + items.peek().message().bytes() <= frameBytesMax)) {
      Encoded message = items.poll().message();
      size += message.bytes();
      taken.add(message);
    }
    bytes -= size;
    return Optional.of(Encoded.frame(taken));
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /// What stream must be begun anew, when there is room for it: one at a time.
  Optional<Topic> nextStale() {
    if (!items.isEmpty() || beginning != null || stale.isEmpty()) {
      return Optional.empty();
    }
    beginning = stale.iterator().next();
    return Optional.of(beginning);
  }

  private void began(Topic topic) {
    if (topic.equals(beginning)) {
      beginning = null;
    }
  }

  boolean isStale() {
    return !stale.isEmpty();
  }

  /// How many streams were dropped and have not begun anew.
  int staleStreams() {
    return stale.size();
  }

  /// Forgets what is followed no more.
  void leave(Topic topic) {
    stale.remove(topic);
    began(topic);
  }
}
