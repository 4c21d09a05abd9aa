package presence.gateway.ws.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Random sessions of a client: however they are cut, the same comes of them; whatever is changed
/// in them, something orderly comes. Each failure names the seed of its session.
@Timeout(60)
class FrameFuzzTest {
  private static final int LIMIT = 2_000;
  private static final int SESSIONS = 3_000;

  @Test
  void everyCutOfASessionGivesTheSameEvents() {
    for (int seed = 0; seed < SESSIONS; seed++) {
      Random random = new Random(seed);
      byte[] session = session(random);
      List<Inbound> whole = decode(session, session.length, new Random(seed));
      assertThat(decode(session, 1, random)).as("seed %d, bytes", seed).isEqualTo(whole);
      assertThat(decode(session, 7, random)).as("seed %d, small", seed).isEqualTo(whole);
      assertThat(decode(session, 500, random)).as("seed %d, large", seed).isEqualTo(whole);
    }
  }

  @Test
  void aChangedSessionNeverThrowsAndEndsOnce() {
    for (int seed = 0; seed < SESSIONS; seed++) {
      Random random = new Random(seed);
      byte[] session = session(random);
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        session[random.nextInt(session.length)] = (byte) random.nextInt(256);
      }
      assertOrderly(seed, session, random);
    }
  }

  @Test
  void noiseNeverThrows() {
    for (int seed = 0; seed < SESSIONS; seed++) {
      Random random = new Random(seed);
      byte[] noise = new byte[1 + random.nextInt(300)];
      random.nextBytes(noise);
      assertOrderly(seed, noise, random);
    }
  }

  private static void assertOrderly(int seed, byte[] bytes, Random random) {
    List<Inbound> events = new ArrayList<>();
    assertThatCode(() -> events.addAll(decode(bytes, 40, random)))
        .as("seed %d", seed)
        .doesNotThrowAnyException();
    assertThat(events.stream().limit(Math.max(0, events.size() - 1)))
        .as("seed %d: only the last event may be an end", seed)
        .noneMatch(event -> event instanceof Inbound.Close || event instanceof Inbound.Violation);
    for (Inbound event : events) {
      if (event instanceof Inbound.Text(String text)) {
        assertThat(text.getBytes(StandardCharsets.UTF_8))
            .as("seed %d", seed)
            .hasSizeLessThanOrEqualTo(LIMIT);
      }
    }
  }

  private static List<Inbound> decode(byte[] bytes, int pieceBytesMax, Random random) {
    FrameDecoder decoder = new FrameDecoder(LIMIT, true);
    List<Inbound> events = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(1 + random.nextInt(pieceBytesMax), bytes.length - at);
      ByteBuffer piece = ByteBuffer.wrap(bytes, at, length).asReadOnlyBuffer();
      for (Inbound event = decoder.next(piece); event != null; event = decoder.next(piece)) {
        events.add(event);
      }
      at += length;
    }
    return events;
  }

  private static byte[] session(Random random) {
    List<byte[]> frames = new ArrayList<>();
    for (int messages = 1 + random.nextInt(8); messages > 0; messages--) {
      switch (random.nextInt(6)) {
        case 0 -> frames.add(Frames.ping("p".repeat(random.nextInt(126))));
        case 1 -> frames.add(Frames.binary(new byte[random.nextInt(LIMIT + 1)]));
        case 2 -> fragments(random, frames);
        case 3 -> frames.add(Frames.compressed(text(random)));
        default -> frames.add(Frames.text(text(random)));
      }
    }
    if (random.nextBoolean()) {
      frames.add(Frames.close(4000 + random.nextInt(1000), "bye"));
    }
    return Frames.join(frames.toArray(byte[][]::new));
  }

  private static void fragments(Random random, List<byte[]> frames) {
    byte[] utf8 = text(random).getBytes(StandardCharsets.UTF_8);
    int first = 0x01;
    int at = 0;
    while (at < utf8.length) {
      int length = Math.min(random.nextInt(200), utf8.length - at);
      frames.add(Frames.frame(first, Arrays.copyOfRange(utf8, at, at + length)));
      if (random.nextInt(3) == 0) {
        frames.add(Frames.pong("between"));
      }
      first = 0x00;
      at += length;
    }
    frames.add(Frames.frame(0x80 | first, new byte[0]));
  }

  private static String text(Random random) {
    String piece = random.nextBoolean() ? "plain ascii of some length " : "é✓👋";
    return piece.repeat(random.nextInt(60));
  }
}
