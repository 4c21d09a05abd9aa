package presence.datagram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Optional;
import presence.protocol.ClientMessage.Stride;
import presence.protocol.InvalidMessage;
import presence.protocol.Spot;

/// The payload of [Kind#MOVE]: a `world:move`.
///
/// | bytes | |
/// |---|---|
/// | 8 | seq |
/// | 17 or 25 | pos, see [Spots] |
/// | 2 | length of the piece |
/// | … | piece, UTF-8 |
public final class MovePayload {
  private MovePayload() {}

  /// Without its `ref`: a datagram gets no answer.
  public static ByteBuffer write(Stride move) {
    byte[] piece = move.piece().getBytes(UTF_8);
    ByteBuffer payload =
        ByteBuffer.allocate(Long.BYTES + Spots.bytes(move.pos()) + Text.bytes(piece));
    payload.putLong(move.seq());
    Spots.write(move.pos(), payload);
    Text.write(piece, payload);
    return payload.flip();
  }

  /// Nothing when it is none.
  public static Optional<Stride> read(ByteBuffer payload) {
    if (payload.remaining() < Long.BYTES) {
      return Optional.empty();
    }
    long seq = payload.getLong();
    Spot pos = Spots.read(payload);
    String piece = pos == null ? null : Text.read(payload);
    if (pos == null || piece == null || payload.hasRemaining()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Stride(piece, pos, seq, null));
    } catch (InvalidMessage e) {
      return Optional.empty();
    }
  }
}
