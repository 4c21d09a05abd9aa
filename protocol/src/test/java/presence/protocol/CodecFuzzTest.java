package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.protocol.Frames.CODEC;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.protocol.Codec.Element;

/// Whatever a frame holds, it is decoded or refused, quickly. `-Dpresence.fuzz.seed=N` repeats a
/// run, `-Dpresence.fuzz.frames=N` makes it longer.
class CodecFuzzTest {
  private static final long SEED = Long.getLong("presence.fuzz.seed", 20_260_101);
  private static final int FRAMES = Integer.getInteger("presence.fuzz.frames", 20_000);

  @Test
  @Timeout(600)
  void aMutatedGoldenFrameIsDecodedOrRefused() {
    SplittableRandom seeds = new SplittableRandom(SEED);
    List<String> golden = Goldens.clientFrames();
    int decoded = 0;
    for (int i = 0; i < FRAMES; i++) {
      long seed = seeds.nextLong();
      String frame = new Mutations(new SplittableRandom(seed), golden).next();
      decoded += check(frame, seed);
    }
    assertThat(decoded).as("some survive, or this tests little").isGreaterThan(FRAMES / 50);
  }

  @Test
  void theWorstFramesOfSixtyFourKilobytesTakeNoLongerThanOthers() {
    int max = 65_536;
    List<String> worst =
        List.of(
            "[" + "{},".repeat(max / 3 - 2) + "{}]",
            "[" + "1,".repeat(max / 2 - 2) + "1]",
            "[".repeat(max),
            "{\"a\":".repeat(max / 5),
            "\"" + "\\u0000".repeat(max / 6 - 1) + "\"",
            "{\"type\":\"bye\",\"x\":\"" + "\\\\".repeat(max / 2 - 20) + "\"}",
            "{\"type\":\"" + "x".repeat(max - 20) + "\"}",
            "{\"type\":\"watch\",\"users\":[" + "\"\",".repeat(max / 3 - 20) + "\"\"]}",
            "9".repeat(max),
            " ".repeat(max));
    worst.forEach(CODEC::decodeFrame); // warm
    for (String frame : worst) {
      long started = System.nanoTime();
      CODEC.decodeFrame(frame);
      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .as(frame.substring(0, 20))
          .isLessThan(Duration.ofSeconds(1));
    }
  }

  /// How many messages it held.
  private static int check(String frame, long seed) {
    try {
      List<Element> elements = CODEC.decodeFrame(frame);
      assertThat(elements).isNotEmpty().hasSizeLessThanOrEqualTo(1 + frame.length());
      for (Element element : elements) {
        switch (element) {
          case Element.Refusal(ServerMessage.Error error) -> {
            assertThat(error.message()).hasSizeLessThan(300);
            assertThat(CODEC.decodeServerFrame(CODEC.encode(error))).containsExactly(error);
          }
          case Element.Message(ClientMessage message) ->
              assertThat(CODEC.decodeFrame(CODEC.encode(message))).containsExactly(element);
        }
      }
      return (int) elements.stream().filter(Element.Message.class::isInstance).count();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed %d: %s".formatted(seed, frame), e);
    }
  }
}
