package presence.load.peers;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What frames mean: many members are sent the same, which is read once.
public final class Memo {
  private static final int FRAMES_MAX = 4_096;

  private final Function<ByteBuffer, List<Heard>> reader;
  private final Map<ByteBuffer, List<Heard>> known = new HashMap<>();

  Memo(Function<ByteBuffer, List<Heard>> reader) {
    this.reader = reader;
  }

  List<Heard> read(ByteBuffer payload) {
    if (known.size() >= FRAMES_MAX) {
      known.clear();
    }
    return known.computeIfAbsent(payload, reader);
  }
}
