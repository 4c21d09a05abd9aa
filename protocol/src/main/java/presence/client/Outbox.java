package presence.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import presence.protocol.Codec;

/// What waits to be sent, in order. Messages that are due together leave in one frame. Serial.
final class Outbox {
  static final int FRAME_BYTES = 65_536; // until a welcome says otherwise

  private final Deque<Entry> waiting = new ArrayDeque<>();
  private int frameBytesMax = FRAME_BYTES;

  /// @param alone it is a frame already, of whatever
  private record Entry(String text, int bytes, boolean alone) {}

  void limit(int frameBytes) {
    frameBytesMax = frameBytes;
  }

  void add(String message) {
    waiting.add(new Entry(message, bytes(message), false));
  }

  void addFrame(String frame) {
    waiting.add(new Entry(frame, 0, true));
  }

  /// The next frame, or null when nothing waits.
  @Nullable String next() {
    Entry first = waiting.poll();
    if (first == null || first.alone) {
      return first == null ? null : first.text;
    }
    List<String> messages = new ArrayList<>();
    messages.add(first.text);
    int bytes = first.bytes + "[]".length();
    for (Entry next = waiting.peek(); next != null && !next.alone; next = waiting.peek()) {
      bytes += next.bytes + ",".length();
      if (bytes > frameBytesMax) {
        break;
      }
      messages.add(next.text);
      waiting.remove();
    }
    return Codec.frame(messages);
  }

  /// How many bytes of UTF-8.
  static int bytes(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
    }
    return bytes;
  }
}
