package presence.datagram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import presence.protocol.ServerMessage.Moved;
import presence.protocol.Spot;
import presence.protocol.Step;

/// The payload of [Kind#MOVES]: a `world:moved`.
///
/// | bytes | |
/// |---|---|
/// | 2 | length of the piece |
/// | … | piece, UTF-8 |
/// | | then for each move, up to the end: |
/// | 2 | length of the avatar's id |
/// | … | id, UTF-8 |
/// | 8 | seq |
/// | 17 or 25 | pos, see [Spots] |
public final class MovesPayload {
  private MovesPayload() {}

  /// As few payloads as hold all of it, each a `world:moved` of its own. A move whose names alone
  /// would fill a datagram is in none; no name of this protocol is so long.
  public static List<ByteBuffer> write(Moved moved) {
    byte[] piece = moved.piece().getBytes(UTF_8);
    int begun = Text.bytes(piece);
    List<ByteBuffer> payloads = new ArrayList<>(1);
    if (begun > Datagram.PAYLOAD_BYTES_MAX) {
      return payloads;
    }
    ByteBuffer open = begin(piece);
    for (Step step : moved.moves()) {
      byte[] id = step.id().getBytes(UTF_8);
      int length = Text.bytes(id) + Long.BYTES + Spots.bytes(step.pos());
      if (length > open.remaining() && open.position() > begun) {
        payloads.add(open.flip());
        open = begin(piece);
      }
      if (length <= open.remaining()) {
        Text.write(id, open);
        open.putLong(step.seq());
        Spots.write(step.pos(), open);
      }
    }
    if (open.position() > begun) {
      payloads.add(open.flip());
    }
    return payloads;
  }

  private static ByteBuffer begin(byte[] piece) {
    ByteBuffer open = ByteBuffer.allocate(Datagram.PAYLOAD_BYTES_MAX);
    Text.write(piece, open);
    return open;
  }

  /// Nothing when it is none.
  public static Optional<Moved> read(ByteBuffer payload) {
    String piece = Text.read(payload);
    if (piece == null) {
      return Optional.empty();
    }
    List<Step> steps = new ArrayList<>();
    while (payload.hasRemaining()) {
      String id = Text.read(payload);
      if (id == null || payload.remaining() < Long.BYTES) {
        return Optional.empty();
      }
      long seq = payload.getLong();
      Spot pos = Spots.read(payload);
      if (pos == null) {
        return Optional.empty();
      }
      steps.add(new Step(id, pos, seq));
    }
    return Optional.of(new Moved(piece, steps));
  }
}
