package presence.datagram;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import presence.protocol.InvalidMessage;
import presence.protocol.Spot;

/// Places in a payload.
///
/// | bytes | |
/// |---|---|
/// | 1 | how many coordinates: 2 or 3 |
/// | 8 each | x, y, and z if there are three: IEEE 754 |
final class Spots {
  private Spots() {}

  static int bytes(Spot spot) {
    return 1 + (spot.z() == null ? 2 : 3) * Double.BYTES;
  }

  static void write(Spot spot, ByteBuffer into) {
    Double z = spot.z();
    into.put((byte) (z == null ? 2 : 3)).putDouble(spot.x()).putDouble(spot.y());
    if (z != null) {
      into.putDouble(z);
    }
  }

  /// Null when what follows is none.
  static @Nullable Spot read(ByteBuffer from) {
    byte coordinates = from.hasRemaining() ? from.get() : 0;
    if (coordinates < 2 || coordinates > 3 || from.remaining() < coordinates * Double.BYTES) {
      return null;
    }
    try {
      return new Spot(
          from.getDouble(), from.getDouble(), coordinates == 3 ? (Double) from.getDouble() : null);
    } catch (InvalidMessage e) {
      return null; // nowhere
    }
  }
}
