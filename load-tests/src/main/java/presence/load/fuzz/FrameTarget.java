package presence.load.fuzz;

import static presence.load.fuzz.Target.check;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.pekko.util.ByteString;
import presence.gateway.ws.frame.Deflate;
import presence.gateway.ws.frame.FrameDecoder;
import presence.gateway.ws.frame.Inbound;

/// The bytes of a WebSocket, on which compression was agreed or not: however they are cut, the same
/// comes of them, and something orderly.
public final class FrameTarget implements Target {
  private static final int LIMIT = 2_000;
  private static final int SESSION_BYTES_MAX = 16_000;
  private static final List<Integer> PIECES = List.of(1, 7, 400);
  private static final List<Integer> FIRST_BYTES =
      List.of(0x81, 0x81, 0x01, 0x00, 0x80, 0x82, 0x89, 0x8A, 0x88, 0xC1, 0xC1, 0x41, 0x83, 0x09);

  @Override
  public String name() {
    return "frames";
  }

  @Override
  public byte[] input(RandomGenerator random) {
    ByteBuffer session = ByteBuffer.allocate(SESSION_BYTES_MAX);
    Mutilation mutilation = new Mutilation(random);
    for (int frames = 1 + random.nextInt(6); frames > 0; frames--) {
      int first = mutilation.once(4) ? random.nextInt(256) : mutilation.one(FIRST_BYTES);
      frame(session, first, payload(mutilation, random), random.nextInt());
    }
    byte[] bytes = new byte[session.position()];
    session.flip().get(bytes);
    return mutilation.once(3) ? bytes : mutilation.bytes(bytes);
  }

  private static byte[] payload(Mutilation mutilation, RandomGenerator random) {
    String text = mutilation.once(2) ? "é✓👋" : "plain";
    byte[] payload =
        text.repeat(random.nextInt(mutilation.once(5) ? 250 : 24)).getBytes(StandardCharsets.UTF_8);
    byte[] sent =
        mutilation.once(3) ? Deflate.compressed(ByteString.fromArray(payload)).toArray() : payload;
    return mutilation.once(4) ? mutilation.bytes(sent) : sent;
  }

  private static void frame(ByteBuffer to, int first, byte[] payload, int mask) {
    to.put((byte) first);
    if (payload.length < 126) {
      to.put((byte) (0x80 | payload.length));
    } else {
      to.put((byte) (0x80 | 126)).putShort((short) payload.length);
    }
    to.putInt(mask);
    for (int i = 0; i < payload.length; i++) {
      to.put((byte) (payload[i] ^ mask >>> (24 - 8 * (i % 4))));
    }
  }

  @Override
  public void take(byte[] input) {
    take(input, false);
    take(input, true);
  }

  private static void take(byte[] input, boolean mayCompress) {
    List<Inbound> whole = decode(input, Math.max(1, input.length), mayCompress);
    for (int piece : PIECES) {
      List<Inbound> pieces = decode(input, piece, mayCompress);
      check(
          pieces.equals(whole),
          () -> "in pieces of %d: %s, at once: %s".formatted(piece, pieces, whole));
    }
    for (int i = 0; i < whole.size(); i++) {
      Inbound event = whole.get(i);
      boolean end = event instanceof Inbound.Close || event instanceof Inbound.Violation;
      check(
          !end || i == whole.size() - 1,
          () -> "something comes after the end: %s".formatted(whole));
      if (event instanceof Inbound.Text(String text)) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        check(length <= LIMIT, () -> "a text of %d bytes".formatted(length));
      }
    }
  }

  private static List<Inbound> decode(byte[] bytes, int pieceBytes, boolean mayCompress) {
    FrameDecoder decoder = new FrameDecoder(LIMIT, mayCompress);
    List<Inbound> events = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += pieceBytes) {
      ByteBuffer piece = ByteBuffer.wrap(bytes, at, Math.min(pieceBytes, bytes.length - at));
      for (Inbound event = decoder.next(piece); event != null; event = decoder.next(piece)) {
        events.add(event);
      }
    }
    return events;
  }
}
