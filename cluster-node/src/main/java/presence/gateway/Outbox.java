package presence.gateway;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one client has still to be sent, bounded in bytes.
///
/// When it overflows, the streams are what gives way: everything of a topic that waits is dropped,
/// the topic becomes *stale*, and nothing more of its stream is taken until a fresh snapshot begins
/// it anew. Answers are never dropped; when they alone overflow, the client is beyond help. One
/// message finds room in an empty outbox, however long it is.
final class Outbox {
  private record Item(@Nullable Topic topic, Batch batch) {}

  /// A stream that must be begun anew.
  ///
  /// @param ref of the request that is answered by that, if its answer was dropped
  record Stale(Topic topic, @Nullable String ref) {}

  private final int bytesMax;
  private final int frameBytesMax;
  private final ArrayDeque<Item> items = new ArrayDeque<>(4);
  private final Map<Topic, Stale> stale = new LinkedHashMap<>(0);
  private @Nullable Topic beginning;
  private int bytes;

  /// @param bytesMax what may wait
  /// @param frameBytesMax how much of it is joined into one frame, unless one message alone is
  ///   larger
  Outbox(int bytesMax, int frameBytesMax) {
    this.bytesMax = bytesMax;
    this.frameBytesMax = frameBytesMax;
  }

  int frameBytesMax() {
    return frameBytesMax;
  }

  /// Takes an answer, if there is room.
  ///
  /// @return whether there is; if not, the client must be given up
  boolean answer(Encoded message) {
    if (!hasRoom(message.bytes())) {
      giveWay();
    }
    boolean fits = hasRoom(message.bytes());
    if (fits) {
      add(null, new Batch(List.of(message)));
    }
    return fits;
  }

  private boolean hasRoom(int more) {
    return bytes == 0 || bytes + more <= bytesMax;
  }

  /// Takes what can be offered again later, if it leaves half of the room for all else.
  boolean offer(Encoded message) {
    if (bytes > 0 && bytes + message.bytes() > bytesMax / 2) {
      return false;
    }
    add(null, new Batch(List.of(message)));
    return true;
  }

  /// Takes what goes on in an instance or a world.
  ///
  /// @param fresh whether it starts with a snapshot
  void stream(Topic topic, Batch batch, boolean fresh) {
    Stale owed = null;
    if (fresh) {
      owed = stale.remove(topic);
      began(topic);
    }
    if (stale.containsKey(topic)) {
      drop(topic, batch);
    } else if (hasRoom(batch.bytes())) {
      add(topic, batch);
      if (owed != null && owed.ref() != null && !answers(batch, owed.ref())) {
        stale.put(topic, owed); // it began anew for another reason, and owes an answer still
      }
    } else {
      if (owed != null) {
        stale.put(topic, owed);
      }
      giveWay();
      drop(topic, batch);
    }
  }

  private static boolean answers(Batch batch, String ref) {
    return batch.messages().stream().anyMatch(each -> ref.equals(each.ref()));
  }

  /// The stream goes on without it. What asked for it is answered when the stream begins anew.
  private void drop(Topic topic, Batch batch) {
    Stale before = stale.get(topic);
    String ref = before == null ? null : before.ref();
    for (Encoded message : batch.messages()) {
      ref = message.ref() == null ? ref : message.ref();
    }
    stale.put(topic, new Stale(topic, ref));
  }

  /// What no frame holds is sent message by message.
  private void add(@Nullable Topic topic, Batch batch) {
    if (batch.bytes() <= frameBytesMax) {
      items.add(new Item(topic, batch));
    } else {
      batch.messages().forEach(each -> items.add(new Item(topic, new Batch(List.of(each)))));
    }
    bytes += batch.bytes();
  }

  private void giveWay() {
    items.removeIf(item -> {
      Topic topic = item.topic();
      if (topic == null) {
        return false;
      }
      drop(topic, item.batch());
      bytes -= item.batch().bytes();
      return true;
    });
  }

  /// The next frame, if anything waits.
  Optional<Payload> take() {
    if (items.isEmpty()) {
      return Optional.empty();
    }
    Batch first = items.remove().batch();
    int size = first.bytes();
    String openTo = first.openTo();
    int open = openBytes(first);
    List<Encoded> more = new ArrayList<>(0);
    while (!items.isEmpty() && joins(openTo, open, size, items.element().batch())) {
      Batch next = items.remove().batch();
      size += next.bytes();
      open += openBytes(next);
      openTo = Objects.equals(openTo, next.openTo()) ? openTo : null;
      more.addAll(next.messages());
    }
    bytes -= size;
    return Optional.of(more.isEmpty() ? first.frame() : frame(first, more));
  }

  /// What can be compressed is kept apart from what cannot, and from what others may read.
  ///
  /// @param openTo the instance whose members may read all of the frame so far
  /// @param open bytes of it that members of some instance may read
  private boolean joins(@Nullable String openTo, int open, int size, Batch next) {
    return size + next.bytes() <= frameBytesMax
        && (Objects.equals(openTo, next.openTo())
            || open + openBytes(next) < Payload.COMPRESSED_MIN);
  }

  private static int openBytes(Batch batch) {
    return batch.openTo() == null ? 0 : batch.bytes();
  }

  private static Payload frame(Batch first, List<Encoded> more) {
    more.addAll(0, first.messages());
    return Encoded.frame(more);
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /// What stream must be begun anew, when there is room for it: one at a time.
  Optional<Stale> nextStale() {
    if (!items.isEmpty() || beginning != null || stale.isEmpty()) {
      return Optional.empty();
    }
    Stale next = stale.values().iterator().next();
    beginning = next.topic();
    return Optional.of(next);
  }

  private void began(Topic topic) {
    if (topic.equals(beginning)) {
      beginning = null;
    }
  }

  boolean isStale() {
    return !stale.isEmpty();
  }

  boolean isStale(Topic topic) {
    return stale.containsKey(topic);
  }

  /// How many streams were dropped and have not begun anew.
  int staleStreams() {
    return stale.size();
  }

  /// Forgets what is followed no more. What waits of it was due before that, and does not give way.
  void leave(Topic topic) {
    for (int left = items.size(); left > 0; left--) {
      Item item = items.remove();
      items.add(topic.equals(item.topic()) ? new Item(null, item.batch()) : item);
    }
    stale.remove(topic);
    began(topic);
  }
}
