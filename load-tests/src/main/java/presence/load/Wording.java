package presence.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import presence.protocol.ClientMessage;
import presence.protocol.Codec;
import presence.protocol.ServerMessage;

/// Reads and writes frames for many clients of one node. A node sends most of them the same frames,
/// so each that is not a client's own is read once. Not for several threads.
public final class Wording {
  private static final int FRAME_CHARS_MAX = 16 << 20;
  private static final int DEPTH_MAX = 32;

  /// Those that are sent to many come within a moment; what is older is a client's own.
  private static final int KNOWN_MAX = 4_096;

  private final Codec codec = new Codec(FRAME_CHARS_MAX, DEPTH_MAX);
  private final Map<ByteBuffer, List<ServerMessage>> known = new HashMap<>();

  /// The messages of a frame's payload.
  public List<ServerMessage> read(ByteBuffer utf8) {
    if (known.size() >= KNOWN_MAX) {
      known.clear();
    }
    return known.computeIfAbsent(utf8, this::readOnce);
  }

  /// The same, for a frame that does not come again.
  public List<ServerMessage> readOnce(ByteBuffer utf8) {
    return codec.decodeServerFrame(StandardCharsets.UTF_8.decode(utf8.duplicate()).toString());
  }

  public String write(ClientMessage message) {
    return codec.encode(message);
  }
}
